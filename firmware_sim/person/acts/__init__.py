"""How a virtual person does what it is asked to do.

`acting` (what acts work with), then an act per `Action`: `preparing`, `pressing`, `seated`, `standing`, `lying`,
`walking`; `repertoire` finds the act.
"""
