"""How many starts and ends of holds are off by more than they should, over all sessions together."""

from pathlib import Path
from types import ModuleType

OFF_S = 0.3


def hold_figures(score: ModuleType, exported: Path, truth: Path) -> dict[str, float]:
    """Matched holds as `score.py` matches them, and how many of their starts and ends are off by over 0.3 s."""
    true, got = score.table(truth, "holds"), score.found(exported, "holds")
    if true is None:
        return {}
    markers = score.found(truth, "markers")
    calibrated = markers.end_s[markers.label.isin(("touch", "spacer", "leg_raise"))].astype(float)
    from_s = (float(calibrated.max()) if len(calibrated) else 0.0) - 0.5
    true, got = (x[(x.start_s.astype(float) >= from_s) & (x.verdict != "unknown")] for x in (true, got))
    pairs = score.pair(score.iou(true, got), 0.8)
    figures = {"holds_matched": float(len(pairs))}
    for edge in ("start", "end"):
        a, b = (x[f"{edge}_s"].to_numpy(float) for x in (true, got))
        figures[f"hold_{edge}s_off"] = float(sum(abs(b[j] - a[i]) > OFF_S for i, j in pairs))
    return figures
