"""Whole guided sessions through the real bleak client on simulated straps, faster than time."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from analysis.chain import LiveUpdate
from analysis.priors import Priors
from firmware_sim.air.radio import SimulatedAir
from firmware_sim.air.virtual_time import run
from firmware_sim.person.virtual_person import VirtualPerson
from firmware_sim.worn.module import thigh_channels
from monitor.coach.coach import Coach
from monitor.coach.plan import Plan
from monitor.coach.plans import load_calibration, load_plan
from monitor.coach.signals import Action, CoachEvent, Prompted
from monitor.coach.steps import steps
from monitor.guided.simulated_wearer import SimulatedWearer
from monitor.live_buffer import LiveBuffer
from monitor.session.heard import Heard
from monitor.session.live import LiveSession, LiveSetup, Outcome
from sensor.link.straps import Straps
from sensor.samples import THIGHS, Placement
from sensor.wearer import Wearer

SPACER_MM = 67.0
CALIBRATION = "calibration_demo"


@dataclass(slots=True)
class Led:
    """A session that was led to its end, and what was seen of it."""

    recording: Path
    outcome: Outcome
    buffer: LiveBuffer
    person: VirtualPerson
    person_zero_s: float = 0.0  # the host's time when the person's clock began
    events: list[CoachEvent] = field(default_factory=list[CoachEvent])
    updates: list[LiveUpdate] = field(default_factory=list[LiveUpdate])

    @property
    def prompts(self) -> list[str]:
        """What the wearer was asked for."""
        return [e.text for e in self.events if isinstance(e, Prompted)]


Disturb = Callable[[SimulatedAir], Awaitable[None]]
Recall = Callable[[Mapping[Placement, str]], Priors]
Watching = Callable[[Led, SimulatedAir], Awaitable[None]]


def lead(
    folder: Path,
    name: str,
    disturb: Disturb | None = None,
    actions: Callable[[float], Sequence[Action]] | None = None,
    seed: int = 7,
    recall: Recall | None = None,
) -> Led:
    """Leads the plan `name`; `actions` gives what the wearer does by the time since the start."""

    async def watching(led: Led, air: SimulatedAir) -> None:
        del led
        if disturb is not None:
            await disturb(air)

    return run(_lead(folder, load_plan(name), watching, actions or _nothing, seed, (), recall))


def lead_plan(
    folder: Path,
    plan: Plan,
    disturb: Watching,
    *,
    optional: Sequence[Placement] = (),
    seed: int = 7,
    recall: Recall | None = None,
    calibration: str = CALIBRATION,
    swapped: bool = False,
    buzzes: bool = False,
) -> Led:
    """Leads a plan on a person with more straps, who is disturbed by somebody who sees all that is said."""
    return run(_lead(folder, plan, disturb, _nothing, seed, optional, recall, calibration, swapped, buzzes))


def _nothing(now_s: float) -> Sequence[Action]:
    del now_s
    return ()


def coach_of(name: str) -> Coach:
    """The coach that `lead` uses."""
    plan = load_plan(name)
    return Coach(plan, steps(plan, load_calibration(CALIBRATION), SPACER_MM))


async def _lead(
    folder: Path,
    plan: Plan,
    disturb: Watching,
    actions: Callable[[float], Sequence[Action]],
    seed: int,
    optional: Sequence[Placement],
    recall: Recall | None = None,
    calibration: str = CALIBRATION,
    swapped: bool = False,
    buzzes: bool = False,
) -> Led:
    worn = {p: thigh_channels(p) for p in (*THIGHS, *optional)}
    person = VirtualPerson(seed, straps=worn, keeps_truth=True, swapped=swapped)
    build = person.build
    wearer = Wearer(build.femur_m, build.hip_width_m, build.knee_width_m)
    setup = LiveSetup(
        folder / "recording.mcap",
        plan,
        load_calibration(calibration),
        wearer,
        SPACER_MM,
        buzzes=lambda: buzzes,
        recall=recall,
    )
    buffer = LiveBuffer()
    led = Led(setup.recording, Outcome(None, False, None), buffer, person)
    async with SimulatedAir(person.sensors, seed) as air, _disturbed(led, air, disturb):
        led.person_zero_s = asyncio.get_running_loop().time() - air.now_s()
        answers: list[Action] = []
        follower = SimulatedWearer(person, air.now_s, plan.name, SPACER_MM, put_on_s=8.0, act=answers.append)

        def note(item: CoachEvent | LiveUpdate | Heard) -> None:
            if isinstance(item, LiveUpdate):
                led.updates.append(item)
            elif not isinstance(item, Heard):
                led.events.append(item)

        def acted() -> list[Action]:
            given = [*answers, *actions(air.now_s())]
            answers.clear()
            return given

        session = LiveSession(setup, buffer, acted, [follower, note])
        straps = Straps(optional=optional, backend=air.client_backend, scanner_backend=air.scanner_backend)
        led.outcome = await session.run(straps)
    return led


@asynccontextmanager
async def _disturbed(led: Led, air: SimulatedAir, disturb: Watching) -> AsyncGenerator[None]:
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(_of(disturb, led, air))
        yield
        task.cancel()


async def _of(disturb: Watching, led: Led, air: SimulatedAir) -> None:
    await disturb(led, air)
