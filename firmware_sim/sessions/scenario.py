"""Written sessions of virtual persons: every exercise, with the mistakes people make and what happens to straps.

Invariant: a scenario's name and seed say everything about it.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.random import Generator

from firmware_sim.person.actions import Action, Cue, Leg, Mistake
from firmware_sim.person.virtual_person import Mishap, VirtualPerson
from firmware_sim.sessions.simulate import Air, Scenario
from firmware_sim.worn.module import INERTIAL, thigh_channels
from sensor.gatt import Channel
from sensor.samples import THIGHS, Placement

Script = Callable[[VirtualPerson, Generator], None]
CALIBRATION = (Cue(Action.TOUCH), Cue(Action.SPACER), Cue(Action.LEG_RAISE))
FEET_AND_PELVIS = (Placement.LEFT_FOOT, Placement.RIGHT_FOOT, Placement.PELVIS)


def prepare(person: VirtualPerson, posture: Action = Action.SIT) -> None:
    """Table, straps on, into the posture, touch, spacer, leg raise."""
    person.add(Cue(Action.LAY_ON_TABLE, seconds=10.0))
    person.add(Cue(posture))
    person.add(Cue(Action.PUT_ON, seconds=25.0))
    person.planned_until_s += 3.5
    for cue in CALIBRATION:
        person.add(cue)
        person.planned_until_s += 1.5


def exercise(person: VirtualPerson, name: str, cues: list[Cue]) -> None:
    """Cues one after another as one marked exercise."""
    start = person.planned_until_s + 0.5
    for cue in cues:
        person.add(cue)
    person.mark("exercise", start, person.planned_until_s, name)


def clamping(seconds: float, mishaps: int = 3, posture: Action = Action.SIT, beside: Action | None = None) -> Script:
    """The main exercise: knees together for long, with lapses, slow openings and straps that slip or loosen."""

    def script(person: VirtualPerson, rng: Generator) -> None:
        prepare(person, posture)
        start = person.planned_until_s
        if beside is not None:
            person.planned_until_s = start - 0.4
            person.add(Cue(beside, seconds=seconds))
        cues: list[Cue] = []
        left = seconds
        while left > 8.0:
            held = min(float(rng.uniform(12.0, 95.0)), left)
            if mishaps and held > 45.0 and rng.random() < 0.35:
                mistake = Mistake.OPENS_SLOWLY
            else:
                mistake = Mistake.REOPENS if rng.random() < 0.4 else None
            cues.append(Cue(Action.PRESS, seconds=held, mistake=mistake))
            left -= held + 2.0
            if rng.random() < 0.5:
                away = float(rng.uniform(0.3, 5.0))
                cues.append(Cue(Action.RELAX, seconds=away))
                left -= away + 2.0
        exercise(person, "clamp", [*cues, Cue(Action.RELAX, seconds=1.0)])
        _happen(person, rng, start, mishaps)

    return script


def _happen(person: VirtualPerson, rng: Generator, start_s: float, mishaps: int) -> None:
    whole = person.planned_until_s - start_s
    kinds = rng.permutation(["slip", "loosening", "tightening"])[:mishaps]
    # Apart from each other, so that each has its own cause.
    for k, cause in enumerate(kinds):
        at = start_s + whole * (k + float(rng.uniform(0.2, 0.7))) / max(len(kinds), 1)
        placement = THIGHS[int(rng.integers(2))]
        if cause == "slip":
            takes, size = float(rng.choice([0.6, 15.0])), float(np.deg2rad(rng.uniform(4.0, 9.0)))
        else:
            takes = float(rng.uniform(20.0, 60.0))
            size = float(rng.uniform(0.16, 0.28)) * (1 if cause == "tightening" else -1)
        person.suffer(Mishap(str(cause), placement, at, takes, size))


def short_clamps(person: VirtualPerson, rng: Generator) -> None:
    """Many short clamps."""
    prepare(person)
    cues: list[Cue] = []
    for _ in range(24):
        cues.append(Cue(Action.PRESS, seconds=float(rng.uniform(4.0, 15.0))))
        cues.append(Cue(Action.RELAX, seconds=float(rng.uniform(1.5, 5.0))))
    exercise(person, "clamp", cues)


def quiet(person: VirtualPerson, rng: Generator) -> None:
    """Sitting and fidgeting, no exercise."""
    prepare(person)
    person.add(Cue(Action.FIDGET, seconds=float(rng.uniform(420, 540))))


def swivelling(person: VirtualPerson, rng: Generator) -> None:
    """Fidgeting on a swivel chair."""
    prepare(person)
    seconds = float(rng.uniform(280, 340))
    person.add(Cue(Action.SWIVEL, seconds=seconds))
    person.add(Cue(Action.FIDGET, seconds=seconds))


def twisting(person: VirtualPerson, rng: Generator) -> None:
    """Ten turns a side, alternating, twice."""
    prepare(person)
    for _ in range(2):
        cues = [Cue(Action.WIDEN)]
        for k in range(20):
            mistake = Mistake.TOO_LITTLE if rng.random() < 0.12 else None
            leg = Leg.LEFT if k % 2 else Leg.RIGHT
            cues.append(Cue(Action.TWIST, seconds=float(rng.uniform(0.2, 1.0)), leg=leg, mistake=mistake))
        exercise(person, "seated_twist", cues)
        person.planned_until_s += float(rng.uniform(8.0, 20.0))


def knees_inward(person: VirtualPerson, rng: Generator) -> None:
    """Three holds, three times, standing."""
    prepare(person, Action.STAND)
    for _ in range(3):
        cues = [Cue(Action.FEET_IN)]
        for _ in range(3):
            mistake = Mistake.BREAKS_OFF if rng.random() < 0.15 else None
            cues.append(Cue(Action.KNEES_IN, seconds=float(rng.uniform(10.8, 12.5)), mistake=mistake))
        exercise(person, "knees_in", cues)
        person.planned_until_s += float(rng.uniform(8.0, 15.0))


def pressing_across(person: VirtualPerson, rng: Generator) -> None:
    """Three presses a side, twice, lying."""
    prepare(person, Action.LIE)
    for _ in range(2):
        cues: list[Cue] = []
        for leg in (Leg.RIGHT, Leg.LEFT):
            for _ in range(3):
                mistake = Mistake.BREAKS_OFF if rng.random() < 0.15 else None
                cue = Cue(Action.PRESS_ACROSS, seconds=float(rng.uniform(10.4, 12.0)), leg=leg, mistake=mistake)
                cues.append(cue)
            cues.append(Cue(Action.LIE))
        exercise(person, "lying_press", cues)
        person.planned_until_s += float(rng.uniform(8.0, 15.0))


def wrapped(person: VirtualPerson, rng: Generator) -> None:
    """Legs tied over a towel, standing, now and then a squat."""
    prepare(person, Action.STAND)
    start = person.planned_until_s
    cues = [Cue(Action.WRAP_ON)]
    for _ in range(8):
        cues += [Cue(Action.WRAP_ON, seconds=float(rng.uniform(15.0, 70.0))), Cue(Action.SQUAT)]
    exercise(person, "wrap", cues)
    _happen(person, rng, start, 3)


def checking(person: VirtualPerson, rng: Generator) -> None:
    """Calibrated seated, then three times relaxed and squeezed, standing with the ankles together."""
    prepare(person)
    person.add(Cue(Action.STAND))
    person.add(Cue(Action.ANKLES_TOGETHER))
    person.planned_until_s += float(rng.uniform(1.0, 2.0))
    pair = [Cue(Action.RELAX, seconds=5.0), Cue(Action.SQUEEZE, seconds=5.0)]
    exercise(person, "check", [*pair, *pair, *pair, Cue(Action.RELAX, seconds=1.0, marked=False)])


def strolling(person: VirtualPerson, rng: Generator) -> None:
    """Up and down."""
    prepare(person, Action.STAND)
    for _ in range(3):
        exercise(person, "walk", [Cue(Action.WALK, seconds=float(rng.uniform(40.0, 70.0)))])
        person.add(Cue(Action.TURN_ROUND))


def catalogue() -> tuple[Scenario, ...]:
    """The project's own sessions, other persons than any recording's."""
    inertial = {p: thigh_channels(p, flexes=False) for p in THIGHS}
    ranged = {p: thigh_channels(p, flexes=False, ranges=True) for p in THIGHS}
    five = {**{p: thigh_channels(p) for p in THIGHS}, **dict.fromkeys(FEET_AND_PELVIS, INERTIAL)}
    clamp = Scenario("own_clamp_a", 101, "clamp", clamping(600.0), air=Air(lost=0.005))
    return (
        clamp,
        replace(clamp, name="own_clamp_b", seed=102),
        replace(clamp, name="own_clamp_lossy", seed=103, air=Air(lost=0.09, burst_packets=5.0, silences_per_min=0.5)),
        replace(clamp, name="own_clamp_noflex", seed=104, straps=inertial),
        replace(clamp, name="own_clamp_range", seed=105, straps=ranged),
        Scenario("own_clamp_reps", 106, "clamp", short_clamps),
        Scenario("own_clamp_swivel", 107, "clamp", clamping(480.0, 0, beside=Action.SWIVEL)),
        Scenario("own_clamp_vehicle", 108, "clamp", clamping(480.0, 0, beside=Action.RIDE)),
        Scenario("own_quiet", 109, None, quiet),
        Scenario("own_quiet_swivel", 110, None, swivelling),
        Scenario("own_seated_twist", 111, "seated_twist", twisting),
        Scenario("own_knees_in", 112, "knees_in", knees_inward, straps=five),
        Scenario("own_lying_press", 113, "lying_press", pressing_across),
        Scenario("own_wrap", 114, "wrap", wrapped),
        Scenario("own_check_a", 115, "check", checking),
        Scenario("own_check_b", 116, "check", checking),
        Scenario("own_walk", 117, "walk", strolling, straps=five),
    )


def flex_only(scenario: Scenario) -> Scenario:
    """The same person with straps that have no inertial sensor."""
    channels = {Placement.LEFT_THIGH: Channel.FLEX | Channel.TENSION, Placement.RIGHT_THIGH: Channel.TENSION}
    return replace(scenario, name=f"{scenario.name}_flexonly", straps=channels)
