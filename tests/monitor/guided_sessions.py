"""Whole guided sessions through the real bleak client on simulated straps, faster than time."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from analysis.chain import LiveUpdate
from firmware_sim.air.radio import SimulatedAir
from firmware_sim.air.virtual_time import run
from firmware_sim.person.virtual_person import VirtualPerson
from monitor.coach.coach import Coach
from monitor.coach.plan import Plan, load_calibration, load_plan
from monitor.coach.signals import Action, CoachEvent, Prompted
from monitor.coach.steps import steps
from monitor.live_buffer import LiveBuffer
from monitor.session.heard import Heard
from monitor.session.live import LiveSession, LiveSetup, Outcome
from monitor.simulated_wearer import SimulatedWearer
from sensor.straps import Straps
from sensor.wearer import Wearer

SPACER_MM = 67.0
CALIBRATION = "calibration_demo"


@dataclass(slots=True)
class Led:
    """A session that was led to its end, and what was seen of it."""

    recording: Path
    outcome: Outcome
    buffer: LiveBuffer
    events: list[CoachEvent] = field(default_factory=list[CoachEvent])
    updates: list[LiveUpdate] = field(default_factory=list[LiveUpdate])

    @property
    def prompts(self) -> list[str]:
        """What the wearer was asked for."""
        return [e.text for e in self.events if isinstance(e, Prompted)]


Disturb = Callable[[SimulatedAir], Awaitable[None]]


def lead(
    folder: Path,
    name: str,
    disturb: Disturb | None = None,
    actions: Callable[[float], Sequence[Action]] | None = None,
    seed: int = 7,
) -> Led:
    """Leads the plan `name`; `actions` gives what the wearer does by the time since the start."""
    return run(_lead(folder, load_plan(name), disturb, actions or _nothing, seed))


def _nothing(now_s: float) -> Sequence[Action]:
    del now_s
    return ()


def coach_of(name: str) -> Coach:
    """The coach that `lead` uses."""
    plan = load_plan(name)
    return Coach(plan, steps(plan, load_calibration(CALIBRATION), SPACER_MM))


async def _lead(
    folder: Path, plan: Plan, disturb: Disturb | None, actions: Callable[[float], Sequence[Action]], seed: int
) -> Led:
    person = VirtualPerson(seed)
    build = person.build
    wearer = Wearer(build.femur_m, build.hip_width_m, build.knee_width_m)
    setup = LiveSetup(
        folder / "recording.mcap",
        plan,
        load_calibration(CALIBRATION),
        wearer,
        SPACER_MM,
    )
    buffer = LiveBuffer()
    async with SimulatedAir(person.sensors, seed) as air, _disturbed(air, disturb):
        answers: list[Action] = []
        follower = SimulatedWearer(person, air.now_s, plan.name, SPACER_MM, put_on_s=8.0, act=answers.append)
        led = Led(setup.recording, Outcome(None, False, None), buffer)

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
        straps = Straps(backend=air.client_backend, scanner_backend=air.scanner_backend)
        led.outcome = await session.run(straps)
    return led


@asynccontextmanager
async def _disturbed(air: SimulatedAir, disturb: Disturb | None) -> AsyncGenerator[None]:
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(_of(disturb, air)) if disturb else None
        yield
        if task:
            task.cancel()


async def _of(disturb: Disturb, air: SimulatedAir) -> None:
    await disturb(air)
