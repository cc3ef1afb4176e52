"""Counted clamps by the contract's rule.

`gap_spans` (closed, open, undecided), `hold_bar` (where closeness is no clamp), `counted_holds` (the rule).
"""
