"""What a session starts from: what is remembered of its straps and its wearer, the less sure the older it is.

Invariant: nothing is surer than one session may be of the next.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import numpy as np

from analysis.gap.gap_calibration import GapCalibrationParams
from analysis.gap.gap_filter import SCALE
from analysis.gap.learned import LEARNED, Learned
from analysis.gap.live_gap import GapParams
from analysis.priors import Priors
from analysis.straps.gyro_bias import GyroBias, aged
from monitor.memory.kept import calibration_file, calibrations_folder, read_calibration, read_strap, strap_file
from sensor.samples import Placement
from sensor.wearer import Wearer

DAY_S = 86400.0
# What changes from day to day, in the order of `analysis.gap.learned.LEARNED`: the sizes as good as nothing, the cord
# with its age, and with how the straps sit what pressing does.
DAILY_SD = np.array([0.005, 290.0, 0.05, 0.1, 0.01, 20.0])


def recalled(
    home: Path, worn_by: str, serials: Mapping[Placement, str], now: datetime, wearer: Wearer | None = None
) -> Priors:
    """What is known before a session with these straps, `wearer` being who is taped as he is now."""
    biases: dict[Placement, GyroBias] = {}
    for placement, serial in serials.items():
        strap = read_strap(strap_file(home, serial)) if serial else None
        if strap is not None and strap.serial == serial:
            biases[placement] = aged(strap.bias, days_since(strap.updated, now))
    calibration = read_calibration(calibration_file(home, worn_by, serials))
    if calibration is None or calibration.serials != dict(serials):
        return Priors(biases)
    gap = of_femur(calibration.gap, calibration.femur_m, taped_femur_m(wearer))
    return Priors(
        biases,
        calibration.mountings,
        None if gap is None else aged_learned(gap, days_since(calibration.updated, now)),
    )


def taped_femur_m(wearer: Wearer | None) -> float:
    """The femur that the gap is computed with."""
    return wearer.femur_m if wearer else GapParams().femur_m


def of_femur(gap: Learned | None, from_m: float | None, to_m: float) -> Learned | None:
    """What was learned beside one taped femur, beside another: the true one stays what it was."""
    if gap is None or from_m is None:
        return gap
    mean = gap.mean.copy()
    mean[LEARNED.index(SCALE)] += float(np.log(from_m / to_m))
    return Learned(mean, gap.covariance)


def last_calibrated(home: Path, worn_by: str) -> datetime | None:
    """When straps were last calibrated on this wearer, so that a touch alone is enough to start with them again."""
    folder = calibrations_folder(home, worn_by)
    kept = [read_calibration(path) for path in sorted(folder.glob("*.json"))] if folder.is_dir() else []
    return max((k.updated for k in kept if k is not None), default=None)


def days_since(then: datetime, now: datetime) -> float:
    """Days that have passed; none where the clock was set back."""
    return max((now - then).total_seconds() / DAY_S, 0.0)


def aged_learned(learned: Learned, days: float) -> Learned:
    """The same so many days later: a day less sure at least, and never less sure than of anybody."""
    covariance = learned.covariance + np.diag(DAILY_SD**2) * max(days, 1.0)
    p = GapCalibrationParams()
    anybody = np.array(
        [
            p.femur_log_sd,
            p.slope_sd_counts_m,
            p.length_log_sd,
            p.creep_sd,
            p.heading_shift_sd_rad,
            p.floor_shift_sd_counts,
        ]
    )
    shrink = np.minimum(1.0, anybody / np.sqrt(np.diag(covariance)))
    return Learned(learned.mean, covariance * np.outer(shrink, shrink))
