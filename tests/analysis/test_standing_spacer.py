"""A spacer held standing, before a check: it makes the check better, and spoils nothing else."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.pipeline import Analysis, analyze
from firmware_sim.person.actions import Action, Cue
from firmware_sim.person.virtual_person import VirtualPerson
from firmware_sim.sessions.scenario import exercise, prepare
from firmware_sim.sessions.simulate import Air, Scenario, Simulated, simulate
from sensor.markers import Label, Marker
from sensor.samples import Floats

SPACER_M = 0.067


def script(person: VirtualPerson, rng: np.random.Generator) -> None:
    """Calibrated seated; standing, the spacer, then three times relaxed and squeezed."""
    prepare(person)
    person.add(Cue(Action.STAND))
    person.add(Cue(Action.ANKLES_TOGETHER))
    person.planned_until_s += float(rng.uniform(1.0, 2.0))
    person.add(Cue(Action.SPACER, seconds=5.0, width_m=SPACER_M))
    person.planned_until_s += 2.0
    pair = [Cue(Action.RELAX, seconds=5.0), Cue(Action.SQUEEZE, seconds=5.0)]
    exercise(person, "check", [*pair, *pair, *pair, Cue(Action.RELAX, seconds=1.0, marked=False)])


def errors_m(simulated: Simulated, analysis: Analysis) -> Floats:
    """Errors (3, 2) of relaxed and squeezed gap."""
    ticks = simulated.truth.ticks

    def true_m(marker: Marker) -> float:
        inside = (ticks.time_s > marker.start_s + 0.7) & (ticks.time_s < marker.end_s - 0.2)
        return float(np.median(np.maximum(ticks.gap_m[inside], 0.0)))

    phases = [
        [true_m(m) for m in simulated.recorded.markers if m.label == label] for label in (Label.RELAXED, Label.SQUEEZED)
    ]
    rows = analysis.final.check[-3:]
    return np.array([[r.relaxed_m, r.squeezed_m] for r in rows]) - np.array(phases).T


@pytest.mark.parametrize("seed", [306, 308])
def test_a_spacer_held_standing_halves_what_a_check_gets_wrong(seed: int) -> None:
    simulated = simulate(Scenario("standing_spacer", seed, "check", script, air=Air(lost=0.005)))
    recorded = simulated.recorded
    standing = [m for m in recorded.markers if m.label == Label.SPACER][-1]
    without = analyze(replace(recorded, markers=tuple(m for m in recorded.markers if m is not standing)))
    known = analyze(recorded)
    assert len(known.final.check) == 3
    error = np.abs(errors_m(simulated, known))
    assert error.max() < 0.006
    assert error.mean() < 0.6 * np.abs(errors_m(simulated, without)).mean()
    sd_m = np.array([[r.relaxed_sd_m, r.squeezed_sd_m] for r in known.final.check])
    assert (error < 1.96 * sd_m).all()
