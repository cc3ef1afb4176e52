"""`make fuzz`: a million inputs for every reader, one line each; what was found lies in `build/fuzz`.

`python -m tests.fuzz [--inputs N] [--seed N] [TARGET ...]`; the exit status tells whether a reader failed.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.fuzz.guided import COVERAGE, GUIDED, MUTATION, REPORT
from tests.fuzz.targets import scratch, targets

MILLION = 1_000_000
# Guided inputs a process: atheris itself leaks.
SLICE = 100_000
# The others are mutated from what the guided ones reached, several times as fast; memory is judged by them.
GUIDED_SHARE = 0.2
FOUND = Path("build") / "fuzz"
LONGEST_S = 3 * 3600.0


@dataclass(slots=True)
class Result:
    """What came of one reader."""

    inputs: int = 0
    read: int = 0
    slowest_ms: float = 0.0
    growth_mb: float = 0.0
    found: dict[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])

    def add(self, report: Mapping[str, float]) -> None:
        """The figures of one more process."""
        self.inputs += int(report["inputs"])
        self.read += int(report["read"])
        self.slowest_ms = max(self.slowest_ms, report["slowest_ms"])
        self.growth_mb = max(self.growth_mb, report["growth_mb"])

    @property
    def line(self) -> str:
        """The figures in one line."""
        state = f"{len(self.found)} FOUND" if self.found else "ok"
        return (
            f"{state}: {self.inputs} inputs, {self.read} read, {self.inputs - self.read} refused, "
            f"slowest {self.slowest_ms:.0f} ms, memory {self.growth_mb:+.1f} MB"
        )


def main() -> int:
    """The exit status."""
    with scratch() as folder:
        names = list(targets(Path(folder)))
    asked = argparse.ArgumentParser(prog="fuzz")
    asked.add_argument("--inputs", type=int, default=MILLION)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("targets", nargs="*", choices=[*names, []])
    options = asked.parse_args()
    print(f"{options.inputs} inputs a reader, {'guided by coverage' if GUIDED else 'by seeded mutation'}", flush=True)
    failed = [name for name in options.targets or names if _failed(name, options.inputs, options.seed)]
    return 1 if failed else 0


def _failed(name: str, inputs: int, seed: int) -> bool:
    result = Result()
    with scratch() as folder:
        for i, (mode, some) in enumerate(_runs(inputs)):
            _run(name, mode, some, Path(folder), seed + i, result)
    print(f"{name}: {result.line}", flush=True)
    for kind, (what, data) in result.found.items():
        print(f"  {kind}: {what.strip().splitlines()[-1]}", flush=True)
        _keep(name, kind, what, data)
    return bool(result.found)


def _runs(inputs: int) -> Iterator[tuple[str, int]]:
    if not GUIDED:
        yield MUTATION, inputs
        return
    guided = round(inputs * GUIDED_SHARE)
    for done in range(0, guided, SLICE):
        yield COVERAGE, min(SLICE, guided - done)
    yield MUTATION, inputs - guided


def _run(name: str, mode: str, inputs: int, folder: Path, seed: int, result: Result) -> None:
    report = folder / REPORT
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "tests.fuzz.guided", name, mode, str(inputs), str(folder), str(seed)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_S, check=False)
    if not report.is_file():
        result.found[f"{mode} ended without a report"] = (ended.stderr or "nothing was said", "")
        return
    told = json.loads(report.read_text(encoding="utf-8"))
    for kind, finding in told.pop("found").items():
        result.found.setdefault(kind, (finding["what"], finding["data"]))
    result.add(told)


def _keep(name: str, kind: str, what: str, data: str) -> None:
    """The input and its traceback, to become a test."""
    FOUND.mkdir(parents=True, exist_ok=True)
    place = FOUND / f"{name}-{kind}".replace(" ", "_").replace("/", "_")
    place.with_suffix(".txt").write_text(what, encoding="utf-8")
    place.with_suffix(".bin").write_bytes(bytes.fromhex(data))


if __name__ == "__main__":
    sys.exit(main())
