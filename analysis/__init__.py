"""Samples to knee gap, and from it holds, repetitions, tightness and causes of drift. No I/O, no clock, no Qt.

In the order data flows, each package listing its own modules:

- `straps`: each strap's samples timed, oriented and on one grid;
- `alignment`: how the straps sit, and the `motion` of segments that follows;
- `gap`: the knee gap with its standard deviation, live and smoothed;
- told from both, in beats of 0.2 s (`beat`): `movement` (postures and the check) with `exercises`, `holds`, `drift`.

`chain` runs what needs the alignment, `pipeline` all; `results` and `update` are what comes out, `params` what goes in,
`stage` what each stage promises, `quaternion` the arithmetic of rotations.
"""
