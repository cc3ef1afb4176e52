"""The order of phases: what is asked of the wearer now, which markers are open, when it is over.

Invariant: `tick` is called with rising times on the fixed grid TICK_S; its events depend on what it was given alone.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from monitor.coach.cues import Cues
from monitor.coach.phases import PhaseRun, Progress, start
from monitor.coach.plan import Calibration, Doing, Phase, PhaseKind, Plan, Question, Signal, Tone
from monitor.coach.signals import (
    Action,
    CoachEvent,
    CoachView,
    Ended,
    Ending,
    MarkerClosed,
    MarkerOpened,
    Prompted,
    Seen,
    Zeroed,
)
from sensor.markers import Label

TICK_S = 0.1
# A marker's edge lies just behind the tick that decided it, so that it belongs to the data that follow; one that ends
# at a tick ends before another one starts.
END_S = 0.001
START_S = 0.002
LOST_PAUSES_S = 3.0
# Time to answer a prompt before apart knees are a mistake.
REACT_S = 4.0

ADVICE = {
    Ending.FINISHED: "Finished.",
    Ending.STOPPED: "Stopped. What was recorded is kept.",
    Ending.PAIN: "Stop. Let go, loosen straps and band, rest. If the pain stays, ask a doctor.",
    Ending.NUMBNESS: "Stop. Loosen straps and band now, move your feet. If feeling does not return, ask a doctor.",
    Ending.NO_ANSWER: "No answer: stopped to be safe. Untie and loosen everything.",
    Ending.NOT_TODAY: "Not today: this exercise is not for you now. Ask a professional first.",
}
_FEELINGS = {Action.PAIN: Ending.PAIN, Action.NUMBNESS: Ending.NUMBNESS}


@dataclass(frozen=True, slots=True)
class Step:
    """A phase at its place in the session; `round` counts from 1, 0 outside the exercise proper."""

    phase: Phase
    round: int = 0
    calibrating: bool = False


def steps(plan: Plan, calibration: Calibration | None, spacer_mm: float = 67.0) -> tuple[Step, ...]:
    """All phases of a session in order; without `calibration` it starts in the exercise's position."""
    out: list[Step] = []
    for phase in calibration.steps if calibration else ():
        if phase.marker == Label.SPACER:
            width = f"{spacer_mm:g}"
            phase = replace(phase, value=width, say=phase.say.format(value=width))
        out.append(Step(phase, calibrating=True))
        if phase.kind is PhaseKind.PUT_ON:
            out.append(Step(plan.settle, calibrating=True))
    out = out or [Step(plan.settle)]
    out += [Step(phase) for phase in plan.before]
    out += [Step(phase, round=i + 1) for i in range(plan.rounds) for phase in plan.round]
    out += [Step(phase) for phase in plan.after]
    return tuple(out)


class Coach:
    """Leads through `steps`; see `tick`."""

    def __init__(self, plan: Plan, steps: Sequence[Step]) -> None:
        self._plan = plan
        self._steps = tuple(steps)
        self._at = -1
        self._run: PhaseRun | None = None
        self._progress = Progress()
        self._t_s = 0.0
        self._last_s: float | None = None
        self._open: list[str] = []
        self._paused = False
        self._lost_s = 0.0
        self._exercise_s = 0.0
        self._asked: tuple[Question, float] | None = None
        self._ending: Ending | None = None
        self._cues = Cues(plan.cues)

    @property
    def ended(self) -> bool:
        """Whether nothing more will be asked."""
        return self._ending is not None

    @property
    def step(self) -> Step:
        """The step under way."""
        return self._steps[max(self._at, 0)]

    def tick(self, now_s: float, seen: Seen, actions: Collection[Action] = ()) -> list[CoachEvent]:
        """What follows from the time `now_s` and what is known at it."""
        if self._ending is not None:
            return []
        events: list[CoachEvent] = [] if self._run else self._enter(now_s, 0)
        actions = [self._tapped() if a is Action.TAP else a for a in actions]
        for action in actions:
            if action in _FEELINGS:
                return events + self._mark(now_s, action) + self._end(now_s, _FEELINGS[action])
            if action is Action.MARK:
                events += self._mark(now_s, action)
        if Action.STOP in actions:
            return events + self._end(now_s, Ending.STOPPED)
        self._advance_clock(now_s, seen, actions)
        return events + self._go_on(now_s, seen, actions)

    def view(self) -> CoachView:
        """What the screens show now."""
        step, progress = self.step, self._progress
        asking = self._asked is not None or step.phase.kind is PhaseKind.ASK
        text = self._asked[0].say if self._asked else step.phase.say
        return CoachView(
            title=step.phase.title,
            text=ADVICE[self._ending] if self._ending else text,
            cue="" if self._ending else self._cues.shown,
            note=progress.note,
            countdown_s=self._asked[1] if self._asked else progress.countdown_s,
            progress=progress.fraction,
            round=step.round,
            rounds=self._plan.rounds,
            paused=self.paused,
            asking=asking and self._ending is None,
            calibrating=step.calibrating,
            ending=self._ending,
        )

    @property
    def paused(self) -> bool:
        """Whether time stands still, by the wearer's wish or because a strap is lost."""
        return self._paused or self._lost_s >= LOST_PAUSES_S

    def _tapped(self) -> Action:
        """A double tap: on with it while calibrating, no to a question, pain at any other time."""
        if self._asked or self.step.phase.kind is PhaseKind.ASK:
            return Action.NO
        return Action.CONFIRM if self.step.calibrating else Action.PAIN

    def _advance_clock(self, now_s: float, seen: Seen, actions: Collection[Action]) -> None:
        passed_s = 0.0 if self._last_s is None else now_s - self._last_s
        self._last_s = now_s
        self._lost_s = self._lost_s + passed_s if seen.lost else 0.0
        if Action.PAUSE in actions:
            self._paused = not self._paused
        if not self.paused:
            self._t_s += passed_s
            self._exercise_s += passed_s if self.step.round else 0.0

    def _go_on(self, now_s: float, seen: Seen, actions: Collection[Action]) -> list[CoachEvent]:
        if self._asked or self._question_due():
            return self._question(now_s, actions)
        if self._run is None or (self.paused and Action.SKIP not in actions):
            return self._cued(now_s, seen)
        self._progress = self._run.tick(self._t_s, seen, actions)
        if self._progress.ending:
            return self._end(now_s, self._progress.ending)
        events = self._cued(now_s, seen) + self._marker(now_s, self._progress.marking)
        if self._progress.done or Action.SKIP in actions:
            events += self._leave(now_s)
        return events

    def _cued(self, now_s: float, seen: Seen) -> list[CoachEvent]:
        signals = set(seen.signals) if self.step.round else set[Signal]()
        if seen.lost:
            signals.add(Signal.STRAP_LOST)
        holding = self.step.phase.kind is PhaseKind.HOLD and self._t_s >= REACT_S
        if holding and not seen.together and not seen.lost and not self.paused:
            signals.add(Signal.APART)
        if self._progress.moving and self.step.round:
            signals.add(Signal.MOVING)
        return list(self._cues.tick(now_s, signals))

    def _enter(self, now_s: float, at: int) -> list[CoachEvent]:
        self._at = at
        self._t_s = 0.0
        self._progress = Progress()
        phase = self._steps[at].phase
        self._run = start(phase)
        tone = Tone.ASK if phase.kind is PhaseKind.ASK else Tone.START
        events: list[CoachEvent] = [_prompt(now_s, phase, tone)]
        if self._steps[at].round and Label.EXERCISE not in self._open:
            events += self._open_marker(now_s, Label.EXERCISE, self._plan.name)
        return events

    def _leave(self, now_s: float) -> list[CoachEvent]:
        phase = self.step.phase
        events = self._marker(now_s, marking=False)
        if phase.kind is PhaseKind.PUT_ON:
            events.append(Zeroed(now_s))
        last = self._at + 1 == len(self._steps)
        if self.step.round and (last or not self._steps[self._at + 1].round):
            events += self._close_marker(now_s, Label.EXERCISE)
        return events + (self._end(now_s, Ending.FINISHED) if last else self._enter(now_s, self._at + 1))

    def _end(self, now_s: float, ending: Ending) -> list[CoachEvent]:
        self._ending = ending
        events: list[CoachEvent] = []
        for label in reversed(self._open.copy()):
            events += self._close_marker(now_s, label)
        tone = Tone.DONE if ending is Ending.FINISHED else Tone.ALARM
        return [*events, Prompted(now_s, Doing.STOP, ADVICE[ending], tone), Ended(now_s, ending)]

    def _question_due(self) -> bool:
        for question in self._plan.questions:
            if self._exercise_s > question.every_s + TICK_S and self.step.round:
                self._exercise_s = 0.0
                self._asked = (question, question.wait_s)
                return True
        return False

    def _question(self, now_s: float, actions: Collection[Action]) -> list[CoachEvent]:
        if self._asked is None:
            return []
        question, left_s = self._asked
        if Action.YES in actions:
            return self._mark(now_s, Action.PAIN) + self._end(now_s, Ending.PAIN)
        if Action.NO in actions:
            self._asked = None
            return [_prompt(now_s, self.step.phase, Tone.DONE)]
        if left_s <= 0:
            return self._end(now_s, Ending.NO_ANSWER)
        self._asked = (question, left_s - TICK_S)
        first = left_s >= question.wait_s
        return [Prompted(now_s, Doing.ANSWER, question.say, Tone.ASK)] if first else []

    def _marker(self, now_s: float, marking: bool) -> list[CoachEvent]:
        label = self.step.phase.marker
        if label and marking and label not in self._open:
            return self._open_marker(now_s, label, self.step.phase.value)
        if label and not marking and label in self._open:
            return self._close_marker(now_s, label)
        return []

    def _mark(self, now_s: float, action: Action) -> list[CoachEvent]:
        return [MarkerOpened(now_s + START_S, action, ""), MarkerClosed(now_s + START_S, action)]

    def _open_marker(self, now_s: float, label: str, value: str) -> list[CoachEvent]:
        self._open.append(label)
        return [MarkerOpened(now_s + START_S, label, value)]

    def _close_marker(self, now_s: float, label: str) -> list[CoachEvent]:
        self._open.remove(label)
        return [MarkerClosed(now_s + END_S, label)]


def _prompt(now_s: float, phase: Phase, tone: Tone) -> Prompted:
    return Prompted(now_s, phase.do, phase.say, tone, phase.countdown_s + phase.seconds)
