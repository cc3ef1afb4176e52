"""A live session at any point of its course, in real time, without the simulator: what its straps sent is played to it.

Everything behind the radio is the program's own: recording, decoder, clock, analysis and board. The coach follows the
person's diary, since what was sent cannot follow a coach. The first part passes as fast as it can be worked on.
"""

import asyncio
import selectors
import threading
import time
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self, cast
from unittest.mock import patch

import numpy as np

from firmware_sim.person.build import taped
from firmware_sim.person.virtual_person import VirtualPerson
from monitor.coach.coach import Coach
from monitor.coach.plan import Plan
from monitor.coach.plans import load_plan
from monitor.coach.signals import Action, CoachEvent, CoachView, MarkerClosed, MarkerOpened, Seen, Zeroed
from monitor.coach.steps import Step
from monitor.live_buffer import LiveBuffer
from monitor.session import live
from monitor.session.live import LiveSession, LiveSetup
from sensor.drivers.known import OWN
from sensor.link.link_events import BatteryLevel, LinkEvent, StrapJoined, StreamArrived
from sensor.link.straps import Straps
from sensor.packet import encode_info
from sensor.recordings.recording import recorded_time
from sensor.samples import Placement
from tests.bench_analysis import SEED, lived, notified

# Host time of the session's first sample; the coach begins a little earlier.
LEAD_S = 1.0


class CatchingUp(asyncio.SelectorEventLoop):
    """A loop whose clock jumps from timer to timer up to `real_from_s` and keeps time from there on."""

    def __init__(self, real_from_s: float) -> None:
        self._clock = _Clock(real_from_s)
        super().__init__(self._clock)

    def time(self) -> float:
        return self._clock.time()

    @property
    def keeps_time(self) -> bool:
        """Whether the clock is the world's by now."""
        return self._clock.real_since > 0.0


class _Clock(selectors.DefaultSelector):
    def __init__(self, real_from_s: float) -> None:
        super().__init__()
        self.real_from_s, self.real_since, self._now_s = real_from_s, 0.0, 0.0

    def time(self) -> float:
        return time.perf_counter() - self.real_since + self.real_from_s if self.real_since else self._now_s

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if self.real_since:
            return super().select(timeout)
        ready = super().select(timeout if timeout is None else 0)
        if timeout is not None and not ready:
            self._now_s += max(0.0, timeout)
        if self._now_s >= self.real_from_s:
            self.real_since = time.perf_counter() - (self._now_s - self.real_from_s)
        return ready


class PlayedStraps:
    """What the straps of `person` `sent`, each notification at its time."""

    def __init__(self, sent: Sequence[tuple[float, Placement, bytes]], person: VirtualPerson) -> None:
        self._events: list[LinkEvent] = []
        for placement, module in person.modules.items():
            raw = encode_info(module.info)
            self._events.append(StrapJoined(placement, LEAD_S, "", module.info, raw, placement, OWN))
            self._events.append(BatteryLevel(placement, LEAD_S, 80, low=False))
        self._events += [StreamArrived(placement, LEAD_S + at_s, data) for at_s, placement, data in sent]

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    async def __aiter__(self) -> AsyncIterator[LinkEvent]:
        loop = asyncio.get_running_loop()
        for event in self._events:
            wait_s = (event.arrival_s if isinstance(event, StreamArrived) else event.time_s) - loop.time()
            if wait_s > 0:
                await asyncio.sleep(wait_s)
            yield event

    async def finish(self, within_s: float) -> None:
        """Nothing is missing."""
        del within_s


class _DiaryCoach:
    """Opens and closes the markers of the person's diary, and asks for nothing."""

    ended = False

    def __init__(self, person: VirtualPerson) -> None:
        due: list[tuple[float, CoachEvent]] = []
        for m in person.diary.markers:
            start_s, end_s = LEAD_S + m.start_s, LEAD_S + m.end_s
            due += [(start_s, MarkerOpened(start_s, m.label, m.value)), (end_s, MarkerClosed(end_s, m.label))]
        zero_s = LEAD_S + (person.diary.donned_s or 0.0)
        due.append((zero_s, Zeroed(zero_s)))
        self._due = sorted(due, key=lambda d: d[0])

    def tick(self, now_s: float, seen: Seen, actions: Collection[Action]) -> list[CoachEvent]:
        del seen, actions
        out: list[CoachEvent] = []
        while self._due and self._due[0][0] <= now_s:
            out.append(self._due.pop(0)[1])
        return out

    def view(self) -> CoachView:
        return CoachView("Knees together", "Press your knees together.", progress=0.4, round=1, rounds=1)


class PlayedSession:
    """A session whose straps' first `before_s` seconds are over, running in a thread of its own."""

    def __init__(self, folder: Path, exercise_s: float, before_s: float) -> None:
        self._person = lived(exercise_s)
        self._sent = sorted(notified(self._person), key=lambda n: n[0])
        self._arrivals_s = np.array([recorded_time(LEAD_S + at_s) for at_s, _strap, _data in self._sent])
        self.buffer = LiveBuffer()
        self._loop = CatchingUp(LEAD_S + before_s)
        self._setup = LiveSetup(folder / "recording.mcap", load_plan("clamp"), None, taped(self._person.build, SEED))
        self._thread = threading.Thread(target=self._run)

    def start(self) -> None:
        """Comes back once the session keeps time."""
        self._thread.start()
        while self._thread.is_alive() and not self._loop.keeps_time:
            time.sleep(0.05)
        if not self._thread.is_alive():
            raise RuntimeError("the session ended before it kept time")

    def age_s(self, stamp_s: float) -> float:
        """How long ago a host time was."""
        return self._loop.time() - stamp_s

    def arrivals_s(self, after_s: float, until_s: float) -> list[float]:
        """When the notifications of a stretch of host time arrived."""
        first, end = np.searchsorted(self._arrivals_s, (after_s, until_s), side="right")
        return self._arrivals_s[first:end].tolist()

    def stop(self) -> None:
        """Ends the session."""
        self._loop.call_soon_threadsafe(self._cancel)
        self._thread.join()

    def _cancel(self) -> None:
        for task in asyncio.all_tasks(self._loop):
            task.cancel()

    def _run(self) -> None:
        def coach(plan: Plan, steps: Sequence[Step]) -> Coach:
            del plan, steps
            return cast(Coach, _DiaryCoach(self._person))

        session = LiveSession(self._setup, self.buffer, list)
        straps = cast(Straps, PlayedStraps(self._sent, self._person))
        with patch.object(live, "Coach", coach), suppress(asyncio.CancelledError):
            self._loop.run_until_complete(session.run(straps))
        self._loop.close()
