"""Columns that are plainly in another unit than their name says: g for m/s², degrees for radians.

Invariant: only what no person can do is refused.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from sensor.errors import UnusableColumn
from sensor.samples import Floats, Placement, SampleBlock
from sensor.tables.columns import ACC, GYR

# A typical length of the specific force in this range is 1 g written as 1.
_G_RANGE = (0.8, 1.25)
# No gyroscope of a strap shows more, and no thigh turns so fast but in a fall.
_FASTEST_RAD_S = 40.0
# Over so long a strap's turn and the way of its gravity are compared, where gravity goes a clear way.
_SPAN_S = 1.0
_CLEAR_RAD = 0.15
# Turns about the vertical, which gravity does not show, make the turn a few times longer; degrees make it 57 times.
_TURN_PER_TILT = 15.0
_FEWEST_TURNS = 3
_LARGEST = 1e6


def refuse_gravities(path: Path, columns: Mapping[str, Floats]) -> None:
    """`UnusableColumn` where the specific force is in g."""
    length = np.hypot(np.hypot(columns[ACC[0]], columns[ACC[1]]), columns[ACC[2]])
    typical = float(np.nanmedian(length)) if np.isfinite(length).any() else np.nan
    if _G_RANGE[0] < typical < _G_RANGE[1]:
        raise UnusableColumn(path, ACC[0], f"looks like g (typical length {typical:.2f}), m/s² are wanted")


def refuse_degrees(path: Path, straps: Mapping[Placement, SampleBlock]) -> None:
    """`UnusableColumn` where a strap turns in degrees: far faster than its gravity shows, or than anything can."""
    for placement, block in straps.items():
        fastest = np.abs(block.gyr_rad_s).max(axis=1)
        fastest = fastest[np.isfinite(fastest)]
        if len(fastest) and (np.percentile(fastest, 99) > _FASTEST_RAD_S or _turn_per_tilt(block) > _TURN_PER_TILT):
            raise UnusableColumn(path, GYR[0], f"looks like degrees a second ({placement}), rad/s are wanted")


def _turn_per_tilt(block: SampleBlock) -> float:
    """How many times further the strap turned by its gyroscope than by its gravity; 0 where nothing turned."""
    n = max(round(_SPAN_S * block.rate_hz), 1)
    whole = len(block) // n * n
    gyr, acc = (np.clip(x[:whole], -_LARGEST, _LARGEST).reshape(-1, n, 3) for x in (block.gyr_rad_s, block.acc_m_s2))
    turned = np.sqrt(np.square(gyr.mean(axis=1) * _SPAN_S).sum(axis=1))
    few = max(n // 5, 1)
    before, after = (_directions(x) for x in (acc[:, :few].mean(axis=1), acc[:, -few:].mean(axis=1)))
    tilted = np.arccos(np.clip((before * after).sum(axis=1), -1.0, 1.0))
    clear = (tilted > _CLEAR_RAD) & np.isfinite(turned)
    return float(np.median(turned[clear] / tilted[clear])) if clear.sum() >= _FEWEST_TURNS else 0.0


def _directions(vectors: Floats) -> Floats:
    return vectors / np.maximum(np.sqrt(np.square(vectors).sum(axis=1)), 1e-9)[:, None]
