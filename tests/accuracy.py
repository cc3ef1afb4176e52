"""Scores the analysis on every recorded session with truth: `make accuracy`, or `python -m tests.accuracy NAME...`.

Sessions are read, analyzed and exported as the commands do it. Beside those of `../shared/data/physics` two variants
are made of each that has flex: `NAME_noflex` without the flex column and `NAME_flexonly` without the inertial ones. A
third, separate check are the sessions `own_...` of this project's own virtual persons.
Prints the figures of `score.py` with the targets beside them, and writes `build/accuracy.json`.
"""

import argparse
import importlib.util
import json
import math
import shutil
import sys
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from types import ModuleType

import pyarrow.parquet as parquet

from analysis.params import AnalysisParams
from analysis.pipeline import analyze
from firmware_sim.sessions.scenario import catalogue
from firmware_sim.sessions.simulate import simulate
from firmware_sim.sessions.truth import write as write_simulated
from monitor.exports.tables import export_tables
from sensor.tables.imported import read_folder
from tests.accuracy_ablation import AS_IS, LEVERS, LIVE, judged, print_ablation
from tests.accuracy_holds import hold_figures
from tests.accuracy_repetitions import repetition_figures
from tests.accuracy_targets import Figures, targets

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
PHYSICS = SHARED / "data" / "physics"
BUILD = ROOT / "build"
INERTIAL = tuple(f"{kind}_{axis}_{unit}" for kind, unit in (("acc", "m_s2"), ("gyr", "rad_s")) for axis in "xyz")
VARIANTS = {"noflex": ("flex",), "flexonly": INERTIAL}


def main() -> int:
    """Scores the sessions named on the command line, or all."""
    parser = argparse.ArgumentParser(description="Score the analysis on recordings with truth.")
    parser.add_argument("names", nargs="*", help="sessions or variants; all if none")
    parser.add_argument("--live", action="store_true", help="score the live result instead of the final one")
    parser.add_argument("--jobs", type=int, default=1, help="sessions at a time")
    parser.add_argument("--all-figures", action="store_true", help="print every figure of the named sessions")
    parser.add_argument("--ablation", action="store_true", help="print what each part of the gap's model is worth")
    args = parser.parse_args()
    if not PHYSICS.is_dir():
        print("no accuracy to measure: shared recordings are not beside this checkout (../shared/data/physics)")
        return 0
    names = args.names or list(all_names())
    found, failed = measured_all(names, args.live, args.jobs)
    print_sessions(found)
    if args.all_figures:
        print_figures(found)
    if not args.names:
        print_targets(found)
        write_figures(found)
    if args.ablation:
        print_ablation(ablated([name for name in names if judged(name)], args.jobs))
    for name, error in failed.items():
        print(f"FAILED {name}: {type(error).__name__}: {error}")
    return 1 if failed else 0


def measured_all(
    names: list[str], live: bool, jobs: int, lever: str = AS_IS
) -> tuple[dict[str, Figures], dict[str, BaseException]]:
    """Figures of the sessions that could be analyzed, and what stopped the others."""
    with ProcessPoolExecutor(jobs) as pool:
        futures = {name: pool.submit(measured, name, live, lever) for name in names}
    errors = {name: error for name, future in futures.items() if (error := future.exception()) is not None}
    return {name: future.result() for name, future in futures.items() if name not in errors}, errors


def ablated(names: list[str], jobs: int) -> dict[str, Mapping[str, Figures]]:
    """Figures of the sessions with each lever off."""
    return {lever: measured_all(names, lever == LIVE, jobs, lever)[0] for lever in LEVERS}


def all_names() -> Iterable[str]:
    """The sessions and their variants."""
    for folder in sorted(path for path in PHYSICS.iterdir() if (path / "truth.parquet").exists()):
        yield folder.name
        if has_flex(folder):
            yield from (f"{folder.name}_{variant}" for variant in VARIANTS)
    yield from (scenario.name for scenario in catalogue())


def has_flex(folder: Path) -> bool:
    """Whether the session has the flex channel."""
    table = parquet.read_table(folder / "recording.parquet")
    return "flex" in table.column_names and table.column("flex").null_count < len(table)


def measured(name: str, live: bool, lever: str = AS_IS) -> dict[str, float]:
    """The figures of one session or variant, with the seconds that reading and analysing took."""
    folder = prepared(name)
    started = time.perf_counter()
    recorded, params = LEVERS[lever](read_folder(folder), AnalysisParams())
    read = time.perf_counter()
    analysis = analyze(recorded, params)
    analyzed = time.perf_counter()
    out = BUILD / "accuracy" / name
    export_tables(out, analysis.live if live else analysis.final)
    truth = truth_of(name)
    figures = score().score(out, truth) | repetition_figures(score(), out, truth) | hold_figures(score(), out, truth)
    return figures | {"read_s": read - started, "analyze_s": analyzed - read}


def truth_of(name: str) -> Path:
    """The folder with the truth of a session or variant."""
    if name.startswith("own_"):
        return own_session(name)
    base, _, variant = name.rpartition("_")
    return PHYSICS / (base if variant in VARIANTS and not (PHYSICS / name).exists() else name)


def own_session(name: str) -> Path:
    """A session of the project's own virtual persons, lived through anew when the simulator has changed."""
    folder = BUILD / "accuracy_own" / name
    truth = folder / "truth.parquet"
    newest_s = max(path.stat().st_mtime for path in (ROOT / "firmware_sim").rglob("*.py"))
    if not truth.exists() or truth.stat().st_mtime < newest_s:
        scenario = next(scenario for scenario in catalogue() if scenario.name == name)
        write_simulated(folder, simulate(scenario))
    return folder


def prepared(name: str) -> Path:
    """A folder with what the straps and the wearer gave, without the truth."""
    source, folder = truth_of(name), BUILD / "accuracy_input" / name
    folder.mkdir(parents=True, exist_ok=True)
    table = parquet.read_table(source / "recording.parquet")
    if source.name != name:
        table = table.drop_columns(list(VARIANTS[name.rpartition("_")[2]]))
    parquet.write_table(table, folder / "recording.parquet")
    for file in ("markers.csv", "wearer.toml"):
        shutil.copy(source / file, folder / file)
    return folder


def score() -> ModuleType:
    """The shared scoring tool."""
    path = SHARED / "tools" / "score.py"
    spec = importlib.util.spec_from_file_location("shared_score", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SHOWN = {
    "gap_rmse_mm": "rmse", "gap_median_mm": "med", "gap_p95_mm": "p95", "gap_share": "share",
    "gap_coverage": "cover", "gap_mean_sd_mm": "sd", "hold_f1": "holdF1", "hold_start_median_s": "start",
    "hold_end_median_s": "end", "net_error_pct": "net%", "wrong_credit_s": "wrong_s", "reps_f1": "repF1",
    "steps_f1": "stepF1", "fpa_rmse_deg": "fpa", "event_precision": "evPrec", "event_recall": "evRec",
    "cause_accuracy": "cause", "false_alarms_per_h": "FA/h", "lost_error": "lost_e", "check_error_mm": "check",
    "analyze_s": "took_s",
}  # fmt: skip


def print_sessions(found: Mapping[str, Figures]) -> None:
    """A line per session."""
    print(" " * 26 + "".join(f"{heading:>8}" for heading in SHOWN.values()))
    for name, figures in found.items():
        print(f"{name:26}" + "".join(f"{shown(figures.get(key, math.nan)):>8}" for key in SHOWN))


def print_figures(found: Mapping[str, Figures]) -> None:
    """Every figure of every session."""
    for name, figures in found.items():
        print(f"\n{name}")
        for key, value in figures.items():
            print(f"  {key:30}{shown(value):>10}")


def shown(value: float) -> str:
    """A figure in three digits, a dash where there is nothing to judge."""
    return "-" if math.isnan(value) else f"{value:.3g}"


def write_figures(found: Mapping[str, Figures]) -> None:
    """`build/accuracy.json`: one flat object."""
    flat = {f"{name}.{key}": value for name, figures in found.items() for key, value in figures.items()}
    text = json.dumps({k: None if math.isnan(v) else v for k, v in flat.items()}, indent=1)
    (BUILD / "accuracy.json").write_text(text + "\n", encoding="utf-8")


def print_targets(found: Mapping[str, Figures]) -> None:
    """The figures that are asked for, beside what they should be."""
    print("\n" + f"{'figure':64}{'found':>10}   target")
    for text, value, target, good in targets(found):
        print(f"{text:64}{shown(value):>10}   {target} {'' if good else '  <-- missed'}")


if __name__ == "__main__":
    sys.exit(main())
