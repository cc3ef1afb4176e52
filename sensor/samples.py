"""Timestamped samples of a strap in SI units.

Invariant: every array of a block has the same length N and counts are already SI; NaN means "no value there".
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Placement(StrEnum):
    """Where a strap sits on the body."""

    LEFT_THIGH = "left_thigh"
    RIGHT_THIGH = "right_thigh"
    LEFT_SHANK = "left_shank"
    RIGHT_SHANK = "right_shank"
    LEFT_FOOT = "left_foot"
    RIGHT_FOOT = "right_foot"
    PELVIS = "pelvis"


THIGHS = (Placement.LEFT_THIGH, Placement.RIGHT_THIGH)


@dataclass(frozen=True, slots=True)
class SampleBlock:
    """Samples of one strap in order of arrival.

    `sample` counts at the nominal rate, never wraps and jumps where samples were lost; resent samples come later
    with their old numbers. `device_s` is the strap's own clock, `arrival_s` the host's (session zero at 0).
    `acc_m_s2` is specific force (+9.81 upwards at rest). `q_start_from_strap` (w x y z) is the orientation that the
    strap integrated at its own rate since it started, NaN where the strap sent none.
    `flex` and `tension` are raw counts.
    """

    placement: Placement
    rate_hz: float
    sample: Ints  # (N,)
    device_s: Floats  # (N,)
    arrival_s: Floats  # (N,)
    acc_m_s2: Floats  # (N, 3)
    gyr_rad_s: Floats  # (N, 3)
    temperature_c: Floats  # (N,)
    flex: Floats  # (N,)
    tension: Floats  # (N,)
    range_m: Floats  # (N,)
    q_start_from_strap: Floats  # (N, 4)

    def __post_init__(self) -> None:
        n = len(self.sample)
        for name, columns in ARRAYS.items():
            shape = getattr(self, name).shape
            if shape != (n, *columns):
                raise ValueError(f"{name} has shape {shape}, expected {(n, *columns)}")

    def __len__(self) -> int:
        return len(self.sample)

    def take(self, index: slice | Ints | NDArray[np.bool_]) -> Self:
        """The rows that `index` selects, in its order."""
        rows = {name: getattr(self, name)[index] for name in ARRAYS}
        return type(self)(placement=self.placement, rate_hz=self.rate_hz, **rows)


# Of each array, the lengths behind the first.
ARRAYS: Mapping[str, tuple[int, ...]] = {
    f.name: {"acc_m_s2": (3,), "gyr_rad_s": (3,), "q_start_from_strap": (4,)}.get(f.name, ())
    for f in fields(SampleBlock)
    if f.name not in ("placement", "rate_hz")
}


def empty_block(placement: Placement, n: int = 0, rate_hz: float = 100.0) -> SampleBlock:
    """A block of `n` samples, numbered from 0 and timed at `rate_hz`, without any measured value."""
    sample = np.arange(n, dtype=np.int64)
    return unmeasured_block(placement, rate_hz, sample, sample / rate_hz, sample / rate_hz)


def unmeasured_block(
    placement: Placement, rate_hz: float, sample: Ints, device_s: Floats, arrival_s: Floats
) -> SampleBlock:
    """A block of samples with these numbers and times, without any measured value."""
    n = len(sample)
    return SampleBlock(
        placement=placement,
        rate_hz=rate_hz,
        sample=sample,
        device_s=device_s,
        arrival_s=arrival_s,
        acc_m_s2=np.full((n, 3), np.nan),
        gyr_rad_s=np.full((n, 3), np.nan),
        temperature_c=np.full(n, np.nan),
        flex=np.full(n, np.nan),
        tension=np.full(n, np.nan),
        range_m=np.full(n, np.nan),
        q_start_from_strap=np.full((n, 4), np.nan),
    )


def join(blocks: list[SampleBlock]) -> SampleBlock:
    """Blocks of one strap, one after another, as one block."""
    first = blocks[0]
    rows = {name: np.concatenate([getattr(b, name) for b in blocks]) for name in ARRAYS}
    return SampleBlock(placement=first.placement, rate_hz=first.rate_hz, **rows)
