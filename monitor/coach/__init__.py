"""Guides the wearer through calibration and exercise, driven by sample time alone, so that it replays exactly.

In the order of use: `plan` (an exercise as its TOML file describes it), `signals` (what the coach sees and says),
`phases` (one phase's progress), `cues` (when to correct), `coach` (the order of phases, pauses, pain), and the
files in `exercises/`.
"""
