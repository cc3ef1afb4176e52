"""Bringing stored sessions up to date before a command goes on, with a bar and a line for each that changed.

Invariant: stdout gets results, stderr the bar and everything that is only said once.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from monitor.language import gettext as _
from monitor.language import ngettext
from monitor.store.index import Indexed, indexed
from monitor.store.recovery import broken_off, recovered

if TYPE_CHECKING:
    from monitor.results.reanalysis import Reanalyzed
    from monitor.store import Store

# Fewer than these are read before a bar could be seen.
SHOWN_FROM = 100
Say = Callable[[str], None]


def up_to_date(store: Store, say: Say) -> Indexed:
    """The index of the store, once what older programs and crashes left is put right."""
    with _bar(_("Reading sessions")) as show:
        found = recovered(store, lambda done, total: show(done, total) if total >= SHOWN_FROM else None)
    left = broken_off(store, found)
    if not left:
        return found
    # Loaded only where there is something to analyze.
    from analysis.params import AnalysisParams
    from monitor.results.reanalysis import reanalyze

    n = len(left)
    told = ngettext("{n} session was broken off: finishing it.", "{n} sessions were broken off: finishing them.", n)
    say(told.format(n=n))
    # Said once the bar is gone, which would be torn apart.
    troubles = [done.trouble for done in _shown(_("Finishing sessions"), reanalyze(left, AnalysisParams()), n)]
    for trouble in filter(None, troubles):
        say(trouble)
    return replace(indexed(store), notices=found.notices)


def all_reanalyzed(store: Store, found: Indexed, tell: Say) -> Indexed:
    """The index once every session has results of the present code; tells what that changed."""
    from analysis.params import AnalysisParams
    from monitor.results.reanalysis import outdated, reanalyze

    sessions, total = outdated(store, found.entries, AnalysisParams()), len(found.entries)
    again: list[Reanalyzed] = []
    try:
        for done in _shown(_("Analyzing again"), reanalyze(sessions, AnalysisParams()), len(sessions)):
            again.append(done)
    finally:
        # Also where it is broken off: the next run does not do these again.
        for done in again:
            if what := done.trouble or ", ".join(done.changes):
                tell(f"{done.id}  {what}")
        told = _("{again} of {total} sessions analyzed again, {other} with other figures.")
        tell(told.format(again=len(again), total=total, other=sum(bool(done.changes) for done in again)))
    return replace(indexed(store), notices=found.notices)


@contextmanager
def _bar(what: str) -> Generator[Callable[[int, int], None]]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    screen = Console(stderr=True)
    off = not screen.is_terminal
    with Progress(*columns, console=screen, transient=True, disable=off, redirect_stdout=False) as bar:
        task = bar.add_task(what, total=None, visible=False)
        yield lambda done, total: bar.update(task, completed=done, total=total, visible=True)


def _shown(what: str, work: Iterable[Reanalyzed], total: int) -> Generator[Reanalyzed]:
    with _bar(what) as show:
        show(0, total)
        for done, one in enumerate(work, 1):
            show(done, total)
            yield one
