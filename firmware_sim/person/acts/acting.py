"""What every act works with: the person's course and a few whole-body moves.

Invariant: an act only plans; what it plans begins at or after the time it was given.
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from firmware_sim.person.actions import Cue, Leg, Mistake
from firmware_sim.person.build import Build, Temper
from firmware_sim.person.course import Course
from firmware_sim.person.diary import Diary, Posture
from firmware_sim.person.pose import Ch
from firmware_sim.worn.strap_fit import StrapFit
from sensor.markers import Marker
from sensor.samples import Placement


@dataclass(slots=True)
class Acting:
    """A person at the moment of beginning an act."""

    build: Build
    temper: Temper
    course: Course
    straps: dict[Placement, StrapFit]
    diary: Diary
    rng: Generator
    cue: Cue

    @property
    def posture(self) -> Posture:
        """The posture that the plan ends in."""
        return self.diary.postures[-1][1] if self.diary.postures else Posture.SITTING

    def lasts(self, usual_s: float) -> float:
        """How long the act shall last."""
        return usual_s if self.cue.seconds is None else self.cue.seconds

    def pace(self, usual_s: float) -> float:
        """A duration as this person takes it."""
        if self.cue.mistake is Mistake.TOO_FAST:
            return 0.35 * usual_s
        return usual_s * self.temper.slowness * float(self.rng.uniform(0.85, 1.15))

    def both(
        self, left: Ch, target: float, start_s: float, duration_s: float, lags_s: tuple[float, float] = (0.0, 0.0)
    ) -> None:
        """Bring a pair of channels to one value, each so much later."""
        for side, lag_s in enumerate(lags_s):
            self.course.to(left + side, target, start_s + lag_s, duration_s)

    def lags_s(self) -> tuple[float, float]:
        """How much later than asked the left and the right knee come."""
        wrong = (Mistake.LEFT_LAGS, Mistake.RIGHT_LAGS)
        if self.cue.mistake not in wrong:
            return 0.0, 0.0
        lag_s = float(self.rng.uniform(0.5, 0.9))
        return (lag_s, 0.0) if self.cue.mistake is Mistake.LEFT_LAGS else (0.0, lag_s)

    def gap_to(self, gap_m: float, start_s: float, duration_s: float) -> float:
        """Move the knees until `gap_m` is between them (negative: press); gives the end."""
        build = self.build
        outward = gap_m + build.knee_width_m - build.hip_width_m
        share = self.temper.left_share
        # Each knee takes its part of the way, so that both meet off the middle in a lopsided person.
        way = outward - self.course.goal(Ch.OPEN_L) - self.course.goal(Ch.OPEN_R)
        left_s, right_s = self.lags_s()
        self.course.by(Ch.OPEN_L, share * way, start_s + left_s, duration_s)
        self.course.by(Ch.OPEN_R, (1 - share) * way, start_s + right_s, duration_s)
        return start_s + max(left_s, right_s) + duration_s

    def even(self, start_s: float, duration_s: float) -> None:
        """Take the middle of the knees back under the body, the gap unchanged."""
        off = 0.5 * (self.course.goal(Ch.OPEN_L) - self.course.goal(Ch.OPEN_R))
        self.course.by(Ch.OPEN_L, -off, start_s, duration_s)
        self.course.by(Ch.OPEN_R, off, start_s, duration_s)

    def muscles(self, level: float, start_s: float, duration_s: float) -> None:
        """Tense both thighs."""
        self.both(Ch.MUSCLE_L, level, start_s, duration_s)

    def bump(self, channel: Ch, height: float, start_s: float, duration_s: float) -> None:
        """Out by `height` and back."""
        self.course.by(channel, height, start_s, duration_s / 2)
        self.course.by(channel, -height, start_s + duration_s / 2, duration_s / 2)

    def mark(self, label: str, start_s: float, end_s: float, value: str = "") -> None:
        """Leave a marker, as imprecise as a finger on a key."""
        if self.cue.marked:
            early, late = self.rng.uniform(-0.15, 0.15, 2)
            start = start_s + float(early)
            self.diary.markers.append(Marker(label, start, max(start, end_s + float(late)), value))

    def leg(self) -> tuple[Leg, int]:
        """The leg that moves, and the offset of its channels from the left one's."""
        leg = self.cue.leg or Leg.LEFT
        if self.cue.mistake is Mistake.WRONG_SIDE:
            leg = Leg.RIGHT if leg is Leg.LEFT else Leg.LEFT
        return leg, int(leg is Leg.RIGHT)

    def usual_gap(self) -> float:
        """The gap at which this person's knees rest in the posture that the plan ends in."""
        posture = self.posture
        if posture is Posture.SITTING:
            return self.temper.seated_gap_m
        if posture is Posture.LYING:
            return 0.11
        # Ankles that stand apart take the knees along by half of their distance, at least.
        return (
            self.build.bow_m if self.ankles_touch() else max(0.9 * self.temper.seated_gap_m, self.build.bow_m + 0.045)
        )

    def ankles_touch(self) -> bool:
        """Whether the ankles stand together."""
        return self.course.goal(Ch.ANKLE_L) < -0.2 * self.build.hip_width_m

    def lean_if_mistaken(self, start_s: float, end_s: float) -> None:
        """Let trunk and pelvis follow where that is the mistake."""
        if self.cue.mistake is Mistake.LEANS:
            sign = -1.0 if self.cue.leg is Leg.LEFT else 1.0
            self.bump(Ch.LEAN, float(np.deg2rad(self.rng.uniform(16, 25))), start_s, end_s - start_s)
            self.bump(Ch.TURN, sign * float(np.deg2rad(self.rng.uniform(10, 16))), start_s, end_s - start_s)
