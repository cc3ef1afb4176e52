"""A guided session from choice to end.

In the order it goes: `one_at_a_time`, `start` (what is offered), `own_settings` (who he is and what he settled,
as `own_texts` he types), `spacer` (what he calibrates with), `resume` (what fell short), `worn_straps` (which
devices), `broken_off` (what they may hold still of a session that was killed), `prepared` (what was chosen), `guide`
(the session as a whole); and without hardware `simulated_straps`, `simulated_wearer` and `key_presser` (who wears
them).
"""
