"""Cuts works of the store off at everything they do to the disk: `python -m ... kill|full DIR WORK...`.

A process of its own, since it forks: prints at how many moments each was killed, or met a full disk. Ends with a
traceback where afterwards a session is lost, cannot be opened, or holds results that do not belong together.
"""

import errno
import os
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from functools import cached_property, partial
from pathlib import Path

from analysis.params import AnalysisParams
from monitor.exports.tables import export_tables
from monitor.results import reanalysis
from monitor.results.analyzed import Results, analyzed_session
from monitor.session_import import ImportedFiles, import_session
from monitor.store import RECORDING, Session, Store
from monitor.store.entry import State
from monitor.store.index import indexed
from monitor.store.notes import Note, read_note, set_note
from monitor.store.recovery import recovered
from monitor.store.removal import delete_sessions
from monitor.store.sealing import seal
from monitor.store.tape import Quantity, TapeEntry, add_tape, read_tape
from monitor.store.wearers import Wearers
from sensor.errors import KneeGapError
from sensor.recordings.raw_recording import read_raw
from tests.monitor.faults import Counter, counted, killed_at, refusal
from tests.monitor.stores import FROZEN_ID, frozen_home

# Analyzing once more after being killed takes long; after some moments will do.
OFTEN = 6
DAY = date(2026, 3, 1)
# What comes before, what is cut off, and what must hold afterwards.
Work = tuple[Callable[[Store], object], Callable[[Store], object], Callable[[Store], None]]
CutOff = Callable[[int, Callable[[], object]], bool]


class Wrong(Exception):
    """What must not be."""


def check(holds: bool, what: str) -> None:
    """Ends the run where it does not."""
    if not holds:
        raise Wrong(what)


class Killing:
    """The frozen home, and its results by the present code."""

    def __init__(self, top: Path) -> None:
        self._top = top
        self._home = top / "home"
        self.store = self.fresh()
        self.session = Session(self.store.sessions_folder / FROZEN_ID)
        self.recording = (self.session.folder / RECORDING).read_bytes()
        self._afterwards = 0
        reanalysis.analyzed_session = self._analyzed  # as long as it takes, it writes nothing

    @cached_property
    def results(self) -> Results:
        """By the present code, of the home as it is now."""
        return analyzed_session(self.session, AnalysisParams())

    def fresh(self) -> Store:
        """The home as the old program left it."""
        shutil.rmtree(self._home, ignore_errors=True)
        return frozen_home(self._home, 1)

    def run(self, name: str, cut_off: CutOff) -> int:
        """Cuts the work off at every moment; how many there were."""
        works: dict[str, Callable[[], Work]] = {
            "save": self._save,
            "reanalyze": self._reanalyze,
            "migrate": self._migrate,
            "seal": self._seal,
            "delete": self._delete,
            "export": self._export,
            "note": self._note,
            "tape": self._tape,
            "import": self._import,
        }
        prepare, work, after = works[name]()
        moment = 0
        while True:
            moment += 1
            store = self.fresh()
            prepare(store)
            reached = cut_off(moment, partial(work, store))
            after(store)
            if not reached:
                return moment - 1

    def _analyzed(self, session: Session, params: AnalysisParams) -> Results:
        del session, params
        return self.results

    def whole(self, store: Store) -> None:
        """The session is listed with results of one kind, and its recording is what it was."""
        found = recovered(store)
        check([e.id for e in found.entries] == [FROZEN_ID], f"listed: {found.entries}")
        check(found.entries[0].exercise == "check", "its metadata are lost")
        check((self.session.folder / RECORDING).read_bytes() == self.recording, "the recording is another one")
        check(found.entries[0].state in (State.ANALYZED, State.NOT_ANALYZED), found.entries[0].state)
        if found.entries[0].state is State.ANALYZED:
            names = {path.name for path in self.session.results.iterdir()}
            check(len(names) in (9, 10) and not any(n.endswith(".part") for n in names), f"results: {names}")
            check(("made_by.json" in names) == bool(found.entries[0].made_by), "results of two kinds")
            check(found.entries[0].relaxed is not None, "no figures")

    def _save(self) -> Work:
        def prepare(store: Store) -> None:
            shutil.rmtree(store.sessions_folder / FROZEN_ID / "results")

        results = self.results
        return prepare, lambda _store: results.write(), self.whole

    def _reanalyze(self) -> Work:
        def after(store: Store) -> None:
            self.whole(store)
            self._afterwards += 1
            if self._afterwards % OFTEN:
                return
            check(reanalysis.analyze_again(self.session, AnalysisParams()) == "", "cannot be analyzed any more")
            self.whole(store)
            check(indexed(store).entries[0].made_by != "", "not the new results")

        return _nothing, lambda _store: reanalysis.analyze_again(self.session, AnalysisParams()), after

    def _migrate(self) -> Work:
        def after(store: Store) -> None:
            self.whole(store)
            known = Wearers(store.home).known()
            check([w.name for w in known] == ["Zoë 王"], f"wearers: {known}")
            check(indexed(store).entries[0].wearer == known[0].id, "nobody's session")
            check(not (store.home / "wearer.toml").exists(), "the old sizes are still there")

        return _nothing, recovered, after

    def _seal(self) -> Work:
        def prepare(store: Store) -> None:
            (store.sessions_folder / FROZEN_ID / RECORDING).write_bytes(self.recording[: len(self.recording) * 2 // 3])

        prepare(self.store)
        before = read_raw(self.session.recording)

        def after(store: Store) -> None:
            recovered(store)
            now = read_raw(self.session.recording)
            check(now.straps == before.straps and now.markers == before.markers, "samples are lost")

        return prepare, lambda _store: seal(self.session.recording), after

    def _delete(self) -> Work:
        def after(store: Store) -> None:
            if recovered(store).entries:
                self.whole(store)
            else:
                left = [p.name for p in store.sessions_folder.iterdir()]
                check(not left, f"left of a session that is gone: {left}")

        return recovered, lambda store: delete_sessions(store, [self.session.folder]), after

    def _export(self) -> Work:
        target = self._top / "tables"
        export_tables(target, self.results.analysis.final)
        whole = {path.name: path.read_bytes() for path in target.iterdir()}

        def prepare(store: Store) -> None:
            del store
            shutil.rmtree(target)

        def after(store: Store) -> None:
            self.whole(store)
            target.mkdir(exist_ok=True)
            for path in target.iterdir():
                check(path.name.startswith(".") or path.read_bytes() == whole[path.name], f"half a {path.name}")

        return prepare, lambda _store: export_tables(target, self.results.analysis.final), after

    def _note(self) -> Work:
        def after(store: Store) -> None:
            self.whole(store)
            check(read_note(self.session) in (Note("before"), Note("after")), "the note is lost")

        return lambda _store: set_note(self.session, "before"), lambda _store: set_note(self.session, "after"), after

    def _tape(self) -> Work:
        one, other = (TapeEntry(DAY, q, 300.0) for q in (Quantity.LEFT_THIGH, Quantity.LEFT_CALF))
        folder = Wearers(self.store.home).folder("")

        def after(store: Store) -> None:
            self.whole(store)
            kept = read_tape(Wearers(store.home).folder(Wearers(store.home).known()[0].id))
            check(kept in ((one,), (other, one)), f"measurements: {kept}")

        return lambda _store: add_tape(folder, (one,)), lambda _store: add_tape(folder, (other,)), after

    def _import(self) -> Work:
        table = self._top / "table.csv"
        table.write_text("strap,time_s,flex\n" + "".join(f"left_thigh,{i / 100},{500 + i}\n" for i in range(50)))
        folder = self.store.sessions_folder / "imported"

        def after(store: Store) -> None:
            found = {e.id for e in recovered(store).entries}
            check(found in ({FROZEN_ID}, {FROZEN_ID, "imported"}), f"listed: {found}")
            if "imported" in found:
                check(len(Session(folder).read().straps) == 1, "half a session")

        return _nothing, lambda _store: import_session(ImportedFiles(table), folder, "test"), after


def _nothing(store: Store) -> None:
    del store


def disk_full_at(moment: int, work: Callable[[], object]) -> bool:
    """Runs the work on a disk that is full from the n-th thing on; whether it got so far."""
    counter = Counter(moment, refusal(errno.ENOSPC))
    with counted(counter), suppress(KneeGapError):
        work()
    return counter.count >= moment


def _no_sync(number: int) -> None:
    """A process that is killed loses nothing that it wrote; only a power cut would."""
    del number


if __name__ == "__main__":
    os.fsync = _no_sync
    killing = Killing(Path(sys.argv[2]))
    for work in sys.argv[3:]:
        print(work, killing.run(work, {"kill": killed_at, "full": disk_full_at}[sys.argv[1]]))
