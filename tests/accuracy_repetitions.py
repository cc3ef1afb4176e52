"""Repetitions found and missed, per exercise and side: what `score.py` sums up, taken apart."""

from pathlib import Path
from types import ModuleType

SIDES = ("left", "right", "both")


def repetition_figures(score: ModuleType, exported: Path, truth: Path) -> dict[str, float]:
    """True, found and matched repetitions of a session, as `reps_EXERCISE_SIDE_true` and so on where there are any."""
    true, got = score.table(truth, "reps"), score.found(exported, "reps")
    figures: dict[str, float] = {}
    if true is None:
        return figures
    for exercise in score.EXERCISES:
        for side in SIDES:
            a, b = (x[(x.exercise == exercise) & (x.side == side)] for x in (true, got))
            if len(a) + len(b):
                matched = len(score.pair(score.iou(a, b), 0.5))
                counts = {"true": len(a), "found": len(b), "matched": matched}
                figures |= {f"reps_{exercise}_{side}_{key}": float(n) for key, n in counts.items()}
    return figures
