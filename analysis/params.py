"""All parameters of the analysis in one tree.

Invariant: every default is a constant of physics, a data sheet's figure or documented in `docs/method.md`.
"""

from dataclasses import dataclass, field

from analysis.alignment.calibration import CalibrationParams
from analysis.drift.causes import DriftParams
from analysis.gap.live_gap import GapParams
from analysis.holds.counted_holds import HoldParams
from analysis.movement.body import BodyParams
from analysis.straps.strap_grid import StrapGridParams


@dataclass(frozen=True, slots=True)
class AnalysisParams:
    """Parameters of every stage."""

    straps: StrapGridParams = field(default_factory=StrapGridParams)
    calibration: CalibrationParams = field(default_factory=CalibrationParams)
    gap: GapParams = field(default_factory=GapParams)
    holds: HoldParams = field(default_factory=HoldParams)
    drift: DriftParams = field(default_factory=DriftParams)
    body: BodyParams = field(default_factory=BodyParams)
