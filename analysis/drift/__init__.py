"""Causes of drift and the straps' tension.

In the order data flows: `strap_blocks` and `gap_seconds` (what is looked at), `donned_tension` and `tightness`,
`slip_signs` and `slips`, `slip_watch` (blocks, tension and slips, worked out once for the gap and the causes),
`tension_changes`, `openings`, `drift_series`, `causes` (all gathered).
"""
