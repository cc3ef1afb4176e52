"""A session from the straps to its folder, live or replayed.

In the order data flows: `gathering` (which packets are worked on together), `reception` (radio events to disk, then to
samples), `stillness` (is a strap still?), `worn_analysis` (samples to results, whichever leg a strap sits on), `course`
(samples to coach, analysis and board), `buzzing` (cues that are felt), `legs` (swapped straps), `live` (the asyncio
side), `replayed` (the same from a recording), `player` (its clock).
"""
