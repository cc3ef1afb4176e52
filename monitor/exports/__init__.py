"""A session in the formats that other people's tools read.

`tables` (the contract's CSV), `arrow` (typed columns), `recording_files` (samples, markers and wearer as `import` takes
them back), `matlab`, `edf`, `opensim`, `identity` (what must not leave with an anonymous export), `formats` (which of
them an export writes).
"""
