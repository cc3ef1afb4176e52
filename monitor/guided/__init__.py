"""A guided session from choice to end.

In the order it goes: `one_at_a_time`, `start` (what is offered), `resume` (what was broken off), `worn_straps` (which
devices), `prepared` (what was chosen), `guide` (the session as a whole), `simulated_wearer` (who wears it without
hardware).
"""
