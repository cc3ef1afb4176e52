"""A person with straps, lived on as far as somebody reads their sensors, and prompted while living.

Invariant: the same seed, cues and prompts give the same samples however time is cut (life goes in groups of ticks).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from firmware_sim.person.actions import Cue, Mistake
from firmware_sim.person.acts.acting import Acting
from firmware_sim.person.acts.repertoire import ACTS
from firmware_sim.person.build import Build, Temper, random_build, random_temper
from firmware_sim.person.course import Course
from firmware_sim.person.diary import Diary, Posture, TrueEvent
from firmware_sim.person.pose import Ch, start_pose
from firmware_sim.person.streams import stream
from firmware_sim.person.truth_ticks import TruthTicks
from firmware_sim.person.wearer import TICK_HZ, Body, BodyTicks
from firmware_sim.worn.flex import relaxed_share
from firmware_sim.worn.imu import GROUP
from firmware_sim.worn.module import CORD_TIED_M, CORD_UP_M, PER_SAMPLE, Module, SlowTicks, anchor, thigh_channels
from firmware_sim.worn.strap_fit import Fit, ModuleTicks
from firmware_sim.worn.strap_sensors import StrapSensors
from sensor.exchanged import other_leg
from sensor.gatt import Channel
from sensor.markers import Marker
from sensor.samples import THIGHS, Floats, Placement

MOST_TICKS = 4000
PAUSE_S = 0.4


@dataclass(frozen=True, slots=True)
class Mishap:
    """Something that happens to a strap: `cause` slip (size rad), loosening or tightening (size a fraction, signed)."""

    cause: str
    placement: Placement
    at_s: float
    takes_s: float
    size: float


class VirtualPerson:
    """A person with straps; sits with the straps on the table until cues or prompts say otherwise."""

    def __init__(
        self,
        seed: int,
        cues: Iterable[Cue] = (),
        straps: Mapping[Placement, Channel] | None = None,
        build: Build | None = None,
        temper: Temper | None = None,
        *,
        keeps_truth: bool = False,
        swapped: bool = False,
    ) -> None:
        """Who has `swapped` the thigh straps wears each on the leg for which the other is meant."""
        self.build = random_build(seed) if build is None else build
        self.temper = random_temper(seed) if temper is None else temper
        self.diary = Diary(postures=[(0.0, Posture.SITTING)])
        self._seed = seed
        worn = {p: thigh_channels(p) for p in THIGHS} if straps is None else straps
        sits = {p: other_leg(p) if swapped else p for p in worn}
        self.modules = {sits[p]: Module(seed, sits[p], c, strap=p) for p, c in worn.items()}
        segments = tuple(dict.fromkeys((*THIGHS, *worn)))
        self._body = Body(self.build, self.temper, seed, segments)
        rest = (self.temper.seated_gap_m + self.build.knee_width_m - self.build.hip_width_m) / 2
        self.course = Course(start_pose(rest))
        self.sensors = {m.strap: StrapSensors(m.info, m.strap, self.live_until) for m in self.modules.values()}
        self.truth: list[TruthTicks] = []
        # A person who is watched live for hours must not fill the memory with what nobody asks for.
        self._keeps_truth = keeps_truth
        self._ticks = 0
        self._acts = 0
        self.planned_until_s = 0.3
        for cue in cues:
            self.add(cue)

    def add(self, cue: Cue) -> float:
        """Do this after all that is planned; gives the end of it."""
        if cue.mistake is Mistake.IGNORES:
            return self.planned_until_s
        start = self.planned_until_s + PAUSE_S
        self.planned_until_s = self._act(cue, start)
        return self.planned_until_s

    def prompt(self, cue: Cue, heard_s: float) -> None:
        """Do this from now on instead of what is planned, after the time it takes a person to react."""
        if cue.mistake is Mistake.IGNORES:
            return
        start = max(heard_s + self.temper.reaction_s, self._ticks / TICK_HZ)
        self.course.forget_from(start)
        for module in self.modules.values():
            module.fit.course.forget_from(start)
        self.diary.forget_from(start)
        self.planned_until_s = self._act(cue, start)

    def mark(self, label: str, start_s: float, end_s: float, value: str = "") -> None:
        """Leave a marker."""
        self.diary.markers.append(Marker(label, start_s, end_s, value))

    def suffer(self, mishap: Mishap) -> None:
        """Let something happen to a strap."""
        rng = stream(self._seed, f"mishap {mishap.cause} {mishap.placement} {mishap.at_s}")
        course = self.modules[mishap.placement].fit.course
        turn, slide, pull = rng.normal(0.0, 0.35, 3), 0.0, mishap.size
        if mishap.cause == "slip":
            turn[2] = rng.choice([-1.0, 1.0])
            turn *= mishap.size / float(np.sqrt(np.sum(turn**2)))
            slide, pull = -float(rng.uniform(0.004, 0.015)), -float(rng.uniform(0.03, 0.08))
        else:
            turn *= np.deg2rad(0.8)
        for channel, by in zip(Fit, (*turn, slide, pull), strict=False):
            course.by(channel, float(by), mishap.at_s, mishap.takes_s)
        end = mishap.at_s + mishap.takes_s
        self.diary.events.append(TrueEvent(mishap.cause, mishap.placement, mishap.at_s, end, mishap.size))

    def live_until(self, time_s: float) -> None:
        """Live on past `time_s` (0 when the straps were switched on)."""
        groups = int(np.floor(time_s * TICK_HZ / GROUP)) + 1
        while self._ticks < groups * GROUP:
            self._live(min(groups * GROUP - self._ticks, MOST_TICKS))

    def _act(self, cue: Cue, start_s: float) -> float:
        straps = {p: m.fit for p, m in self.modules.items()}
        rng = stream(self._seed, f"act {self._acts}")
        self._acts += 1
        acting = Acting(self.build, self.temper, self.course, straps, self.diary, rng, cue)
        return ACTS[cue.action](acting, start_s)

    def _live(self, ticks: int) -> None:
        time_s = np.arange(self._ticks, self._ticks + ticks) / TICK_HZ
        self._ticks += ticks
        body = self._body.carry_out(time_s, self.course.values(time_s))
        undergone = {p: module.undergo(body) for p, module in self.modules.items()}
        motions = {p: motion for p, (motion, _) in undergone.items()}
        truth = self._true(body, motions)
        stretch = self._stretch(body, motions)
        for placement, module in self.modules.items():
            motion, warmer = undergone[placement]
            slow = self._slow(body, motion, truth, stretch, placement)
            self.sensors[module.strap].take_in(module.measure(body, motion, warmer, slow))
        if self._keeps_truth:
            self.truth.append(truth)

    def _true(self, body: BodyTicks, motions: dict[Placement, ModuleTicks]) -> TruthTicks:
        at = slice(None, None, PER_SAMPLE)
        time_s = body.time_s[at]
        gap = np.where(self._standing(time_s), body.shortest_m[at], body.sideways_m[at])
        tension = {p: self._left(time_s, p) + m.fit[at, Fit.TENSION] for p, m in motions.items() if p in THIGHS}
        return TruthTicks(time_s, np.maximum(gap, 0.0), body.contact_n[at], tension)

    def _standing(self, time_s: Floats) -> Floats:
        since = np.array([since_s for since_s, _ in self.diary.postures])
        stands = np.array([posture is Posture.STANDING for _, posture in self.diary.postures])
        return stands[np.maximum(np.searchsorted(since, time_s, side="right") - 1, 0)]

    def _left(self, time_s: Floats, placement: Placement) -> Floats:
        donned = self.diary.donned_s
        since = np.zeros(len(time_s)) if donned is None else time_s - donned
        return relaxed_share(self.modules[placement].fabric, since)

    def _stretch(self, body: BodyTicks, motions: dict[Placement, ModuleTicks]) -> Floats:
        """Length of the cord beyond that with the knees together (m,); 0 where a thigh strap is missing."""
        if any(p not in motions for p in THIGHS):
            return np.zeros(len(body.time_s[::PER_SAMPLE]))
        left, right = (anchor(body, motions[p], self.modules[p]) for p in THIGHS)
        apart = left - right
        length = np.sqrt(apart[:, 0] ** 2 + apart[:, 1] ** 2 + apart[:, 2] ** 2)
        up = CORD_UP_M / self.build.femur_m
        together = self.build.knee_width_m * (1 - up) + self.build.hip_width_m * up
        worn = body.pose[::PER_SAMPLE, Ch.WORN]
        tensed = 0.5 * (body.pose[::PER_SAMPLE, Ch.MUSCLE_L] + body.pose[::PER_SAMPLE, Ch.MUSCLE_R])
        length += self.modules[THIGHS[0]].cord.bulge_m * tensed
        return worn * (length - (together - 2 * CORD_TIED_M))

    def _slow(
        self, body: BodyTicks, motion: ModuleTicks, truth: TruthTicks, stretch: Floats, placement: Placement
    ) -> SlowTicks:
        at = slice(None, None, PER_SAMPLE)
        side = 1 if placement.startswith("right") else 0
        return SlowTicks(
            stretch_m=stretch,
            gap_m=truth.gap_m,
            pulled=motion.fit[at, Fit.PULLED],
            tension=truth.tension.get(placement, np.ones(len(truth.gap_m))),
            muscle=body.pose[at, Ch.MUSCLE_L + side],
            knee_rad=body.pose[at, Ch.KNEE_L + side],
        )
