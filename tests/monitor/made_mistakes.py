"""Sessions in which a simulated person makes mistakes of every kind, with the times at which he made them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from analysis.exercises.mistakes import Mistake
from firmware_sim.person.actions import Mistake as Wrong
from firmware_sim.person.diary import TrueRep
from firmware_sim.person.pose import Ch
from firmware_sim.person.truth_ticks import join_truth
from monitor.coach.asked import REACT_S
from monitor.coach.plan import Doing, Plan
from monitor.coach.plans import load_plan
from monitor.coach.signals import Prompted
from sensor.samples import Placement
from tests.monitor.coached_person import Coached, coached

PELVIS = (Placement.PELVIS,)
FEET = (Placement.LEFT_FOOT, Placement.RIGHT_FOOT)


@dataclass(frozen=True, slots=True)
class Made:
    """A session and its mistakes: when each was made (the person's clock), and the cue that it deserves."""

    found: Coached
    expected: Sequence[tuple[float, Mistake]]


def plan_of(name: str, rounds: int, seconds: float | None = None) -> Plan:
    """An exercise with fewer rounds, its free and held phases no longer than `seconds`."""
    plan = load_plan(name)
    phases = tuple(replace(p, seconds=min(p.seconds, seconds) if seconds else p.seconds) for p in plan.round)
    return replace(plan, rounds=rounds, round=phases)


def limited(plan: Plan, limit_s: float) -> Plan:
    """The plan with repetitions that are given up sooner."""
    return replace(plan, round=tuple(replace(p, limit_s=limit_s) for p in plan.round))


def reps_of(found: Coached, count: int) -> list[TrueRep]:
    """The repetitions that were really done."""
    reps = found.person.diary.reps
    if len(reps) < count:
        raise AssertionError(f"{len(reps)} of {count} repetitions were done")
    return reps


def parted_s(found: Coached, after_s: float) -> float:
    """When the true gap next went over 20 mm."""
    truth = join_truth(found.person.truth)
    apart = (truth.time_s > after_s) & (truth.gap_m > 0.02)
    return float(truth.time_s[np.argmax(apart)])


def once(when: Callable[[Coached, float], bool], then: Callable[[Coached, float], None]) -> Callable[..., tuple[()]]:
    """Meddles the first time that `when` holds."""
    done: list[float] = []

    def hands(found: Coached, now_s: float) -> tuple[()]:
        if not done and when(found, now_s):
            done.append(now_s)
            then(found, now_s)
        return ()

    return hands


def asked_for(doing: Doing, ago_s: float, nth: int = 0) -> Callable[[Coached, float], bool]:
    """That this was asked for `ago_s` ago."""

    def when(found: Coached, now_s: float) -> bool:
        asked = [e.time_s for e in found.events if isinstance(e, Prompted) and e.doing is doing]
        return len(asked) > nth and now_s >= asked[nth] + ago_s

    return when


def bends(
    channels: Sequence[Ch], degrees: float, notes: list[float], back_s: float | None = None
) -> Callable[..., None]:
    """Turns channels of the body by an angle within 0.8 s, and back after a while."""

    def then(found: Coached, now_s: float) -> None:
        notes.append(now_s + 0.8)
        for channel in channels:
            found.person.course.by(channel, float(np.deg2rad(degrees)), now_s + 0.1, 0.7)
            if back_s is not None:
                found.person.course.by(channel, -float(np.deg2rad(degrees)), now_s + back_s, 0.7)

    return then


def clamp_parts(seed: int, loss: float) -> Made:
    """Knees that should be together part."""
    plan = plan_of("clamp", 1, 20.0)
    found = coached(plan, seed=seed, loss=loss, mistakes={Doing.CLOSE: [Wrong.BREAKS_OFF]})
    return Made(found, [(parted_s(found, found.asked_s(Doing.CLOSE) + REACT_S), Mistake.APART)])


def knees_in_lags_and_parts(seed: int, loss: float) -> Made:
    """One knee lags; a hold ends early; then all is right."""
    made = {Doing.CLOSE: [Wrong.ONE_KNEE_LAGS, Wrong.BREAKS_OFF]}
    found = coached(plan_of("knees_in", 3), seed=seed, loss=loss, mistakes=made)
    lagged, broken, *_ = reps_of(found, 3)
    apart_s = parted_s(found, broken.start_s + REACT_S)
    return Made(found, [(lagged.start_s, Mistake.RIGHT_LAGS), (apart_s, Mistake.APART)])


def knees_in_leans(seed: int, loss: float) -> Made:
    """The body leans forward."""
    leant: list[float] = []
    hands = once(asked_for(Doing.CLOSE, 5.0), bends([Ch.LEAN], 22.0, leant, back_s=4.0))
    found = coached(plan_of("knees_in", 1), seed=seed, loss=loss, optional=PELVIS, hands=hands)
    return Made(found, [(leant[0], Mistake.LEANING)])


def twists_wrong(seed: int, loss: float) -> Made:
    """Both knees, not far enough, too fast, and the wrong side."""
    made = {
        Doing.TWIST_LEFT: [None, Wrong.TOO_LITTLE],
        Doing.TWIST_RIGHT: [Wrong.OTHER_THIGH_MOVES, Wrong.TOO_FAST, Wrong.WRONG_SIDE],
    }
    found = coached(limited(plan_of("seated_twist", 3), 9.0), seed=seed, loss=loss, mistakes=made)
    _, both, little, fast, _, wrong = reps_of(found, 6)[:6]
    expected = [
        (both.start_s, Mistake.BOTH_KNEES),
        (little.end_s, Mistake.NOT_FAR),
        (fast.end_s, Mistake.TOO_FAST),
        (wrong.start_s, Mistake.WRONG_SIDE),
    ]
    return Made(found, expected)


def presses_wrong(seed: int, loss: float) -> Made:
    """Hips that turn, a press that ends early, and the wrong side, which lasts and is said twice."""
    made = {Doing.PRESS_RIGHT: [Wrong.BREAKS_OFF, Wrong.WRONG_SIDE]}
    turned: list[float] = []
    hands = once(asked_for(Doing.PRESS_LEFT, 8.0), bends([Ch.ROLL], 18.0, turned, back_s=3.0))
    plan = limited(plan_of("lying_press", 2), 18.0)
    found = coached(plan, seed=seed, loss=loss, optional=PELVIS, mistakes=made, hands=hands)
    _, broken, _, wrong = reps_of(found, 4)[:4]
    expected = [
        (turned[0], Mistake.HIPS_TURNED),
        (broken.end_s, Mistake.RELEASED_EARLY),
        (wrong.start_s, Mistake.WRONG_SIDE),
        (wrong.start_s + 8.0, Mistake.WRONG_SIDE),
    ]
    return Made(found, expected)


def walks_toes_out(seed: int, loss: float) -> Made:
    """The toes of one foot turn out, then those of the other; a step is made when its foot leaves the ground."""
    left, right = list[float](), list[float]()
    hands = [
        once(asked_for(Doing.WALK, 10.0), bends([Ch.TOE_L], 18.0, left, back_s=3.0)),
        once(asked_for(Doing.WALK, 18.0), bends([Ch.TOE_R], 18.0, right)),
    ]
    found = coached(
        plan_of("walk", 1, 24.0),
        seed=seed,
        loss=loss,
        optional=FEET,
        hands=lambda f, t: [a for h in hands for a in h(f, t)],
    )
    made = [
        next(s.end_s for s in found.person.diary.steps if s.side == side and s.start_s > turned_s - 0.4)
        for side, turned_s in (("left", left[0]), ("right", right[0]))
    ]
    return Made(found, [(made[0], Mistake.LEFT_TOES_OUT), (made[1], Mistake.RIGHT_TOES_OUT)])


SCENARIOS: Mapping[str, Callable[[int, float], Made]] = {
    "clamp": clamp_parts,
    "knees_in": knees_in_lags_and_parts,
    "knees_in leaning": knees_in_leans,
    "seated_twist": twists_wrong,
    "lying_press": presses_wrong,
    "walk": walks_toes_out,
}
