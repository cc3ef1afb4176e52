"""What analysis makes of a stored session, kept beside its recording.

In the order data flows: `exercised` (what of it was exercise), `summary` and `summary_lines` (as an object, as text),
`analysis_code` (which analysis it was), `analyzed` (done and kept), `reanalysis` and `catch_up` (done again).
"""
