"""Home-made bands as the only straps: no motion, yet the holds of our own straps with the same sensors."""

import asyncio
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from analysis.pipeline import analyze
from firmware_sim.air.radio import SimulatedAir
from firmware_sim.air.virtual_time import run
from firmware_sim.person.actions import Action, Cue
from firmware_sim.person.virtual_person import VirtualPerson
from firmware_sim.sessions.scenario import prepare
from firmware_sim.twins.measured import Shared
from firmware_sim.twins.phyphox_twin import PhyphoxTwin
from firmware_sim.twins.wearing import wear
from sensor.gatt import Channel
from sensor.link.link_events import LinkEvent
from sensor.link.straps import Straps
from sensor.recorded import Recorded
from sensor.samples import THIGHS
from sensor.wearer import Wearer
from tests.devices.guided_devices import decoded, listen, remembered

LEFT, RIGHT = THIGHS
CHANNELS = {LEFT: Channel.FLEX | Channel.TENSION, RIGHT: Channel.TENSION}
NAMES = {LEFT: "knee strap flex tension", RIGHT: "knee strap tension"}
SHARE = 0.02


def both() -> tuple[Recorded, Recorded]:
    """One person's session as bands and as our own straps recorded it."""
    person = VirtualPerson(11, straps=CHANNELS)
    prepare(person)
    for seconds in (20.0, 12.0):
        person.add(Cue(Action.PRESS, seconds=seconds))
        person.add(Cue(Action.RELAX, seconds=4.0))
    end_s = person.planned_until_s + 1.0
    theirs: list[LinkEvent] = []
    ours: list[LinkEvent] = []

    async def main() -> None:
        shared = {p: Shared(person.sensors[p]) for p in THIGHS}
        async with SimulatedAir({p: s.strap() for p, s in shared.items()}) as air:
            twins = {p: wear(air, shared[p], [partial(PhyphoxTwin, name=NAMES[p])]) for p in THIGHS}
            pair = [device for p in THIGHS for device in remembered(p, ["phyphox"], twins[p])]
            client, scanner = air.client_backend, air.scanner_backend
            first = asyncio.create_task(listen(Straps(pair=pair, backend=client, scanner_backend=scanner), theirs))
            await asyncio.sleep(4.0)
            second = asyncio.create_task(listen(Straps(backend=client, scanner_backend=scanner), ours))
            await asyncio.sleep(end_s - air.now_s())
            for task in (first, second):
                task.cancel()
            await asyncio.gather(first, second, return_exceptions=True)

    run(main())
    return recorded(person, theirs), recorded(person, ours)


def recorded(person: VirtualPerson, events: list[LinkEvent]) -> Recorded:
    zero_s = person.diary.donned_s or 0.0
    blocks = {p: decoded(p, [e for e in events if e.placement == p]) for p in THIGHS}
    return Recorded(
        straps={p: replace(b, arrival_s=b.arrival_s - zero_s) for p, b in blocks.items()},
        markers=tuple(replace(m, start_s=m.start_s - zero_s, end_s=m.end_s - zero_s) for m in person.diary.markers),
        wearer=Wearer(person.build.femur_m, person.build.hip_width_m, person.build.knee_width_m),
        exercise="clamp",
    )


def test_bands_alone_count_holds_and_invent_nothing() -> None:
    bands, straps = both()
    assert bands.straps[LEFT].rate_hz == 50.0
    assert not np.isnan(bands.straps[LEFT].flex).any()
    assert np.isnan(bands.straps[RIGHT].flex).all()
    theirs, ours = analyze(bands).final, analyze(straps).final
    assert len(theirs.holds) == len(ours.holds) >= 2
    for one, other in zip(theirs.holds, ours.holds, strict=True):
        assert one.net_s == pytest.approx(other.net_s, rel=SHARE)
        assert one.verdict == other.verdict
    known = np.isfinite(theirs.gap.gap_m)
    assert known.mean() > 0.5
    assert np.isfinite(theirs.gap.sd_m[known]).all()
    assert theirs.repetitions == theirs.steps == ()
