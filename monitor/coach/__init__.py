"""Guides the wearer through calibration and exercise, driven by sample time alone, so that it replays exactly.

In the order of use: `plan` (an exercise as its TOML file describes it), `pictures` (what is drawn of it),
`plan_files` (where that is), `plan_needs` (what it cannot do without), `plans` (out of their files), `plan_words`,
`signals` (what the coach sees and says), `steps` (the phases of a session in order), `progress` and `poses`, `phases`
(one phase's progress), `asked` (mistakes against what was asked), `cues` (when to correct), `worn_wrong` (straps that
are), `questions`, `attendance` (pauses, and who left), `coach` (all of it), `advice` (what is said at the end),
`safety` (answers that are kept), and the files in `exercises/`.
"""
