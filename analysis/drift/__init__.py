"""Causes of drift and the straps' tension.

In the order data flows: `strap_blocks` and `gap_seconds` (what is looked at), `donned_tension` and `tightness`,
`slip_signs` and `slips`, `tension_changes`, `openings`, `drift_series`, `causes` (all gathered).
"""
