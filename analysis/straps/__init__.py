"""Each strap's arrived samples, timed, oriented and on one grid: the causal front of the analysis.

In the order data flows: `timebase` (session times), `gyro_bias` and `bias_now` (the gyroscope's bias from memory and
table), `bridge` and `holes` (what was lost), `orientation` (rotation from strap to earth), `grid` (rows of all straps
on common ticks), `strap_grid` (all of them chained), `silence` and `quality` (what did not arrive).
"""
