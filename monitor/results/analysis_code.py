"""A name for the analysis as it is now, with its parameters: equal names give equal results.

Made of the code that turns recordings into results and of the versions of what it computes with, so that results of
older code are known, whatever version that program called itself.
"""

import hashlib
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import analysis
import monitor
import sensor
from analysis.params import AnalysisParams
from monitor.results.summary import plain, versions

# What of `monitor` shapes results.
_SHAPING = ("results/exercised.py", "results/summary.py", "exports/tables.py")


def analysis_code(params: AnalysisParams) -> str:
    """The name of the present analysis with these parameters."""
    given = json.dumps(plain(params), sort_keys=True)
    return hashlib.sha256(f"{_code()}{given}".encode()).hexdigest()[:16]


@cache
def _code() -> str:
    found = hashlib.sha256(json.dumps(versions(), sort_keys=True).encode())
    for path in _files():
        found.update(path.read_bytes())
    return found.hexdigest()


def _files() -> Iterator[Path]:
    for package in (analysis, sensor):
        yield from sorted(_folder(package.__file__).rglob("*.py"))
    yield from (_folder(monitor.__file__) / name for name in _SHAPING)


def _folder(file: str | None) -> Path:
    return Path(file or ".").parent
