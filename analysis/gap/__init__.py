"""The knee gap in metres with its standard deviation (`docs/method.md`).

In the order data flows: `heading` (what the thighs' directions say), `flex` (what the cord says), `touches` (do the
knees touch), `gap_slips` and `raised_thigh` (when not to listen), `gap_calibration` (touch and spacer),
`gap_ticks`, `gap_filter` and `following` (the slow errors), `gap_channels` (the gap row by row), `live_gap` (all of it,
live), `hindsight` and `smoothing` (the final look back), `range_alone` (the gap where a range finder is all there is).
"""
