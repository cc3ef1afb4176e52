"""The true gap of a virtual person, kept while he lives.

Invariant: one row per 10 ms of the person's clock.
"""

from dataclasses import dataclass

import numpy as np

from sensor.samples import Floats, Placement


@dataclass(frozen=True, slots=True)
class TruthTicks:
    """True figures at 100 Hz on the person's clock; tension relative to donning, without what muscle adds."""

    time_s: Floats  # (m,)
    gap_m: Floats  # (m,) never below 0
    contact_n: Floats  # (m,)
    tension: dict[Placement, Floats]


def join_truth(parts: list[TruthTicks]) -> TruthTicks:
    """Successive pieces as one."""
    return TruthTicks(
        np.concatenate([p.time_s for p in parts]),
        np.concatenate([p.gap_m for p in parts]),
        np.concatenate([p.contact_n for p in parts]),
        {name: np.concatenate([p.tension[name] for p in parts]) for name in parts[0].tension},
    )
