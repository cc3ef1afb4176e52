"""A virtual person: what he is asked, how he moves, and what really happened.

In the order data flows: `actions` (what can be asked), `build` (sizes and temperament), `course`, `pose`, `acts` (how
it is done), `gait`, `wearer` (the body), `diary` and `truth_ticks` (the truth), `virtual_person` (all of it, with
straps on). `streams` is chance, `quaternion` rotations.
"""
