"""One target under a fuzzer, in a process of its own: `python -m tests.fuzz.guided TARGET INPUTS FOLDER SEED`.

With atheris (`make fuzz` installs it where there is a wheel) inputs are chosen by what code they reach, else by seeded
mutation alone. The report is written to FOLDER/report.json; no report means that a reader never came back.
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
LONGEST = 2048
HANGS_S = 20
REPORT = "report.json"


class _Atheris(Protocol):
    """What this module uses of atheris, which has no wheel for every system."""

    def instrument_imports(self, include: list[str]) -> contextlib.AbstractContextManager[object]: ...
    def Setup(self, args: list[str], test_one_input: Callable[[bytes], None]) -> object: ...  # noqa: N802
    def Fuzz(self) -> None: ...  # noqa: N802


def main() -> None:
    """Feed all inputs and report."""
    name, inputs, folder, seed = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
    with _instrumented():
        from tests.fuzz.targets import targets
        from tests.fuzz.watch import Watch
    target = targets(folder)[name]
    watch = Watch(target.read, inputs)
    if GUIDED:
        _by_coverage(target, watch, folder, seed)
    else:
        _by_seed(target, watch, seed)
        _report(watch, folder)


def _atheris() -> _Atheris:
    return cast(_Atheris, import_module("atheris"))


def _instrumented() -> contextlib.AbstractContextManager[object]:
    if not GUIDED:
        return contextlib.nullcontext()
    return _atheris().instrument_imports(include=INSTRUMENTED)


def _by_seed(target: "Target", watch: "Watch", seed: int) -> None:
    from tests.fuzz.mutations import mutated

    for data in mutated(target.seeds, seed):
        watch.feed(data)
        if watch.fed == watch.inputs:
            return


def _by_coverage(target: "Target", watch: "Watch", folder: Path, seed: int) -> None:
    corpus = folder / "corpus"
    corpus.mkdir()
    for i, data in enumerate(target.seeds):
        (corpus / str(i)).write_bytes(data)

    def feed(data: bytes) -> None:
        watch.feed(data)
        if watch.fed == watch.inputs:
            _report(watch, folder)
            # The fuzzer has no other end.
            os._exit(0)

    longest = max(LONGEST, 2 * max(len(data) for data in target.seeds))
    options = [f"-seed={seed}", f"-timeout={HANGS_S}", f"-max_len={longest}", "-verbosity=0"]
    fuzzer = _atheris()
    fuzzer.Setup([sys.argv[0], *options, str(corpus)], feed)
    fuzzer.Fuzz()


def _report(watch: "Watch", folder: Path) -> None:
    found = {kind: {"what": f.what, "data": f.data.hex()} for kind, f in watch.findings.items()}
    (folder / REPORT).write_text(json.dumps({"line": watch.line, "found": found}), encoding="utf-8")


if __name__ == "__main__":
    main()
