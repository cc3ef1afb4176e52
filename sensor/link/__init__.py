"""Straps on the air.

From the outside in: `straps` (all of a session), `strap_stream` (one of them, through every loss), `strap` (one
connection), `scan`; `missing` and `unheard` (what to ask for again), `patience` (how long to wait), `link_events` and
`link_quality` (what is told of it), `bluez` (what bleak leaves unsaid to it), `bleak_errors` (bleak's errors as ours),
`ended_tasks`, `host_clock` (the time of all this).
"""
