"""How the straps sit on the body, from the calibration, and the motion of segments that follows.

`mounting` (the rotation from strap to segment), `legs` (which strap sits on which leg), `calibration` (when it becomes
known), `calibration_findings` (what is implausible about it), `segments` (motion of the aligned segments).
"""
