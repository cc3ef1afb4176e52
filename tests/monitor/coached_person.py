"""A simulated person whom the coach leads through a whole session, without a radio between them.

What the person really did is in the diary of `Coached.person`; all times are on the person's clock.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator

from analysis.exercises.mistakes import Mistake
from analysis.params import AnalysisParams
from analysis.priors import Priors
from analysis.update import LiveUpdate
from firmware_sim.person import actions as sim
from firmware_sim.person.build import Build
from firmware_sim.person.streams import stream
from firmware_sim.person.virtual_person import VirtualPerson
from firmware_sim.sessions.simulate import si_block
from firmware_sim.worn.module import thigh_channels
from monitor.coach.coach import Coach
from monitor.coach.plan import Doing, Plan
from monitor.coach.plans import load_calibration, load_plan
from monitor.coach.signals import Action, CoachEvent, Cued, Ended, Ending, Judged, Prompted
from monitor.coach.steps import steps
from monitor.guided.simulated_wearer import SimulatedWearer
from monitor.session.course import Course
from monitor.session.worn_analysis import Recall
from sensor.gatt import Channel
from sensor.samples import THIGHS, Placement, SampleBlock
from sensor.wearer import Wearer

STEP_S = 0.1
PACKET = 5
LATE_S = 0.03
SPACER_MM = 67.0


@dataclass(slots=True)
class Coached:
    """A session that was led to its end."""

    person: VirtualPerson
    course: Course
    events: list[CoachEvent] = field(default_factory=list[CoachEvent])
    updates: list[LiveUpdate] = field(default_factory=list[LiveUpdate])

    @property
    def cues(self) -> list[tuple[float, Mistake]]:
        """What was corrected, and when."""
        return [(e.time_s, e.mistake) for e in self.events if isinstance(e, Cued)]

    @property
    def judged(self) -> list[Judged]:
        """The verdicts on repetitions."""
        return [e for e in self.events if isinstance(e, Judged)]

    @property
    def ending(self) -> Ending | None:
        """How it ended."""
        return next((e.ending for e in self.events if isinstance(e, Ended)), None)

    def asked_s(self, doing: Doing, nth: int = 0) -> float:
        """When this was asked for, for the `nth` time."""
        return [e.time_s for e in self.events if isinstance(e, Prompted) and e.doing is doing][nth]


Lost = Callable[[float], frozenset[Placement]]
Hands = Callable[["Coached", float], Sequence[Action]]


def coached(
    plan: Plan | str,
    *,
    seed: int = 7,
    optional: Sequence[Placement] = (),
    mistakes: Mapping[Doing, Sequence[sim.Mistake | None]] | None = None,
    lost: Lost | None = None,
    swapped: bool = False,
    hands: Hands | None = None,
    calibration: str | None = "calibration_demo",
    limit_s: float = 1500.0,
    build: Build | None = None,
    loss: float = 0.0,
    recall: Recall = lambda swapped: Priors(),  # noqa: ARG005
) -> Coached:
    """Leads the person of `seed` through the plan; he makes `mistakes` in turn; `hands` sees all and may meddle.

    `loss` is the share of packets that never arrive.
    """
    plan = load_plan(plan) if isinstance(plan, str) else plan
    worn: dict[Placement, Channel] = {p: thigh_channels(p) for p in (*THIGHS, *optional)}
    person = VirtualPerson(seed, straps=worn, build=build, keeps_truth=True, swapped=swapped)
    build = person.build
    lossy = {p: stream(seed, f"loss {p}") for p in worn}
    wearer = Wearer(build.femur_m, build.hip_width_m, build.knee_width_m)
    plan_steps = steps(plan, load_calibration(calibration) if calibration else None, SPACER_MM)
    course = Course(Coach(plan, plan_steps), wearer, plan.name, AnalysisParams(), 0.0, recall=recall)
    out = Coached(person, course)
    now_s, waiting = 0.0, list[Action]()
    follower = SimulatedWearer(person, lambda: now_s, plan.name, SPACER_MM, 8.0, waiting.append, mistakes)
    for k in range(1, int(limit_s / STEP_S)):
        now_s = k * STEP_S
        away = lost(now_s) if lost else frozenset[Placement]()
        blocks = {p: b for p, b in _heard(person, now_s, lossy, loss).items() if p not in away}
        acting = [*waiting, *(hands(out, now_s) if hands else ())]
        waiting.clear()
        told = course.push(now_s, blocks, away, acting)
        for event in told.events:
            follower(event)
        out.events += told.events
        out.updates += told.updates
        if course.ended:
            break
    out.updates += course.finish().updates
    return out


def _heard(
    person: VirtualPerson, now_s: float, lossy: Mapping[Placement, Generator], loss: float
) -> dict[Placement, SampleBlock]:
    """The samples of the last step; all arrive a little after they were taken."""
    blocks: dict[Placement, SampleBlock] = {}
    for placement, sensors in person.sensors.items():
        counts = sensors.read(now_s - LATE_S)
        packet = np.arange(len(counts)) // PACKET
        last = np.minimum((packet + 1) * PACKET, len(counts)) - 1
        # Drawn for every packet, so that what is lost does not depend on how much is.
        arrived = lossy[placement].random(int(packet[-1]) + 1 if len(packet) else 0) >= loss
        kept = np.flatnonzero(arrived[packet]) if len(packet) else packet
        if len(kept):
            blocks[placement] = si_block(sensors.info, counts, kept, counts.time_s[last[kept]] + LATE_S)
    return blocks
