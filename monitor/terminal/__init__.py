"""The terminal as a screen.

`keys` (single keys, without echo), `chart` (the last minute in blocks), `view` (a session as the window shows it),
`replay` (a recorded one).
"""
