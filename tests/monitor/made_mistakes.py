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
from tests.monitor.coached_person import Coached, Hands, coached

SWAYED_S = 1.5
PELVIS = (Placement.PELVIS,)
# A cue within these is the mistake's own: movements show before they are complete, and what is seen of their end
# before it.
EARLY_S = 0.5
WITHIN_S = 2.0
MISSED_S = 6.0
FEET = (Placement.LEFT_FOOT, Placement.RIGHT_FOOT)


@dataclass(frozen=True, slots=True)
class Fault:
    """A mistake that was made at a time of the person's clock; while it lasts (`until_s`) its cue may come again."""

    made_s: float
    mistake: Mistake
    until_s: float = -np.inf


@dataclass(frozen=True, slots=True)
class Made:
    """A session and its mistakes, in order."""

    found: Coached
    faults: Sequence[Fault]

    def judged(self) -> tuple[list[tuple[Fault, float]], list[tuple[float, Mistake]]]:
        """How long the cue of each mistake took, infinite where there was none, and the cues besides."""
        left, waits = list(self.found.cues), list[tuple[Fault, float]]()
        for fault in self.faults:
            own = [c for c in left if c[1] is fault.mistake and c[0] - fault.made_s > -EARLY_S]
            given = next((c for c in own if c[0] - fault.made_s <= MISSED_S), None)
            waits.append((fault, given[0] - fault.made_s if given else np.inf))
            left = [c for c in left if c is not given and not (c in own and c[0] <= fault.until_s + WITHIN_S)]
        return waits, left


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


def opens(channel: Ch, after_s: float, opened: list[float]) -> Callable[..., tuple[()]]:
    """Lets one knee go a few centimetres outwards within seconds, `after_s` after both should be together."""

    def then(found: Coached, now_s: float) -> None:
        opened.append(now_s)
        found.person.course.by(channel, found.person.temper.squeeze_m + 0.045, now_s + 0.1, 4.0)

    return once(asked_for(Doing.CLOSE, after_s), then)


def together(*hands: Hands) -> Hands:
    """All of them."""
    return lambda found, now_s: [action for hand in hands for action in hand(found, now_s)]


def clamp_parts(seed: int, loss: float) -> Made:
    """Knees that should be together part: both, then one at a time and slowly."""
    left, right = list[float](), list[float]()
    hands = together(opens(Ch.OPEN_L, 20.0, left), opens(Ch.OPEN_R, 34.0, right))
    found = coached(
        plan_of("clamp", 1, 36.0), seed=seed, loss=loss, hands=hands, mistakes={Doing.CLOSE: [Wrong.BREAKS_OFF]}
    )
    parted = (found.asked_s(Doing.CLOSE) + REACT_S, left[0], right[0])
    return Made(found, [Fault(parted_s(found, s), Mistake.APART) for s in parted])


def knees_in_lags_and_parts(seed: int, loss: float) -> Made:
    """One knee lags, then the other; a hold ends early; then all is right."""
    made = {Doing.CLOSE: [Wrong.RIGHT_LAGS, Wrong.LEFT_LAGS, Wrong.BREAKS_OFF]}
    found = coached(plan_of("knees_in", 4), seed=seed, loss=loss, mistakes=made)
    right, left, broken, *_ = reps_of(found, 4)
    faults = [
        Fault(right.start_s, Mistake.RIGHT_LAGS),
        Fault(left.start_s, Mistake.LEFT_LAGS),
        Fault(parted_s(found, broken.start_s + REACT_S), Mistake.APART),
    ]
    return Made(found, faults)


def knees_in_leans(seed: int, loss: float) -> Made:
    """The body leans forward, later backward."""
    leant, back = list[float](), list[float]()
    hands = together(
        once(asked_for(Doing.CLOSE, 3.0), bends([Ch.LEAN], 22.0, leant, back_s=2.5)),
        once(asked_for(Doing.CLOSE, 8.0), bends([Ch.LEAN], -24.0, back, back_s=2.5)),
    )
    found = coached(plan_of("knees_in", 1), seed=seed, loss=loss, optional=PELVIS, hands=hands)
    return Made(found, [Fault(leant[0], Mistake.LEANING), Fault(back[0], Mistake.LEANING)])


def knees_in_toes_out(seed: int, loss: float) -> Made:
    """Feet that should be turned in are turned out."""
    plan = plan_of("knees_in", 1)
    found = coached(plan, seed=seed, loss=loss, optional=FEET, mistakes={Doing.FEET_IN: [Wrong.TOES_OUT]})
    return Made(found, [Fault(found.asked_s(Doing.CLOSE), Mistake.FEET_OUT, until_s=np.inf)])


def twists_wrong(seed: int, loss: float) -> Made:
    """Both knees, not far enough, too fast, and the wrong side, each on either side."""
    made = {
        Doing.TWIST_LEFT: [Wrong.OTHER_THIGH_MOVES, Wrong.TOO_LITTLE, Wrong.TOO_FAST, Wrong.WRONG_SIDE],
        Doing.TWIST_RIGHT: [Wrong.OTHER_THIGH_MOVES, Wrong.TOO_LITTLE, Wrong.WRONG_SIDE, Wrong.TOO_FAST],
    }
    found = coached(limited(plan_of("seated_twist", 4), 9.0), seed=seed, loss=loss, mistakes=made)
    reps = reps_of(found, 8)[:8]
    both = [Fault(rep.start_s, Mistake.BOTH_KNEES) for rep in reps[:2]]
    little = [Fault(rep.end_s, Mistake.NOT_FAR) for rep in reps[2:4]]
    fast = [Fault(reps[i].end_s, Mistake.TOO_FAST) for i in (4, 7)]
    wrong = [Fault(rep.start_s, Mistake.WRONG_SIDE) for rep in reps[5:7]]
    return Made(found, [*both, *little, fast[0], *wrong, fast[1]])


def twists_with_the_trunk(seed: int, loss: float) -> Made:
    """Trunk and pelvis follow a knee, which the repetitions tell and no cue of the exercise does."""
    made = {Doing.TWIST_LEFT: [Wrong.LEANS], Doing.TWIST_RIGHT: [Wrong.LEANS]}
    return Made(coached(plan_of("seated_twist", 2), seed=seed, loss=loss, optional=PELVIS, mistakes=made), [])


def presses_wrong(seed: int, loss: float) -> Made:
    """Hips that turn, presses that end early, and the wrong side, which lasts: each on either side."""
    made = {
        Doing.PRESS_LEFT: [None, Wrong.BREAKS_OFF, Wrong.WRONG_SIDE],
        Doing.PRESS_RIGHT: [None, Wrong.BREAKS_OFF, Wrong.WRONG_SIDE],
    }
    to_right, to_left = list[float](), list[float]()
    hands = together(
        once(asked_for(Doing.PRESS_LEFT, 8.0), bends([Ch.ROLL], 18.0, to_right, back_s=3.0)),
        once(asked_for(Doing.PRESS_RIGHT, 8.0), bends([Ch.ROLL], -18.0, to_left, back_s=3.0)),
    )
    plan = limited(plan_of("lying_press", 3), 18.0)
    found = coached(plan, seed=seed, loss=loss, optional=PELVIS, mistakes=made, hands=hands)
    _, _, *broken_and_wrong = reps_of(found, 6)[:6]
    faults = [Fault(to_right[0], Mistake.HIPS_TURNED), Fault(to_left[0], Mistake.HIPS_TURNED)]
    faults += [Fault(rep.end_s, Mistake.RELEASED_EARLY) for rep in broken_and_wrong[:2]]
    # The knee has to be past half of its way in, and is told to be there until half of its way out.
    faults += [Fault(rep.start_s, Mistake.WRONG_SIDE, rep.end_s) for rep in broken_and_wrong[2:]]
    return Made(found, faults)


def walks_toes_out(seed: int, loss: float) -> Made:
    """The toes of one foot turn out, then those of the other; a step is made when its foot leaves the ground."""
    left, right = list[float](), list[float]()
    hands = together(
        once(asked_for(Doing.WALK, 10.0), bends([Ch.TOE_L], 18.0, left, back_s=3.0)),
        once(asked_for(Doing.WALK, 18.0), bends([Ch.TOE_R], 18.0, right)),
    )
    found = coached(plan_of("walk", 1, 24.0), seed=seed, loss=loss, optional=FEET, hands=hands)
    made = [
        next(s.end_s for s in found.person.diary.steps if s.side == side and s.start_s > turned_s - 0.4)
        for side, turned_s in (("left", left[0]), ("right", right[0]))
    ]
    return Made(found, [Fault(made[0], Mistake.LEFT_TOES_OUT), Fault(made[1], Mistake.RIGHT_TOES_OUT)])


def checks_wrong(seed: int, loss: float) -> Made:
    """Ankles that stay apart, and who does not stand still while he is measured, which begins anew then."""
    swayed: list[float] = []

    def sway(found: Coached, now_s: float) -> None:
        swayed.append(now_s)
        # As much of a calm person as of another.
        sway = 9.0 / found.person.temper.sway
        found.person.course.by(Ch.SWAY, sway, now_s, 0.1)
        found.person.course.by(Ch.SWAY, -sway, now_s + SWAYED_S, 0.1)

    made = {Doing.ANKLES_TOGETHER: [Wrong.IGNORES]}
    hands = once(asked_for(Doing.SQUEEZE, 4.0), sway)
    found = coached(plan_of("check", 1), seed=seed, loss=loss, mistakes=made, hands=hands)
    over_s = swayed[0] + SWAYED_S
    return Made(
        found,
        [
            Fault(found.asked_s(Doing.ANKLES_TOGETHER) + REACT_S, Mistake.FEET_APART, np.inf),
            Fault(swayed[0], Mistake.MOVING, over_s),
            # First he is given a second to come to rest.
            Fault(swayed[0] + 1.0, Mistake.AGAIN, over_s),
        ],
    )


SCENARIOS: Mapping[str, Callable[[int, float], Made]] = {
    "clamp": clamp_parts,
    "knees_in": knees_in_lags_and_parts,
    "knees_in leaning": knees_in_leans,
    "knees_in toes out": knees_in_toes_out,
    "seated_twist": twists_wrong,
    "seated_twist trunk": twists_with_the_trunk,
    "lying_press": presses_wrong,
    "walk": walks_toes_out,
    "check": checks_wrong,
}
