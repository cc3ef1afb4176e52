"""`make fuzz`: a million inputs for every reader, one line each; what was found lies in `build/fuzz`.

`python -m tests.fuzz [--inputs N] [--seed N] [TARGET ...]`; the exit status is the number of readers that failed.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

from tests.fuzz.guided import GUIDED, REPORT
from tests.fuzz.targets import scratch, targets

MILLION = 1_000_000
FOUND = Path("build") / "fuzz"
LONGEST_S = 3 * 3600.0


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
    return sum(_failed(name, options.inputs, options.seed) for name in options.targets or names)


def _failed(name: str, inputs: int, seed: int) -> bool:
    with scratch() as folder:
        command = [sys.executable, "-m", "tests.fuzz.guided", name, str(inputs), folder, str(seed)]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_S, check=False)
        report = Path(folder) / REPORT
        if not report.is_file():
            told = (ended.stderr.strip() or "nothing").splitlines()[-1]
            print(f"{name}: ended without a report ({told})", flush=True)
            _keep(name, "end", ended.stderr, "")
            return True
        read = json.loads(report.read_text(encoding="utf-8"))
    print(f"{name}: {read['line']}", flush=True)
    for kind, finding in read["found"].items():
        print(f"  {kind}: {finding['what'].strip().splitlines()[-1]}", flush=True)
        _keep(name, kind, finding["what"], finding["data"])
    return bool(read["found"])


def _keep(name: str, kind: str, what: str, data: str) -> None:
    """The input and its traceback, to become a test."""
    FOUND.mkdir(parents=True, exist_ok=True)
    place = FOUND / f"{name}-{kind}".replace(" ", "_").replace("/", "_")
    place.with_suffix(".txt").write_text(what, encoding="utf-8")
    place.with_suffix(".bin").write_bytes(bytes.fromhex(data))


if __name__ == "__main__":
    sys.exit(main())
