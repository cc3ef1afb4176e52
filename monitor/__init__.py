"""What the person meets: command line, live window, coach, sound, history, reports.

In the order a session goes: `cli` (commands), `guided` (a session from choice to end) with its `session` (straps to
folder) and `coach` (phases, cues, safety), shown through `board` and `live_buffer` by `live_window` or `terminal`,
heard through `sound`; then `store` (folders on disk), `results`, `memory` (what the next session knows), `report`,
`exports`, `history` and `day_plan`. What people settled: `settings`, `config` and `amended` (TOML, read
and changed). Words: `language`, `locale`, `wording`.
"""
