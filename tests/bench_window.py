"""What the live window costs: repaint, notification to screen, CPU beside acquisition, memory over hours.

Offscreen at 30 frames per second; the session's side is fed with made-up samples at the straps' rates, so that the
figures are those of window, ring and acquisition without the simulator.
"""

import gc
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import psutil
from PySide6.QtWidgets import QApplication

from analysis.results import GapSeries
from monitor.board import Board
from monitor.live_buffer import LiveBuffer
from monitor.live_window.session_page import SessionPage
from sensor.samples import THIGHS
from tests.monitor.boards import EXERCISING

RATE_HZ = 100.0
MINUTE_ROWS = int(60 * RATE_HZ)
PACKET_S = 0.05
WARM_FRAMES = 16_000


def window_figures() -> dict[str, float]:
    """All figures of the window."""
    app = QApplication.instance() or QApplication([])
    app.processEvents()
    return {
        "repaint_ms": repaint_ms(),
        "notify_to_screen_ms_p95": notify_to_screen_ms_p95(),
        "window_cpu_pct": window_cpu_pct(),
        "memory_growth_mb_per_h": memory_growth_mb_per_h(),
    }


class Fed:
    """A window whose ring is fed as a session would."""

    def __init__(self) -> None:
        self.buffer = LiveBuffer(RATE_HZ)
        self.now_s = 0.0
        self.rng = np.random.default_rng(1)
        self.feed(MINUTE_ROWS)
        self.window = SessionPage(self.buffer, lambda _: None)
        self.window.show()

    def feed(self, rows: int) -> None:
        """The next rows of gap and tension, and a board that shows them; stamped with this moment."""
        time_s = self.now_s + np.arange(1, rows + 1) / RATE_HZ
        self.now_s = float(time_s[-1])
        gap_m = 0.02 + 0.018 * np.sin(time_s / 3.0) + self.rng.normal(0.0, 0.0005, rows)
        self.buffer.add_gap(GapSeries(time_s, gap_m, np.full(rows, 0.002), np.zeros(rows)))
        for placement in THIGHS:
            self.buffer.add_tension(placement, time_s, 0.95 + self.rng.normal(0.0, 0.002, rows))
        self.buffer.show(_at(self.now_s, float(gap_m[-1])), time.perf_counter())

    def frame(self) -> None:
        """Draws one frame and paints all four plots now; changed words are painted by Qt's own events."""
        self.window.draw()
        for plot in self.window.curves.plots:
            plot.viewport().repaint()
        QApplication.processEvents()


def repaint_ms(frames: int = 120) -> float:
    """Median time of a frame: the last minute of four plots at 100 Hz, and everything else."""
    fed = Fed()
    fed.frame()
    times: list[float] = []
    for _ in range(frames):
        fed.feed(3)
        start = time.perf_counter()
        fed.frame()
        times.append(time.perf_counter() - start)
    fed.window.close()
    return 1e3 * float(np.median(times))


def notify_to_screen_ms_p95(seconds: float = 6.0) -> float:
    """Age of each notification's newest sample once the frame that shows it was painted."""
    fed = Fed()
    ages: list[float] = []
    shown = 0.0
    draw = fed.window.draw

    def frame() -> None:
        nonlocal shown
        stamp = fed.buffer.stamp_s
        draw()
        fed.window.curves.gap.viewport().repaint()
        if stamp > shown:
            shown = stamp
            ages.append(time.perf_counter() - stamp)

    _rewire(fed, frame)
    _run(fed, seconds)
    fed.window.close()
    return 1e3 * float(np.percentile(ages, 95))


def window_cpu_pct(seconds: float = 6.0) -> float:
    """Share of one core that window and ring take at 30 frames per second."""
    fed = Fed()
    process = psutil.Process()
    before, start = process.cpu_times(), time.perf_counter()
    _run(fed, seconds)
    after, end = process.cpu_times(), time.perf_counter()
    fed.window.close()
    return 100.0 * (after.user + after.system - before.user - before.system) / (end - start)


def memory_growth_mb_per_h(minutes: float = 10.0) -> float:
    """Growth of memory per hour of session, from the frames and rows of so many minutes drawn as fast as possible."""
    fed = Fed()
    # Qt's and numpy's pools fill in the first minutes; growth is what goes on after that.
    _draw_fast(fed, WARM_FRAMES)
    gc.collect()
    process = psutil.Process()
    before = process.memory_info().rss
    _draw_fast(fed, int(minutes * 60 * 30))
    gc.collect()
    grown = process.memory_info().rss - before
    fed.window.close()
    return grown / 1e6 * 60.0 / minutes


def _draw_fast(fed: Fed, frames: int) -> None:
    for k in range(frames):
        fed.feed(3 if k % 3 else 4)
        fed.window.draw()
        if k % 30 == 0:
            QApplication.processEvents()


def _at(now_s: float, gap_m: float) -> Board:
    return replace(EXERCISING, now_s=now_s, gap_m=gap_m, hold_s=now_s % 60)


def _rewire(fed: Fed, frame: Callable[[], None]) -> None:
    """Lets the window's own timer call `frame` in place of `draw`."""
    fed.window.frame_timer.timeout.disconnect()
    fed.window.frame_timer.timeout.connect(frame)


def _run(fed: Fed, seconds: float) -> None:
    """Feeds a packet of five samples every 50 ms while Qt's timers run."""
    end = time.perf_counter() + seconds
    due = time.perf_counter()
    while time.perf_counter() < end:
        if time.perf_counter() >= due:
            due += PACKET_S
            fed.feed(round(PACKET_S * RATE_HZ))
        QApplication.processEvents()
        time.sleep(0.001)
