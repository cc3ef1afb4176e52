"""What the whole body does: postures, repetitions, steps and the check.

`body_ticks` (thighs and gravity ten times a second), `postures`, `check_cord` and `check` (the standing measurement),
`body` (all of it, with `analysis.exercises`).
"""
