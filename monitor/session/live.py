"""A live session: straps to recording, coach, analysis and screen, on one event loop.

Invariant: every path out of here seals the recording; tasks are made here alone, inside one TaskGroup. Time is the
loop's, so that a loop whose clock jumps runs the same session faster.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from analysis.chain import LiveUpdate
from analysis.params import AnalysisParams
from analysis.priors import NO_PRIORS, Priors, priors_of, priors_text
from monitor.coach.coach import Coach
from monitor.coach.plan import Calibration, Phase, Plan
from monitor.coach.signals import Action, CoachEvent, Ending
from monitor.coach.steps import steps
from monitor.language import gettext as _
from monitor.live_buffer import LiveBuffer
from monitor.session.buzzing import buzz, pattern_of
from monitor.session.course import Blocks, Course, Told
from monitor.session.gathering import Gathering
from monitor.session.heard import Heard
from monitor.session.legs import statuses_as_worn, tell_placements
from monitor.session.log import SessionLog
from monitor.session.reception import Reception
from monitor.session.scoreboard import Scoreboard
from sensor.errors import KneeGapError
from sensor.exchanged import exchanged, exchanged_blocks
from sensor.link.link_events import LinkEvent, StrapJoined, StreamArrived
from sensor.link.straps import Straps
from sensor.recordings.recording import RecordingWriter, recorded_time
from sensor.samples import THIGHS, Placement
from sensor.slots import Part
from sensor.tables.wearer_file import wearer_from_text, wearer_text
from sensor.wearer import Wearer

# With nothing on the air the wearer is heard this often.
IDLE_S = 0.15
# With nothing on the air the session's time goes on, this far behind the clock.
BEHIND_S = 0.2
FINISH_WITHIN_S = 6.0

Observer = Callable[[CoachEvent | LiveUpdate | Heard], None]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LiveSetup:
    """What a session is made of; `metadata` goes to its recording, and so does what `recall` knows of its straps.

    `first` are questions that come before all else; `buzzes` tells whether the straps are to buzz now.
    """

    recording: Path
    plan: Plan
    calibration: Calibration | None
    wearer: Wearer | None
    spacer_mm: float = 67.0
    params: AnalysisParams = field(default_factory=AnalysisParams)
    metadata: Mapping[str, str] = field(default_factory=dict[str, str])
    first: tuple[Phase, ...] = ()
    buzzes: Callable[[], bool] = lambda: False
    recall: Callable[[Mapping[Placement, str]], Priors] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a session ended; `samples_came` False where there is nothing to analyze."""

    ending: Ending | None
    samples_came: bool
    trouble: KneeGapError | None


class LiveSession:
    """One session; `run` it once."""

    def __init__(
        self,
        setup: LiveSetup,
        buffer: LiveBuffer,
        actions: Callable[[], list[Action]],
        observers: Sequence[Observer] = (),
    ) -> None:
        self._setup, self._actions, self._observers = setup, actions, observers
        self._scoreboard = Scoreboard(buffer, setup.plan.title, holding=setup.plan.holding, sides=setup.plan.sides)
        self._reception = Reception(THIGHS)
        self._pending: list[LinkEvent] = []
        self._wake = asyncio.Event()
        self._gathering = Gathering()
        self._waking: asyncio.TimerHandle | None = None
        self._serials: dict[Placement, str] = {}
        self._samples_came = self._received_all = False
        self._trouble: KneeGapError | None = None

    @property
    def scoreboard(self) -> Scoreboard:
        """The session's board, for a last word after `run`."""
        return self._scoreboard

    async def run(self, straps: Straps) -> Outcome:
        """Leads the session to its end on `straps`, not entered yet; a trouble of the radio is in the outcome."""
        setup = self._setup
        self._log = SessionLog(RecordingWriter(setup.recording, _metadata(setup)))
        start_s = recorded_time(asyncio.get_running_loop().time())
        self._log.start(start_s)
        coach = Coach(setup.plan, steps(setup.plan, setup.calibration, setup.spacer_mm, setup.first))
        wearer = _recorded_wearer(setup)
        self._course = Course(coach, wearer, setup.plan.name, setup.params, start_s, recall=self._recalled)
        try:
            async with straps, asyncio.TaskGroup() as tasks:
                tasks.create_task(self._receive(straps))
                await self._lead(straps, tasks)
        finally:
            self._tell(self._course.finish())
            self._show()
            self._log.close()
        return Outcome(self._course.view().ending, self._samples_came, self._trouble or self._log.trouble)

    async def _receive(self, straps: Straps) -> None:
        """Everything from the radio is written down first, then waits for `_lead`."""
        try:
            async for event in straps:
                self._log.link(event)
                self._pending.append(event)
                self._samples_came |= isinstance(event, StreamArrived)
                if isinstance(event, StrapJoined) and event.part is Part.STRAP:
                    self._serials[event.placement] = event.info.serial
                self._wake_for(event)
        except KneeGapError as error:
            self._trouble = error
        finally:
            self._received_all = True
            self._wake.set()

    def _recalled(self, swapped: bool) -> Priors:
        """What is remembered of the straps, as the recording gives it back to a replay."""
        recall = self._setup.recall
        if recall is None:
            return NO_PRIORS
        text = priors_text(recall(exchanged(self._serials) if swapped else self._serials))
        self._log.metadata({"memory": text})
        return priors_of(text)

    def _wake_for(self, event: LinkEvent) -> None:
        """Wakes `_lead` once what belongs together is here."""
        strap = event.placement if isinstance(event, StreamArrived) else None
        work_s = self._gathering.heard(asyncio.get_running_loop().time(), strap)
        if self._waking is None or work_s < self._waking.when():
            self._wake_at(work_s)

    def _wake_at(self, time_s: float) -> None:
        if self._waking is not None:
            self._waking.cancel()
        self._waking = asyncio.get_running_loop().call_at(time_s, self._wake.set)

    async def _lead(self, straps: Straps, tasks: asyncio.TaskGroup) -> None:
        finishing: asyncio.Task[None] | None = None
        self._wake_at(asyncio.get_running_loop().time() + IDLE_S)
        while not (self._received_all and not self._pending):
            await self._wake.wait()
            self._wake.clear()
            now_s = asyncio.get_running_loop().time()
            self._wake_at(now_s + IDLE_S)
            self._gathering.worked(now_s)
            for event in self._step():
                pattern = pattern_of(event)
                if pattern is not None and self._setup.buzzes():
                    tasks.create_task(buzz(straps, pattern))
            if self._course.ended and finishing is None:
                _log.info("session over, fetching what is missing")
                self._scoreboard.message = _("Fetching what is still missing from the straps …")
                finishing = tasks.create_task(self._finish(straps))

    async def _finish(self, straps: Straps) -> None:
        if self._course.swapped:
            await tell_placements(straps)
        await straps.finish(FINISH_WITHIN_S)

    def _step(self) -> Sequence[CoachEvent]:
        """Works on what has arrived since the last step; gives what the coach said."""
        events, self._pending = self._pending, []
        now_s = asyncio.get_running_loop().time()
        until_s = max(_time_s(events[-1]) if events else now_s - BEHIND_S, self._course.until_s)
        actions = self._actions() + self._reception.told()
        for action in actions:
            self._log.action(action, until_s)
        blocks = self._reception.decode(events)
        told = self._course.push(until_s, blocks, self._reception.lost(until_s), actions)
        for event in told.events:
            self._log.coach(event)
        self._log.beat(now_s)
        self._tell(told, blocks)
        self._show()
        return told.events

    def _tell(self, told: Told, blocks: Blocks | None = None) -> None:
        blocks = exchanged_blocks(blocks) if blocks and self._course.swapped else blocks
        heard = (Heard(blocks),) if blocks else ()
        for item in (*heard, *told.events, *told.updates):
            for observe in self._observers:
                observe(item)
        for update in told.updates:
            self._log.corrections(update.corrections, self._course.zero_s or 0.0)
        self._scoreboard.follow(told.events, told.updates)

    def _show(self) -> None:
        if self._log.trouble:
            self._scoreboard.message = str(self._log.trouble)
        until_s = self._course.until_s
        straps = self._reception.status(until_s)
        straps = statuses_as_worn(straps) if self._course.swapped else straps
        self._scoreboard.show(self._course.view(), straps, until_s, self._course.zero_s, stamp_s=until_s)


def _time_s(event: LinkEvent) -> float:
    return recorded_time(event.arrival_s if isinstance(event, StreamArrived) else event.time_s)


def _metadata(setup: LiveSetup) -> dict[str, str]:
    worn_by = {} if setup.wearer is None else {"wearer": wearer_text(setup.wearer)}
    return {"exercise": setup.plan.name} | worn_by | dict(setup.metadata)


def _recorded_wearer(setup: LiveSetup) -> Wearer | None:
    """The sizes as the recording gives them back, so that a replay computes with the same."""
    return None if setup.wearer is None else wearer_from_text(setup.recording, wearer_text(setup.wearer))
