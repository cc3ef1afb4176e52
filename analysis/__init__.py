"""Samples to knee gap, and from it holds, repetitions, tightness and causes of drift. No I/O, no clock, no Qt.

In the order data flows: `timebase`, `orientation`, `alignment`, `motion` (all segments on one grid), `heading`,
`gap`, `postures`, `holds`, `exercises`, `tightness`, `drift`, `results`; `pipeline` chains them.
"""
