"""Orientations of the worn segments as OpenSim storage (`.sto`), for its inverse kinematics with IMUs.

Format: OpenSim's TimeSeriesTable of quaternions (OpenSim documentation, "OpenSense: IMU data", DataType=Quaternion).
Bodies have OpenSim's axes (x forward, y up along the segment, z to the right), the ground has y up. Headings are the
straps' own: without a magnetometer they drift against each other, so the table suits tilt and short movements.
"""

from pathlib import Path

import numpy as np

from analysis.motion import GRID_HZ, Motion
from analysis.quaternion import multiply
from monitor.owner_files import write_text
from sensor.samples import Floats, Placement

BODIES = {
    Placement.PELVIS: "pelvis_imu",
    Placement.LEFT_THIGH: "femur_l_imu",
    Placement.RIGHT_THIGH: "femur_r_imu",
    Placement.LEFT_SHANK: "tibia_l_imu",
    Placement.RIGHT_SHANK: "tibia_r_imu",
    Placement.LEFT_FOOT: "calcn_l_imu",
    Placement.RIGHT_FOOT: "calcn_r_imu",
}
# A quarter turn about x takes z-up axes (x forward, y left) to y-up axes (x forward, z right), for ground and body.
_YUP_FROM_ZUP = np.array([[np.sqrt(0.5), -np.sqrt(0.5), 0.0, 0.0]])
_ZUP_FROM_YUP = _YUP_FROM_ZUP * np.array([1.0, -1.0, -1.0, -1.0])


def write_opensim(path: Path, motion: Motion) -> None:
    """Writes the ticks at which every worn segment is known; `NotWritable` or `DiskFull` where it cannot."""
    worn = [p for p in BODIES if p in motion.segments and np.isfinite(_quaternions(motion, p)).any()]
    turned = [opensim_quaternions(_quaternions(motion, p)) for p in worn]
    known = np.isfinite(np.hstack(turned)).all(axis=1) if turned else np.zeros(len(motion), dtype=bool)
    lines = [
        "knee_gap_monitor",
        f"DataRate={GRID_HZ:.6f}",
        "DataType=Quaternion",
        "version=3",
        "OpenSimVersion=4.5",
        "endheader",
        "\t".join(["time", *(BODIES[p] for p in worn)]),
    ]
    texts = [_texts(q[known]) for q in turned]
    for time_s, *row in zip(motion.time_s[known].tolist(), *texts, strict=True):
        lines.append("\t".join([f"{time_s:.3f}", *row]))
    write_text(path, "\n".join(lines) + "\n")


def opensim_quaternions(q_earth_from_segment: Floats) -> Floats:
    """Orientation (N, 4) of segments with z up, as of bodies with y up in a ground with y up."""
    return multiply(multiply(_YUP_FROM_ZUP, q_earth_from_segment), _ZUP_FROM_YUP)


def _quaternions(motion: Motion, placement: Placement) -> Floats:
    return motion.segments[placement].q_earth_from_segment


def _texts(q: Floats) -> list[str]:
    return [f"{w:.6f},{x:.6f},{y:.6f},{z:.6f}" for w, x, y, z in q.tolist()]
