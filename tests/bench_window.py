"""What the live window costs: first paint, repaint, notification to screen, CPU with acquisition, memory over an hour.

Offscreen at 30 frames per second, with a 15-minute history. What straps sent is played to a whole live session in the
same process: recording, decoder, clock, analysis and board are the program's own, only the simulator is left out.
"""

import gc
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import psutil
from pyqtgraph.util.garbage_collector import GarbageCollector
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from analysis.results import GapSeries
from monitor.board import Board
from monitor.live_buffer import LiveBuffer
from monitor.live_window.session_page import SessionPage
from monitor.live_window.theme import USUAL_PX
from sensor.samples import THIGHS
from tests.monitor.boards import EXERCISING
from tests.played_session import PlayedSession

RATE_HZ = 50.0
MINUTE_ROWS = int(60 * RATE_HZ)
HISTORY_S = 900.0
MEASURED_S = 12.0
# Enough for both measurements after the history.
EXERCISE_S = HISTORY_S + 60.0
WARM_S, HOUR_S = 600, 3600
STARTS = 3
# A process that shows the page, draws it once and tells how long that took since it was started.
FIRST_PAINT = """
from monitor.live_window.display import why_no_window
if why_no_window() is not None:
    raise SystemExit("no window here")
from monitor.live_buffer import LiveBuffer
from monitor.live_window.session_page import SessionPage
from monitor.live_window.shown import Screens
screens = Screens()
screens.window.show_page(SessionPage(LiveBuffer(), lambda action: None))
screens.window.show()
screens.window.grab()
"""


def window_figures() -> dict[str, float]:
    """All figures of the window."""
    app = QApplication.instance() or QApplication([])
    app.processEvents()
    return (
        {"first_paint_s": first_paint_s(), "repaint_ms": repaint_ms()}
        | live_figures()
        | {"memory_growth_mb_per_h": memory_growth_mb_per_h()}
    )


def first_paint_s() -> float:
    """From the start of a process to the painted window, Python and all imports included; the best of a few."""
    took_s: list[float] = []
    for _start in range(STARTS):
        began_s = time.perf_counter()
        subprocess.run([sys.executable, "-c", FIRST_PAINT], check=True, cwd=Path(__file__).parents[1], env=_offscreen())
        took_s.append(time.perf_counter() - began_s)
    return min(took_s)


def _offscreen() -> dict[str, str]:
    return {**os.environ, "QT_QPA_PLATFORM": "offscreen"}


class Fed:
    """A page whose ring is fed with made-up rows, as fast as wanted."""

    def __init__(self) -> None:
        self.buffer = LiveBuffer()
        self.now_s = 0.0
        self.rng = np.random.default_rng(1)
        self.feed(MINUTE_ROWS)
        self.page = SessionPage(self.buffer, _ignored)
        self.page.resize(*USUAL_PX)
        self.page.show()
        QApplication.processEvents()
        self.page.frame_timer.stop()

    def feed(self, rows: int) -> None:
        """The next rows of gap and tension, and a board that shows them."""
        time_s = self.now_s + np.arange(1, rows + 1) / RATE_HZ
        self.now_s = float(time_s[-1])
        gap_m = 0.02 + 0.018 * np.sin(time_s / 3.0) + self.rng.normal(0.0, 0.0005, rows)
        self.buffer.add_gap(GapSeries(time_s, gap_m, np.full(rows, 0.002), np.zeros(rows)))
        for placement in THIGHS:
            self.buffer.add_tension(placement, time_s[::10], 0.95 + self.rng.normal(0.0, 0.002, len(time_s[::10])))
        self.buffer.show(_at(self.now_s, float(gap_m[-1])))


def repaint_ms(frames: int = 120) -> float:
    """Median time of a frame: the last minute of four plots, and everything else, with a 15-minute history."""
    fed = Fed()
    for _minute in range(round(HISTORY_S / 60)):
        fed.feed(MINUTE_ROWS)
    _paint(fed.page)
    times: list[float] = []
    for _frame in range(frames):
        fed.feed(2)
        start = time.perf_counter()
        _paint(fed.page)
        times.append(time.perf_counter() - start)
    fed.page.close()
    return 1e3 * float(np.median(times))


def live_figures() -> dict[str, float]:
    """Notification to screen, and CPU of window and acquisition together, over a session that is 15 minutes old."""
    with TemporaryDirectory() as folder:
        session = PlayedSession(Path(folder), EXERCISE_S, HISTORY_S)
        # As in the program's own window.
        collector = GarbageCollector()
        session.start()
        page = Watched(session)
        page.resize(*USUAL_PX)
        page.show()
        _run(2.0)
        page.ages_s.clear()
        used = _cpu_share(lambda: _run(MEASURED_S))
        ages = page.ages_s
        page.close()
        session.stop()
        del collector
        gc.enable()
    return {"notify_to_screen_ms_p95": 1e3 * float(np.percentile(ages, 95)), "window_cpu_pct": 100.0 * used}


class Watched(SessionPage):
    """A page that notes how old every notification was once the first frame that shows it was painted."""

    def __init__(self, session: PlayedSession) -> None:
        self._session, self._shown_s = session, 0.0
        self.ages_s: list[float] = []
        super().__init__(session.buffer, _ignored)

    def draw(self) -> None:
        stamp_s = self._session.buffer.stamp_s
        super().draw()
        if stamp_s > self._shown_s:
            self.curves.gap.viewport().repaint()
            now_s = self._session.age_s(0.0)
            self.ages_s += [now_s - at_s for at_s in self._session.arrivals_s(self._shown_s, stamp_s)]
            self._shown_s = stamp_s


def memory_growth_mb_per_h() -> float:
    """Growth of memory in an hour of session, its frames and rows drawn as fast as possible."""
    fed = Fed()
    # Qt's and numpy's pools fill in the first minutes; growth is what goes on after that.
    _draw_fast(fed, WARM_S)
    gc.collect()
    process = psutil.Process()
    before = process.memory_info().rss
    _draw_fast(fed, HOUR_S)
    gc.collect()
    grown = process.memory_info().rss - before
    fed.page.close()
    return grown / 1e6


def _draw_fast(fed: Fed, seconds: int) -> None:
    # Three of thirty frames a second are drawn: growth comes from rows and from redrawing, not from the rate.
    for k in range(3 * seconds):
        fed.feed(17 if k % 3 else 16)
        fed.page.draw()
        if k % 9 == 0:
            QApplication.processEvents()


def _paint(page: SessionPage) -> None:
    """Draws one frame and paints all four plots now; changed words are painted by Qt's own events."""
    page.draw()
    for plot in page.curves.plots:
        plot.viewport().repaint()
    QApplication.processEvents()


def _at(now_s: float, gap_m: float) -> Board:
    return replace(EXERCISING, now_s=now_s, gap_m=gap_m, hold_s=now_s % 60)


def _ignored(action: object) -> None:
    del action


def _run(seconds: float) -> None:
    """Lets Qt's timers run, as an event loop does."""
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()


def _cpu_share(work: Callable[[], None]) -> float:
    """Share of one core that the process takes while `work` goes on."""
    process = psutil.Process()
    before, start = process.cpu_times(), time.perf_counter()
    work()
    after, end = process.cpu_times(), time.perf_counter()
    return (after.user + after.system - before.user - before.system) / (end - start)
