"""Samples to knee gap, and from it holds, repetitions, tightness and causes of drift. No I/O, no clock, no Qt.

In the order data flows:

- all straps on one grid: `timebase`, `holes`, `orientation`, `grid`, `silence`, `quality`, chained in `strap_grid`;
- motion of segments: `alignment` with `calibration_findings`, `segments`, `motion`, chained in `calibration`;
- the gap: `touches`, `heading`, `flex`, `gap_ticks`, `gap_calibration`, `gap_filter`, `gap_slips`, `gap_channels`,
  chained in `gap`; `smoothing` for the final one;
- what is told from both, in beats of 0.2 s (`beat`): `hold_bar`, `gap_spans`, `holds`; `postures`, `exercises`,
  `check`, chained in `body`; `tightness`, `tension_changes`, `slips`, `openings`, chained in `drift`.

`chain` runs what needs the alignment, `pipeline` all; `results` and `update` are what comes out, `params` what goes in,
`stage` what each of them promises.
"""
