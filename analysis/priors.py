"""What earlier sessions taught, as a session starts from it, and as its recording keeps it: JSON.

Invariant: what was read is what was written, to the last bit, so that a replay computes with the same numbers.
"""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np

from analysis.alignment.mounting import CalibrationPosture, StrapAlignment
from analysis.gap.learned import LEARNED, Learned
from analysis.straps.gyro_bias import GyroBias
from analysis.straps.orientation import TableRecord
from sensor.exchanged import exchanged
from sensor.samples import Floats, Placement

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Priors:
    """Gyroscopes, mountings of the last calibration, and what the gap's filter learned; each as far as it is known."""

    biases: Mapping[Placement, GyroBias] = field(default_factory=dict[Placement, GyroBias])
    mountings: Mapping[Placement, StrapAlignment] = field(default_factory=dict[Placement, StrapAlignment])
    gap: Learned | None = None


NO_PRIORS = Priors()


def exchanged_priors(priors: Priors) -> Priors:
    """The same for straps that turned out to sit on each other's legs: how they sat before says nothing."""
    return Priors(exchanged(priors.biases), {}, priors.gap)


@dataclass(frozen=True, slots=True)
class Taught:
    """What a session teaches: table records, whose memory was contradicted, and what the gap's filter learned."""

    tables: Mapping[Placement, Sequence[TableRecord]]
    outvoted: tuple[Placement, ...]
    gap: Learned | None


def priors_text(priors: Priors) -> str:
    """The priors as JSON."""
    content = {
        "biases": {str(p): bias_fields(b) for p, b in priors.biases.items()},
        "mountings": {str(p): mounting_fields(m) for p, m in priors.mountings.items()},
        "gap": None if priors.gap is None else learned_fields(priors.gap),
    }
    return json.dumps(content)


def priors_of(text: str) -> Priors:
    """What such a text says; nothing where it is empty or damaged."""
    if not text:
        return NO_PRIORS
    try:
        content = fields_of(json.loads(text))
        biases = fields_of(content["biases"])
        mountings = fields_of(content["mountings"])
        gap = content["gap"]
        return Priors(
            {Placement(p): bias_of(fields_of(b)) for p, b in biases.items()},
            {Placement(p): mounting_of(fields_of(m)) for p, m in mountings.items()},
            None if gap is None else learned_of(fields_of(gap)),
        )
    except (ValueError, KeyError, TypeError) as error:
        _log.warning("what the session remembered cannot be used: %s", error)
        return NO_PRIORS


def fields_of(value: object) -> dict[str, object]:
    """A JSON object's members; `TypeError` where it is none."""
    if not isinstance(value, dict):
        raise TypeError(f"{value!r} is no object")
    return cast(dict[str, object], value)


def numbers_of(value: object, *shape: int) -> Floats:
    """Finite numbers of this shape; `ValueError` or `TypeError` where they are none."""
    numbers = np.asarray(value, dtype=np.float64)
    if numbers.shape != shape or not np.isfinite(numbers).all():
        raise ValueError(f"{shape} finite numbers are wanted")
    return numbers


def number_of(value: object) -> float:
    """A finite number."""
    return float(numbers_of(value))


def bias_fields(bias: GyroBias) -> dict[str, object]:
    """A gyroscope's bias for JSON."""
    return {
        "reference_c": bias.reference_c,
        "bias_rad_s": bias.bias_rad_s.tolist(),
        "per_k": bias.per_k.tolist(),
        "covariance": bias.covariance.tolist(),
        "records": bias.records,
    }


def bias_of(content: Mapping[str, object]) -> GyroBias:
    """The bias that JSON says."""
    return GyroBias(
        number_of(content["reference_c"]),
        numbers_of(content["bias_rad_s"], 3),
        numbers_of(content["per_k"], 3),
        _covariance(content["covariance"], 2),
        round(number_of(content["records"])),
    )


def mounting_fields(mounting: StrapAlignment) -> dict[str, object]:
    """How a strap sat, for JSON."""
    return {
        "q_strap_from_segment": mounting.q_strap_from_segment.tolist(),
        "sd_rad": mounting.sd_rad.tolist(),
        "strap_from_hip_m": mounting.strap_from_hip_m.tolist(),
        "posture": str(mounting.posture),
    }


def mounting_of(content: Mapping[str, object]) -> StrapAlignment:
    """The mounting that JSON says; its knee axis is not of this session."""
    q = numbers_of(content["q_strap_from_segment"], 4)
    if abs(float(q @ q) - 1.0) > 1e-6:
        raise ValueError("a rotation is wanted")
    return StrapAlignment(
        q,
        numbers_of(content["sd_rad"], 3),
        numbers_of(content["strap_from_hip_m"], 3),
        CalibrationPosture(str(content["posture"])),
        knee_axis_seen=False,
    )


def learned_fields(learned: Learned) -> dict[str, object]:
    """What the gap's filter learned, for JSON."""
    return {"mean": learned.mean.tolist(), "covariance": learned.covariance.tolist()}


def learned_of(content: Mapping[str, object]) -> Learned:
    """The same from JSON."""
    return Learned(numbers_of(content["mean"], len(LEARNED)), _covariance(content["covariance"], len(LEARNED)))


def _covariance(value: object, n: int) -> Floats:
    covariance = numbers_of(value, n, n)
    if np.linalg.eigvalsh((covariance + covariance.T) / 2).min() <= 0:
        raise ValueError("a covariance is wanted")
    return covariance
