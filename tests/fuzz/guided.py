"""One target under a fuzzer, in a process of its own: `python -m tests.fuzz.guided TARGET MODE INPUTS FOLDER SEED`.

MODE `coverage` chooses inputs by what code they reach (atheris, which `make fuzz` installs where it has a wheel) and
leaves those that reached more in FOLDER/corpus; `mutation` changes these, or else the good inputs, by seed alone. The
report is written to FOLDER/report.json; no report means that a reader never came back.

Invariant: memory is judged by mutation alone, since instrumented comparisons of arrays leak within atheris.
"""

import contextlib
import json
import os
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from tests.fuzz.targets import Target
    from tests.fuzz.watch import Watch

GUIDED = find_spec("atheris") is not None
INSTRUMENTED = ["sensor", "monitor.config", "monitor.coach.plan"]
LONGEST = 1024
HANGS_S = 20
REPORT, CORPUS = "report.json", "corpus"
COVERAGE, MUTATION = "coverage", "mutation"


class _Atheris(Protocol):
    """What this module uses of atheris, which has no wheel for every system."""

    def instrument_imports(self, include: list[str]) -> contextlib.AbstractContextManager[object]: ...
    def Setup(self, args: list[str], test_one_input: Callable[[bytes], None]) -> object: ...  # noqa: N802
    def Fuzz(self) -> None: ...  # noqa: N802


def main() -> None:
    """Feed all inputs and report."""
    name, mode, inputs, folder, seed = sys.argv[1], sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]), int(sys.argv[5])
    by_coverage = mode == COVERAGE
    with _instrumented() if by_coverage else contextlib.nullcontext():
        from tests.fuzz.targets import targets
        from tests.fuzz.watch import Watch
    files = folder / f"{mode}{seed}"
    files.mkdir()
    target = targets(files)[name]
    watch = Watch(target.read, inputs, judge_growth=not by_coverage)
    if by_coverage:
        _by_coverage(target, watch, folder, seed)
    else:
        _by_mutation(target, watch, folder, seed)
        _report(watch, folder)


def _atheris() -> _Atheris:
    return cast(_Atheris, import_module("atheris"))


def _instrumented() -> contextlib.AbstractContextManager[object]:
    return _atheris().instrument_imports(include=INSTRUMENTED)


def _by_mutation(target: "Target", watch: "Watch", folder: Path, seed: int) -> None:
    from tests.fuzz.mutations import mutated

    reached = [path.read_bytes() for path in sorted((folder / CORPUS).glob("*"))]
    for data in mutated([*target.seeds, *reached], seed):
        watch.feed(data)
        if watch.fed == watch.inputs:
            return


def _by_coverage(target: "Target", watch: "Watch", folder: Path, seed: int) -> None:
    corpus = folder / CORPUS
    corpus.mkdir(exist_ok=True)
    for i, data in enumerate(target.seeds):
        (corpus / f"good{i}").write_bytes(data)

    def feed(data: bytes) -> None:
        watch.feed(data)
        if watch.fed == watch.inputs:
            _report(watch, folder)
            # The fuzzer has no other end.
            os._exit(0)

    longest = max(LONGEST, 2 * max(len(data) for data in target.seeds))
    options = [f"-seed={seed}", f"-timeout={HANGS_S}", f"-max_len={longest}", "-rss_limit_mb=0", "-verbosity=0"]
    fuzzer = _atheris()
    fuzzer.Setup([sys.argv[0], *options, str(corpus)], feed)
    fuzzer.Fuzz()


def _report(watch: "Watch", folder: Path) -> None:
    found = {kind: {"what": f.what, "data": f.data.hex()} for kind, f in watch.findings.items()}
    (folder / REPORT).write_text(json.dumps({**watch.figures(), "found": found}), encoding="utf-8")


if __name__ == "__main__":
    main()
