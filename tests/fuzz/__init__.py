"""Everything that reads bytes from outside, fed with bytes nobody meant: `make fuzz` prints what came of it.

`shapes` (bytes as what a reader takes), `targets` (the readers with good inputs to begin from), `mutations`, `watch`
(one input: only declared errors, in time, without memory growth), `guided` (by coverage), `__main__` (all of them).
"""
