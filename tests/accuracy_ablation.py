"""What each part of the gap's model is worth: the same sessions with one lever off in turn.

A lever that changes nothing on any of them has no place in the product.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from analysis.gap.gap_filter import GapFilterParams
from analysis.params import AnalysisParams
from sensor.markers import Label
from sensor.recorded import Recorded
from tests.accuracy_targets import LOSSY, Figures, least, median, named, pooled, variant, worst

AS_IS = "as it is"
LIVE = "live: no smoother"
NEVER = 1e9

Lever = Callable[[Recorded, AnalysisParams], tuple[Recorded, AnalysisParams]]


def unmarked(label: Label) -> Lever:
    """Without the markers of this label."""
    return lambda recorded, params: (
        replace(recorded, markers=tuple(m for m in recorded.markers if m.label != label)),
        params,
    )


def filtered(change: Callable[[GapFilterParams], GapFilterParams]) -> Lever:
    """With another filter of heading and cord."""
    return lambda recorded, params: (
        recorded,
        replace(params, gap=replace(params.gap, filter=change(params.gap.filter))),
    )


def untouched(recorded: Recorded, params: AnalysisParams) -> tuple[Recorded, AnalysisParams]:
    """No touch is ever told, live or looking back."""
    gap = params.gap
    touches = replace(gap.touches, change_odds=NEVER)
    return recorded, replace(
        params, gap=replace(gap, touches=touches, filter=replace(gap.filter, touch_odds=NEVER, apart_odds=NEVER))
    )


def unturned(recorded: Recorded, params: AnalysisParams) -> tuple[Recorded, AnalysisParams]:
    """Pressing taken to turn no strap and to move no cord."""
    gap = params.gap
    nothing = replace(gap.calibration, floor_shift_counts=0.0)
    calibration = replace(nothing, heading_shift_sd_rad=1e-6, floor_shift_sd_counts=1e-3)
    return recorded, replace(params, gap=replace(gap, calibration=calibration))


def uncrept(recorded: Recorded, params: AnalysisParams) -> tuple[Recorded, AnalysisParams]:
    """The cord taken to be free of creep."""
    creep = replace(params.gap.creep, shares=tuple(0.0 for _ in params.gap.creep.shares))
    return recorded, replace(params, gap=replace(params.gap, creep=creep))


LEVERS: Mapping[str, Lever] = {
    AS_IS: lambda recorded, params: (recorded, params),
    LIVE: lambda recorded, params: (recorded, params),
    "no table record: bias unknown": unmarked(Label.TABLE),
    "no spacer": unmarked(Label.SPACER),
    "no leg raise: knee axis unknown": unmarked(Label.LEG_RAISE),
    "touches not found": untouched,
    "pressing turns no strap": unturned,
    "slips not followed": filtered(lambda f: replace(f, slip_counts=0.1, slip_share=1e-3)),
    "mountings fixed when standing": filtered(lambda f: replace(f, steep_walk_m_s05=0.0)),
    "lost samples taken for rest": filtered(lambda f: replace(f, lost_share=0.0, loss_rad_s05=0.0)),
    "cord without creep": uncrept,
    "cord without warming": filtered(lambda f: replace(f, floor_counts_k=0.0)),
    "heading drift of constant rate": filtered(lambda f: replace(f, rate_walk_rad_s15=0.0)),
}

COLUMNS = ("clamps", "worst", "noflex", "worst", "lossy", "seated", "others", "check", "cover", "least", "holds")


def judged(name: str) -> bool:
    """Whether levers are judged on this session or variant."""
    return not name.startswith("own_") and variant(name) != "flexonly"


def print_ablation(found: Mapping[str, Mapping[str, Figures]]) -> None:
    """A line per lever: RMSE (mm) of kinds of sessions, error of `check`, coverage, least hold F1."""
    print("\n" + f"{'gap with one lever off (mm)':34}" + "".join(f"{c:>8}" for c in COLUMNS))
    for lever, sessions in found.items():
        print(f"{lever:34}" + "".join(f"{x:8.3g}" for x in _row(sessions)))


def _row(found: Mapping[str, Figures]) -> list[float]:
    clamps = named(found, lambda n: n.startswith("clamp15") and n != LOSSY and not variant(n))
    noflex = named(found, lambda n: (variant(n) == "noflex" and n.startswith("clamp")) or n == "clamp_reps_noflex")
    plain = named(found, lambda n: not variant(n))
    rmse = "gap_rmse_mm"
    return [
        median(clamps, rmse),
        worst(clamps, rmse),
        median(noflex, rmse),
        worst(noflex, rmse),
        worst(named(found, lambda n: n == LOSSY), rmse),
        median(named(found, lambda n: n in ("quiet", "seated_twist")), rmse),
        median(named(found, lambda n: n in ("knees_in", "lying_press", "wrap")), rmse),
        worst(named(found, lambda n: n.startswith("check") and not variant(n)), "check_worst_mm"),
        pooled(plain, "gap_coverage"),
        least(plain, "gap_coverage"),
        least(plain, "hold_f1"),
    ]
