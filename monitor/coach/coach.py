"""The order of phases: what is asked of the wearer now, which markers are open, when it is over.

Invariant: `tick` is called with rising times on the fixed grid TICK_S; its events depend on what it was given alone.
"""

from collections.abc import Collection, Sequence
from math import ceil

from analysis.exercises.mistakes import Mistake
from analysis.results import RepVerdict
from monitor.coach.advice import advice
from monitor.coach.asked import Asked
from monitor.coach.attendance import Attendance
from monitor.coach.cues import Cues
from monitor.coach.phases import start
from monitor.coach.plan import Doing, Phase, PhaseKind, Plan, Question, Tone
from monitor.coach.progress import PhaseRun, Progress
from monitor.coach.questions import Questions
from monitor.coach.signals import (
    Action,
    Answered,
    CoachEvent,
    CoachView,
    Counted,
    Ended,
    Ending,
    Judged,
    MarkerClosed,
    MarkerOpened,
    Prompted,
    Reached,
    Seen,
    Zeroed,
)
from monitor.coach.steps import Step
from monitor.coach.worn_wrong import WornWrong
from sensor.markers import Label

TICK_S = 0.1
# A marker's edge lies just behind the tick that decided it, so that it belongs to the data that follow; one that ends
# at a tick ends before another one starts.
END_S = 0.001
START_S = 0.002
COUNTED_S = 3
# Who is to hold for longer than that holds for as long as he likes.
ENDLESS_S = 10_800.0

_FEELINGS = {Action.PAIN: Ending.PAIN, Action.NUMBNESS: Ending.NUMBNESS}
_JUDGED = {RepVerdict.OK: Tone.GOOD, RepVerdict.SHORT: Tone.NONE, RepVerdict.UNKNOWN: Tone.NONE}


class Coach:
    """Leads through `steps`; see `tick`."""

    def __init__(self, plan: Plan, steps: Sequence[Step]) -> None:
        self._plan = plan
        self._steps = tuple(steps)
        self._preparations = next((i for i, s in enumerate(self._steps) if s.round), len(self._steps))
        self._at = -1
        self._run: PhaseRun | None = None
        self._progress = Progress()
        self._t_s = 0.0
        self._last_s: float | None = None
        self._open: list[str] = []
        self._ending: Ending | None = None
        self._zeroed = False
        self._said_yes = False
        self._judged = 0
        self._attendance = Attendance()
        self._questions = Questions(plan.questions)
        self._asked = Asked()
        self._cues = Cues(plan.cues)
        self._worn_wrong = WornWrong()

    @property
    def ended(self) -> bool:
        """Whether nothing more will be asked."""
        return self._ending is not None

    @property
    def step(self) -> Step:
        """The step under way."""
        return self._steps[max(self._at, 0)]

    @property
    def paused(self) -> bool:
        """Whether time stands still."""
        return self._attendance.paused

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
        passed_s = self._pass_time(now_s, seen, actions)
        if self._attendance.gone:
            return events + self._end(now_s, Ending.LEFT)
        events += [*self._judge(now_s, seen), *self._worn_wrong.tick(now_s, seen)]
        if self._questions.asked is not None:
            return events + self._question(now_s, self._questions.asked, passed_s, seen, actions)
        return events + self._go_on(now_s, seen, actions)

    def view(self) -> CoachView:
        """What the screens show now."""
        step, progress, question = self.step, self._progress, self._questions.asked
        asking = question is not None or step.phase.kind is PhaseKind.ASK
        text = question.say if question else step.phase.say
        return CoachView(
            title=step.phase.title,
            text=advice(self._ending) if self._ending else text,
            cue=self._shown_cue(),
            note=self._attendance.note or progress.note,
            word=progress.word or step.phase.title,
            picture=step.phase.drawing,
            countdown_s=self._questions.left_s if question else progress.countdown_s,
            progress=progress.fraction,
            goal_s=_goal_s(step.phase),
            round=step.round,
            rounds=self._plan.rounds,
            step=self._at + 1 if 0 <= self._at < self._preparations else 0,
            steps=self._preparations,
            paused=self.paused,
            # Before its first tick nothing was asked, whatever comes first.
            asking=asking and self._ending is None and self._run is not None,
            calibrating=step.calibrating,
            exercising=step.round > 0,
            closing=step.phase.kind is PhaseKind.HOLD,
            ending=self._ending,
        )

    def _shown_cue(self) -> str:
        return "" if self._ending else self._cues.shown or self._worn_wrong.shown

    def _tapped(self) -> Action:
        """A double tap: on with it while calibrating, an answer to a question, pain at any other time."""
        if self._questions.asked is not None or self.step.phase.kind is PhaseKind.ASK:
            # What has to be confirmed is not confirmed by a knock, nor refused by one.
            return Action.TAP
        before = self.step.calibrating or not self._zeroed
        return Action.CONFIRM if before else Action.PAIN

    def _pass_time(self, now_s: float, seen: Seen, actions: Collection[Action]) -> float:
        passed_s = 0.0 if self._last_s is None else now_s - self._last_s
        self._last_s = now_s
        if Action.PAUSE in actions:
            self._attendance.wish()
        exercising = self.step.round > 0
        self._attendance.tick(passed_s, seen, exercising=exercising)
        if not self.paused:
            self._t_s += passed_s
            self._questions.pass_by(passed_s if exercising else 0.0)
        return passed_s

    def _go_on(self, now_s: float, seen: Seen, actions: Collection[Action]) -> list[CoachEvent]:
        if self._run is None or (self.paused and Action.SKIP not in actions):
            return self._cued(now_s, seen)
        before = self._progress
        self._progress = self._run.tick(self._t_s, seen, actions)
        kept = self._answered(now_s, actions)
        if self._progress.ending:
            return [*kept, *self._end(now_s, self._progress.ending)]
        reached = [Reached(now_s, self._progress.word)] if self._progress.reached and not before.reached else []
        events = [*kept, *self._counted(now_s, before), *reached, *self._cued(now_s, seen)]
        events += self._marker(now_s, self._progress.marking)
        if self._progress.done or Action.SKIP in actions:
            events += self._leave(now_s, seen)
        return events

    def _cued(self, now_s: float, seen: Seen) -> list[CoachEvent]:
        phase, mistakes = self.step.phase, set[Mistake]()
        if not self.paused:
            mistakes = self._asked.mistakes(phase, self._t_s, seen, self._progress)
        if not self.step.round:
            mistakes &= {Mistake.FEET_APART}
        elif not self.paused:
            mistakes |= seen.mistakes | self._asked.wrong_side(phase, self._t_s, seen)
        if seen.lost:
            mistakes.add(Mistake.STRAP_LOST)
        return list(self._cues.tick(now_s, mistakes))

    def _counted(self, now_s: float, before: Progress) -> list[CoachEvent]:
        """The last seconds of a countdown that is to be heard."""
        if not (self._progress.counting and self._progress.countdown_s is not None):
            return []
        left, last = ceil(self._progress.countdown_s - 1e-6), COUNTED_S + 1
        if before.counting and before.countdown_s is not None:
            last = ceil(before.countdown_s - 1e-6)
        return [Counted(now_s, left)] if 0 < left <= COUNTED_S and left < last else []

    def _judge(self, now_s: float, seen: Seen) -> list[CoachEvent]:
        new, self._judged = seen.repetitions[self._judged :], len(seen.repetitions)
        return [Judged(now_s, r.side, r.verdict, r.reason, _JUDGED[r.verdict]) for r in new]

    def _answered(self, now_s: float, actions: Collection[Action]) -> list[CoachEvent]:
        self._said_yes = self._said_yes or Action.YES in actions
        over = self._progress.done or self._progress.ending is Ending.NOT_TODAY
        kept = self.step.phase.keep and over and (Action.YES in actions or Action.NO in actions)
        return [Answered(now_s, Action.YES in actions)] if kept else []

    def _enter(self, now_s: float, at: int) -> list[CoachEvent]:
        self._at = at
        self._t_s = 0.0
        self._progress = Progress()
        phase = self._steps[at].phase
        self._run = start(phase)
        tone = Tone.ASK if phase.kind is PhaseKind.ASK else Tone.START
        events: list[CoachEvent] = [_prompt(now_s, phase, tone)]
        if self._steps[at].round and Label.EXERCISE not in self._open:
            events = self._zero(now_s) + events
            events += self._open_marker(now_s, Label.EXERCISE, self._plan.name)
        return events

    def _leave(self, now_s: float, seen: Seen) -> list[CoachEvent]:
        phase = self.step.phase
        events = self._marker(now_s, marking=False)
        if phase.kind.zeroes:
            events += self._zero(now_s)
        following = self._following(seen)
        last = following == len(self._steps)
        if self.step.round and (last or not self._steps[following].round):
            events += self._close_marker(now_s, Label.EXERCISE)
        return events + (self._end(now_s, Ending.FINISHED) if last else self._enter(now_s, following))

    def _following(self, seen: Seen) -> int:
        """The next step that there is a reason for."""
        at = self._at + 1
        while at < len(self._steps) and self._left_out(self._steps[at].phase, seen):
            at += 1
        return at

    def _left_out(self, phase: Phase, seen: Seen) -> bool:
        """What is said only after a yes, and what is known already of how the straps sit."""
        return (phase.after_yes and not self._said_yes) or (phase.if_unknown and seen.mounted)

    def _zero(self, now_s: float) -> list[CoachEvent]:
        """Session zero, once; at the exercise's beginning at the latest, whatever was skipped."""
        first, self._zeroed = not self._zeroed, True
        return [Zeroed(now_s)] if first else []

    def _end(self, now_s: float, ending: Ending) -> list[CoachEvent]:
        self._ending = ending
        events: list[CoachEvent] = []
        for label in reversed(self._open.copy()):
            events += self._close_marker(now_s, label)
        tone = Tone.DONE if ending is Ending.FINISHED else Tone.ALARM
        return [*events, Prompted(now_s, Doing.STOP, advice(ending), tone), Ended(now_s, ending)]

    def _question(
        self, now_s: float, question: Question, passed_s: float, seen: Seen, actions: Collection[Action]
    ) -> list[CoachEvent]:
        due = self._questions.due
        ending = self._questions.tick(passed_s, seen, actions)
        if ending is Ending.PAIN:
            return self._mark(now_s, Action.PAIN) + self._end(now_s, ending)
        if ending is not None:
            return self._end(now_s, ending)
        if self._questions.asked is None:
            return [_prompt(now_s, self.step.phase, Tone.DONE)]
        return [Prompted(now_s, Doing.ANSWER, question.say, Tone.ASK, question.wait_s)] if due else []

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


def _goal_s(phase: Phase) -> float | None:
    """The net time that several holds may add up to."""
    adds_up = phase.kind is PhaseKind.HOLD and not phase.unbroken
    return phase.seconds if adds_up and phase.seconds < ENDLESS_S else None


def _prompt(now_s: float, phase: Phase, tone: Tone) -> Prompted:
    return Prompted(now_s, phase.do, phase.say, tone, phase.countdown_s + phase.seconds)
