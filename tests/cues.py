"""Prints how the coach judges simulated people: `python -m tests.cues` (no part of CI as a whole).

People who do it right get no cue and every repetition; people who make a mistake get its cue within two seconds. Each
seed is another person, another mounting and other noise, as he is, small and broad, or tall and narrow (`--build own
small tall`: each of them in all three sizes).
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from analysis.exercises.mistakes import Mistake
from analysis.results import RepVerdict
from firmware_sim.person.build import Build, random_build
from monitor.coach.plan import Plan
from monitor.coach.plans import load_plan
from monitor.coach.signals import MarkerOpened
from sensor.markers import Label
from tests.monitor.coached_person import Coached, coached
from tests.monitor.made_mistakes import SCENARIOS, WITHIN_S

FIGURES = Path("build/cues.json")
SMALL = Build(0.37, 0.355, 0.19, 0.115, 1.52, 0.06)
TALL = Build(0.48, 0.46, 0.165, 0.09, 1.93, 0.02)
BUILDS = ("own", "small", "tall")
TURNS = "in turn"
# What makes up some four minutes of each exercise.
ROUNDS = {"clamp": 1, "check": 12, "knees_in": 10, "seated_twist": 30, "lying_press": 7, "walk": 1, "wrap": 1}
LONG_S = 240.0


@dataclass(frozen=True, slots=True)
class Right:
    """What came of a session in which everything was done right."""

    exercise: str
    seed: int
    build: str
    minutes: float
    cues: tuple[tuple[float, Mistake], ...]
    good: int
    done: int


def long_plan(name: str) -> Plan:
    """Some four minutes of an exercise, with all its optional straps."""
    plan = load_plan(name)
    phases = tuple(replace(p, seconds=min(p.seconds, LONG_S)) for p in plan.round)
    questions = tuple(replace(q, every_s=60.0) for q in plan.questions)
    return replace(plan, rounds=ROUNDS[name], round=phases, questions=questions)


def build_of(name: str, seed: int) -> Build:
    """One of the sizes by which each person is led."""
    return {"own": random_build(seed), "small": SMALL, "tall": TALL}[name]


def done_right(name: str, seed: int, build: str, loss: float = 0.0) -> Right:
    """A whole session without a mistake."""
    plan = long_plan(name)
    found = coached(plan, seed=seed, optional=plan.optional, build=build_of(build, seed), loss=loss)
    return Right(
        name, seed, build, minutes_of(found), tuple(found.cues), good_repetitions(found), len(true_repetitions(found))
    )


def minutes_of(found: Coached) -> float:
    """How long the exercise took."""
    begun = [e.time_s for e in found.events if isinstance(e, MarkerOpened) and e.label == Label.EXERCISE]
    return (found.events[-1].time_s - begun[0]) / 60.0 if begun else 0.0


def good_repetitions(found: Coached) -> int:
    """Repetitions that the coach counted."""
    return sum(j.verdict is RepVerdict.OK for j in found.judged)


def true_repetitions(found: Coached) -> list[str]:
    """Repetitions that were done and are complete."""
    return [r.exercise for r in found.person.diary.reps if r.verdict == "ok"]


def all_right(seeds: Sequence[int], names: Sequence[str], builds: Sequence[str], loss: float) -> Iterator[Right]:
    """Every combination, one after another; with `TURNS` each person has one of the sizes."""
    for name in names:
        for seed in seeds:
            for build in [BUILDS[seed % len(BUILDS)]] if TURNS in builds else builds:
                yield done_right(name, seed, build, loss)


def print_right(rows: Sequence[Right]) -> dict[str, float]:
    """The table by exercise, and each cue that should not have come."""
    figures: dict[str, float] = {}
    print(f"\n{'exercise':14} {'sessions':>8} {'minutes':>8} {'false cues':>10} {'per 10 min':>10} {'counted':>12}")
    for name in dict.fromkeys(r.exercise for r in rows):
        own = [r for r in rows if r.exercise == name]
        minutes, cues = sum(r.minutes for r in own), sum(len(r.cues) for r in own)
        good, done = sum(r.good for r in own), sum(r.done for r in own)
        rate = 10 * cues / minutes if minutes else np.nan
        print(f"{name:14} {len(own):8} {minutes:8.1f} {cues:10} {rate:10.2f} {good:6}/{done}")
        worst = max((10 * len(r.cues) / r.minutes for r in own if r.minutes), default=0.0)
        figures |= {
            f"{name}.false_cues_per_10_min": rate,
            f"{name}.worst": worst,
            f"{name}.counted": good / (done or 1),
        }
    return figures


def print_mistakes(seeds: Sequence[int], loss: float) -> dict[str, float]:
    """How long each cue took, over all seeds, and what came too late, not at all, or without a mistake."""
    print(f"\n{'mistake':18} {'made':>5} {'within 2 s':>10} {'median s':>9} {'longest s':>9}")
    waits: dict[Mistake, list[float]] = {}
    for name, scenario in SCENARIOS.items():
        for seed in seeds:
            made, besides = scenario(seed, loss).judged()
            for fault, took_s in made:
                waits.setdefault(fault.mistake, []).append(took_s)
                if took_s > WITHIN_S:
                    print(f"{name} seed {seed}: {fault.mistake} of {fault.made_s:.1f} s: {took_s:.1f} s", flush=True)
            if besides:
                print(f"{name} seed {seed}: besides {[(round(t, 1), str(m)) for t, m in besides]}", flush=True)
    figures: dict[str, float] = {}
    for mistake, took in waits.items():
        share = sum(t <= WITHIN_S for t in took) / len(took)
        print(f"{mistake:18} {len(took):5} {100 * share:8.0f} % {np.median(took):9.2f} {max(took):9.2f}")
        figures[f"{mistake}.within_2_s"] = share
    return figures


def main(arguments: Sequence[str]) -> None:
    """Prints the tables and keeps their figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--exercise", nargs="*", default=list(ROUNDS))
    parser.add_argument("--build", nargs="*", default=[TURNS])
    parser.add_argument("--loss", type=float, default=0.0, help="share of packets that never arrive")
    parser.add_argument("--mistakes", action=argparse.BooleanOptionalAction, default=True)
    given = parser.parse_args(arguments)
    rows: list[Right] = []
    for row in all_right(range(given.first, given.first + given.seeds), given.exercise, given.build, given.loss):
        rows.append(row)
        odd = " ".join(f"{t:.1f}:{m}" for t, m in row.cues)
        if odd or row.good != row.done:
            print(f"{row.exercise} seed {row.seed} {row.build}: {row.good}/{row.done} {odd}", flush=True)
    figures = print_right(rows) if rows else {}
    if given.mistakes:
        figures |= print_mistakes(range(given.first, given.first + given.seeds), given.loss)
    FIGURES.parent.mkdir(exist_ok=True)
    FIGURES.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
