"""Whole guided sessions of every exercise through the real bleak client, each with a strap that drops out on the way.

The person does as asked, so that every repetition is good and nothing but the lost strap is said.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.exercises.mistakes import Mistake
from analysis.pipeline import analyze
from analysis.results import RepVerdict, Tables
from firmware_sim.air.radio import SimulatedAir
from monitor.coach.plan import Phase, Plan
from monitor.coach.plans import load_plan
from monitor.coach.signals import Cued, Ending, Judged, MarkerOpened
from monitor.session.buzzing import pattern_of
from sensor.control import Cue, Request
from sensor.markers import Label
from sensor.recordings.replay import read_recording
from sensor.samples import THIGHS, Placement
from tests.monitor.guided_sessions import Led, lead_plan

AWAY_S = 4.0


def shortened(name: str, rounds: int, seconds: float) -> Plan:
    """An exercise with fewer rounds and shorter phases; holds of ten seconds stay whole."""
    plan = load_plan(name)
    questions = tuple(replace(q, every_s=8.0) for q in plan.questions)
    before, phases = (tuple(_cut(p, seconds) for p in part) for part in (plan.before, plan.round))
    return replace(plan, rounds=rounds, before=before, round=phases, questions=questions)


def _cut(phase: Phase, seconds: float) -> Phase:
    return replace(phase, seconds=min(phase.seconds, seconds))


def reps_of(exercise: str) -> Callable[[Tables], int]:
    """Good repetitions."""
    return lambda t: sum(r.exercise == exercise and r.verdict is RepVerdict.OK for r in t.repetitions)


CASES: dict[str, tuple[int, float, Sequence[Placement], Callable[[Tables], int], int]] = {
    "clamp": (1, 15.0, (), lambda t: len([h for h in t.holds if h.net_s > 14]), 1),
    "check": (1, 5.0, (), lambda t: len(t.check), 1),
    "knees_in": (1, 10.0, (Placement.PELVIS,), reps_of("knees_in"), 1),
    "seated_twist": (2, 10.0, (), reps_of("seated_twist"), 4),
    "lying_press": (1, 10.0, (), reps_of("lying_press"), 2),
    "walk": (1, 20.0, (Placement.LEFT_FOOT, Placement.RIGHT_FOOT), lambda t: min(len(t.steps), 20), 20),
    "wrap": (1, 20.0, (), lambda t: len(t.repetitions), 0),
}


@pytest.mark.parametrize("name", CASES)
def test_a_whole_session_with_a_drop_out(tmp_path: Path, name: str) -> None:
    rounds, seconds, optional, count, wanted = CASES[name]

    asked: list[tuple[float, Request]] = []

    async def away(led: Led, air: SimulatedAir) -> None:
        # The same list goes on being filled.
        nonlocal asked
        asked = air.straps[THIGHS[0]].firmware.requests
        while not any(isinstance(e, MarkerOpened) and e.label == Label.EXERCISE for e in led.events):
            await asyncio.sleep(0.5)
        await asyncio.sleep(5.0)
        await air.straps[THIGHS[1]].out_of_range(AWAY_S)

    led = lead_plan(tmp_path, shortened(name, rounds, seconds), away, optional=optional, buzzes=name == "seated_twist")
    assert led.outcome.ending is Ending.FINISHED
    assert led.outcome.trouble is None
    cues = [e.mistake for e in led.events if isinstance(e, Cued)]
    assert cues[0] is Mistake.STRAP_LOST
    assert set(cues) <= ({Mistake.STRAP_LOST, Mistake.AGAIN} if name == "check" else {Mistake.STRAP_LOST})
    # What a strap was away in is not judged live, and asked for again.
    assert {e.verdict for e in led.events if isinstance(e, Judged)} <= {RepVerdict.OK, RepVerdict.UNKNOWN}
    felt = [request.haptic for _, request in asked if isinstance(request, Cue)]
    assert felt == [p for e in led.events if (p := pattern_of(e)) is not None] * (name == "seated_twist")
    tables = analyze(read_recording(led.recording)).final
    assert count(tables) >= wanted
    assert all(r.verdict is RepVerdict.OK for r in tables.repetitions)
    assert all(q.lost == 0 for q in tables.quality)
