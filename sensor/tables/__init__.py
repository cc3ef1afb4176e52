"""Sessions of other programs as tables, to samples and back.

In the order data flows: `columns` (of a file), `plausible_units`, `empty_cells`, `sample_times`, `recording_table` (the
table whole), `marker_table`, `wearer_file`, `imported` (all of a session).
"""
