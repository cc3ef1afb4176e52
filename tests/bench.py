"""Measures speed and size on this machine: `make bench`, or `python -m tests.bench NAME...` for some of the figures.

Prints a table with the limits and writes `build/bench.json`, one flat object, name to number. The recording is a
simulated 15-min clamp session of two straps, decoded from the bytes that its firmware sent.
"""

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.bench_analysis import analysis_figures
from tests.bench_radio import live_figures
from tests.bench_store import store_figures
from tests.bench_window import window_figures

BUILD = Path(__file__).parents[1] / "build"
LIMITS: Mapping[str, float] = {
    "analysis_over_vqf": 8.0,
    "reading_over_vqf": 8.0,
    "analysis_scaling": 4.6,
    "live_cpu_pct": 5.0,
    "block_ms": 0.5,
    "first_paint_s": 2.0,
    "repaint_ms": 8.0,
    "notify_to_screen_ms_p95": 60.0,
    "window_cpu_pct": 25.0,
    "memory_growth_mb_per_h": 2.0,
    "store_rebuild_s": 60.0,
    "store_rebuild_scaling": 4.6,
    "store_history_s": 1.0,
    "store_history_mb": 500.0,
    "store_period_report_s": 5.0,
    "store_period_report_mb": 500.0,
}
# Each measures some of the figures; add a line for more.
MEASUREMENTS: Mapping[str, Callable[[], Mapping[str, float]]] = {
    "analysis": analysis_figures,
    "live": live_figures,
    "window": window_figures,
    "store": store_figures,
}


def main() -> int:
    """Measures what is named, or all."""
    parser = argparse.ArgumentParser(description="Measure speed and size.")
    parser.add_argument("names", nargs="*", choices=[*MEASUREMENTS, []], help="measurements; all if none")
    names = parser.parse_args().names or list(MEASUREMENTS)
    figures: dict[str, float] = {}
    for name in names:
        figures.update(MEASUREMENTS[name]())
    print_table(figures)
    write(figures)
    return 0


def print_table(figures: Mapping[str, float]) -> None:
    """Figures beside their limits."""
    print(f"{'figure':28}{'found':>12}{'limit':>10}")
    for name, value in figures.items():
        limit = LIMITS.get(name)
        bound = f"{limit:10.4g}" if limit is not None else f"{'-':>10}"
        print(f"{name:28}{value:12.4g}{bound}{'   <-- missed' if limit is not None and value > limit else ''}")


def write(figures: Mapping[str, float]) -> None:
    """Figures into `build/bench.json`, over those of an earlier run."""
    BUILD.mkdir(exist_ok=True)
    file = BUILD / "bench.json"
    before = json.loads(file.read_text()) if file.exists() else {}
    file.write_text(json.dumps({**before, **figures}, indent=2) + "\n")


if __name__ == "__main__":
    sys.exit(main())
