"""What the accuracy figures should be (`make accuracy` prints them beside what was found)."""

import math
import statistics
from collections.abc import Callable, Mapping

from tests.accuracy_repetitions import SIDES

LOSSY = "clamp15_b_lossy"
VARIANTS = ("noflex", "flexonly")
SIDED = tuple(f"_{side}_true" for side in SIDES)

Figures = Mapping[str, float]
Target = tuple[str, float, str, bool]


def targets(found: Mapping[str, Figures]) -> list[Target]:
    """Each target as its words, what was found, what is asked, and whether it holds."""
    own = {name: figures for name, figures in found.items() if name.startswith("own_")}
    found = {name: figures for name, figures in found.items() if name not in own}
    moving = named(own, lambda n: "swivel" in n or "vehicle" in n)
    lossy = named(found, lambda n: n == LOSSY)
    clamps = named(found, lambda n: n.startswith("clamp15") and n != LOSSY and not variant(n))
    noflex = named(found, lambda n: (variant(n) == "noflex" and n.startswith("clamp")) or n == "clamp_reps_noflex")
    flexonly = named(found, lambda n: variant(n) == "flexonly" and n.startswith("clamp"))
    seated = named(found, lambda n: n in ("quiet", "seated_twist"))
    others = named(found, lambda n: n in ("knees_in", "lying_press", "wrap"))
    whole = named(found, lambda n: not variant(n) and n != LOSSY)
    held = named(found, lambda n: not variant(n) and n.startswith(("clamp", "knees_in", "wrap")))
    checks = named(found, lambda n: n.startswith("check") and not variant(n))
    plain = named(found, lambda n: not variant(n))
    return [
        at_most("gap RMSE, clamps with flex, median (mm)", median(clamps, "gap_rmse_mm"), 3),
        at_most("gap RMSE, clamps with flex, worst (mm)", worst(clamps, "gap_rmse_mm"), 6),
        at_most("gap p95, clamps with flex, median (mm)", median(clamps, "gap_p95_mm"), 6),
        at_most("gap RMSE, clamps without flex, median (mm)", median(noflex, "gap_rmse_mm"), 9),
        at_most("gap RMSE, clamps without flex, worst (mm)", worst(noflex, "gap_rmse_mm"), 20),
        at_most("gap RMSE, clamps, flex alone, median (mm)", median(flexonly, "gap_rmse_mm"), 8),
        at_most("gap RMSE, quiet and seated_twist, median (mm)", median(seated, "gap_rmse_mm"), 8),
        at_most("gap RMSE, knees_in, lying_press, wrap, median (mm)", median(others, "gap_rmse_mm"), 6),
        at_most("gap RMSE, heavy loss (mm)", worst(lossy, "gap_rmse_mm"), 10),
        at_least("coverage, heavy loss", least(lossy, "gap_coverage"), 0.80),
        at_most("credited wrongly, heavy loss (% of length)", wrong_credit_pct(lossy), 1),
        at_most("gap RMSE, swivel chair and vehicle, worst (mm)", worst(moving, "gap_rmse_mm"), 10),
        at_least("coverage, swivel chair and vehicle, least", least(moving, "gap_coverage"), 0.80),
        at_most("credited wrongly, swivel chair and vehicle, worst (%)", wrong_credit_pct(moving), 1),
        at_most("check error, median (mm)", median(checks, "check_error_mm"), 5),
        at_most("check error, worst (mm)", worst(checks, "check_worst_mm"), 12),
        at_most("check spread within one person, worst (mm)", worst(checks, "check_spread_mm"), 3),
        at_least("share of time with an estimate, least", least(plain, "gap_share"), 0.95),
        at_least("coverage of +-1.96 sd, pooled", pooled(plain, "gap_coverage"), 0.90),
        at_most("coverage of +-1.96 sd, pooled", pooled(plain, "gap_coverage"), 0.99),
        at_least("coverage of +-1.96 sd, least", least(plain, "gap_coverage"), 0.80),
        at_most("mean sd over RMSE, pooled", sd_over_rmse(plain), 1.5),
        at_least("hold F1, median", median(held, "hold_f1"), 0.97),
        at_least("hold F1, worst", least(held, "hold_f1"), 0.85),
        at_most("hold start error, median (s)", median(held, "hold_start_median_s"), 0.10),
        at_most("hold end error, median (s)", median(held, "hold_end_median_s"), 0.10),
        at_most("hold start error, p95, median session (s)", median(held, "hold_start_p95_s"), 0.30),
        at_most("hold end error, p95, median session (s)", median(held, "hold_end_p95_s"), 0.30),
        at_most("hold starts off by over 0.3 s, all sessions together (%)", off_pct(held, "start"), 5),
        at_most("hold ends off by over 0.3 s, all sessions together (%)", off_pct(held, "end"), 5),
        at_most("hold start error, p95, worst (s)", worst(held, "hold_start_p95_s"), 0.30),
        at_most("hold end error, p95, worst (s)", worst(held, "hold_end_p95_s"), 0.30),
        at_most("net clamp time error, median (%)", median(held, "net_error_pct", abs), 1),
        at_most("net clamp time error, worst (%)", worst(held, "net_error_pct", abs), 3),
        at_most("time credited wrongly, worst session (% of length)", wrong_credit_pct(plain), 0.5),
        at_most("quiet: holds invented", worst(named(found, lambda n: n == "quiet"), "holds_found"), 0),
        at_least("repetitions F1, least", least(plain, "reps_f1"), 0.95),
        at_least("steps F1, least", least(plain, "steps_f1"), 0.95),
        at_most("foot progression RMSE, worst (deg)", worst(plain, "fpa_rmse_deg"), 3),
        at_most("foot progression mean error, worst (deg)", worst(plain, "fpa_mean_error_deg", abs), 1.5),
        *repetitions(plain, "shared recordings"),
        *repetitions(list(own.values()), "own persons"),
        at_least("causes: precision", events(plain, "matched", "found"), 0.90),
        at_least("causes: recall", events(plain, "matched", "true"), 0.95),
        at_least("causes: right cause", events(plain, "right_cause", "matched"), 0.95),
        at_most("causes: false alarms per hour", false_alarms_per_h(plain), 1),
        at_most("delay of slip, median (s)", median(plain, "slip_delay_s"), 5),
        at_most("delay of opening past 15 mm, median (s)", median(plain, "opening_delay_s"), 20),
        at_most("delay of loosening past 15 %, median (s)", median(plain, "loosening_delay_s"), 60),
        at_most("delay of tightening past 15 %, median (s)", median(plain, "tightening_delay_s"), 60),
        at_most("size of loosening, median error (% points)", median(plain, "loosening_size_error"), 5),
        at_most("size of tightening, median error (% points)", median(plain, "tightening_size_error"), 5),
        at_most("lost samples counted wrongly, in all", sum(values(whole, "lost_error")), 0),
    ]


def repetitions(sessions: list[Figures], whose: str) -> list[Target]:
    """F1 of the repetitions of each exercise and side."""
    kinds = sorted({key.removesuffix("_true") for s in sessions for key in s if key.endswith(SIDED)})
    return [at_least(f"repetitions F1, {' '.join(k.split('_')[1:])}, {whose}", f1(sessions, k), 0.95) for k in kinds]


def f1(sessions: list[Figures], kind: str) -> float:
    """F1 of one kind of repetition over all sessions."""
    true, got, matched = (sum(values(sessions, f"{kind}_{key}")) for key in ("true", "found", "matched"))
    return 2 * matched / (true + got) if true + got else math.nan


def variant(name: str) -> str:
    """Which variant a name means, empty for a session as recorded."""
    end = name.rpartition("_")[2]
    return end if end in VARIANTS and name != "clamp_reps_noflex" else ""


def named(found: Mapping[str, Figures], wanted: Callable[[str], bool]) -> list[Figures]:
    """The figures of the sessions that are wanted."""
    return [figures for name, figures in found.items() if wanted(name)]


def values(sessions: list[Figures], key: str) -> list[float]:
    """What the sessions have of a figure."""
    return [s[key] for s in sessions if key in s and not math.isnan(s[key])]


def median(sessions: list[Figures], key: str, of: Callable[[float], float] = float) -> float:
    """The sessions' median."""
    found = [of(x) for x in values(sessions, key)]
    return statistics.median(found) if found else math.nan


def worst(sessions: list[Figures], key: str, of: Callable[[float], float] = float) -> float:
    """The sessions' largest."""
    return max((of(x) for x in values(sessions, key)), default=math.nan)


def least(sessions: list[Figures], key: str) -> float:
    """The sessions' smallest."""
    return min(values(sessions, key), default=math.nan)


def pooled(sessions: list[Figures], key: str) -> float:
    """Mean over all samples of all sessions."""
    weighted = [(s[key], s["gap_n"]) for s in sessions if s.get("gap_n", 0) and not math.isnan(s[key])]
    return sum(x * n for x, n in weighted) / sum(n for _, n in weighted) if weighted else math.nan


def sd_over_rmse(sessions: list[Figures]) -> float:
    """Pooled mean standard deviation over pooled RMSE."""
    squares: list[Figures] = [
        {"gap_n": s["gap_n"], "square": s["gap_rmse_mm"] ** 2} for s in sessions if s.get("gap_n", 0)
    ]
    return pooled(sessions, "gap_mean_sd_mm") / math.sqrt(pooled(squares, "square")) if squares else math.nan


def wrong_credit_pct(sessions: list[Figures]) -> float:
    """Largest share of a session that was credited without a hold."""
    shares = [100 * s["wrong_credit_s"] / (3600 * s["hours"]) for s in sessions if "wrong_credit_s" in s]
    return max(shares, default=math.nan)


def off_pct(sessions: list[Figures], edge: str) -> float:
    """Share of all matched holds whose start or end is off by too much: at most 5 % is a p95 within the limit."""
    matched = sum(values(sessions, "holds_matched"))
    return 100 * sum(values(sessions, f"hold_{edge}s_off")) / matched if matched else math.nan


def events(sessions: list[Figures], part: str, whole: str) -> float:
    """Share of events over all sessions."""
    total = sum(values(sessions, f"events_{whole}"))
    return sum(values(sessions, f"events_{part}")) / total if total else math.nan


def false_alarms_per_h(sessions: list[Figures]) -> float:
    """False alarms over the hours of all sessions."""
    hours = sum(values(sessions, "hours"))
    return sum(values(sessions, "false_alarms")) / hours if hours else math.nan


def at_most(text: str, value: float, limit: float) -> Target:
    """A figure that should be small."""
    return text, value, f"<= {limit:g}", value <= limit or math.isnan(value)


def at_least(text: str, value: float, limit: float) -> Target:
    """A figure that should be large."""
    return text, value, f">= {limit:g}", value >= limit or math.isnan(value)
