"""A program that was killed in a guided session and started again: no sample is lost that the straps still held."""

import asyncio
import shutil
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from analysis.pipeline import analyze
from firmware_sim.air.radio import SimulatedAir
from firmware_sim.air.virtual_time import run
from firmware_sim.person.virtual_person import VirtualPerson
from firmware_sim.worn.module import thigh_channels
from monitor.coach.plans import load_calibration, load_plan
from monitor.coach.signals import Ending
from monitor.guided.broken_off import left_unheard
from monitor.guided.simulated_wearer import SimulatedWearer
from monitor.live_buffer import LiveBuffer
from monitor.session.actions import ActionQueue
from monitor.session.live import LiveSession, LiveSetup, Outcome
from monitor.store import RECORDING, Session, Store
from sensor.link.missing import MissingSamples
from sensor.link.straps import Straps
from sensor.packet import decode_stream, encode_info
from sensor.recordings.raw_recording import StrapBytes, read_raw
from sensor.recordings.recording import RecordingWriter
from sensor.recordings.replay import decode
from sensor.samples import THIGHS
from sensor.wearer import Wearer
from tests.sensor.strap_bytes import INFO, Stream

SEED = 7
SPACER_MM = 67.0
KILLED_AFTER_S, AGAIN_AFTER_S = 55.0, 8.0


class Person:
    """Somebody who follows each session's coach, whatever became of the one before."""

    def __init__(self) -> None:
        self.body = VirtualPerson(SEED, straps={p: thigh_channels(p) for p in THIGHS})

    async def session(self, air: SimulatedAir, recording: Path, unheard: Mapping[str, MissingSamples]) -> Outcome:
        """One whole session, if nobody ends it."""
        build = self.body.build
        wearer = Wearer(build.femur_m, build.hip_width_m, build.knee_width_m)
        setup = LiveSetup(recording, load_plan("demo"), load_calibration("calibration_demo"), wearer, SPACER_MM)
        actions = ActionQueue()
        follower = SimulatedWearer(self.body, air.now_s, "demo", SPACER_MM, put_on_s=8.0, act=actions.put)
        straps = Straps(backend=air.client_backend, scanner_backend=air.scanner_backend, unheard=unheard)
        return await LiveSession(setup, LiveBuffer(), actions.drain, [follower]).run(straps)


def killed_and_restarted(store: Store, now: datetime) -> tuple[Session, Session]:
    """A session that was killed, and the one after it."""

    async def main() -> tuple[Session, Session]:
        person = Person()
        async with SimulatedAir(person.body.sensors, SEED) as air:
            first = store.create("clamp", now, "test")
            task = asyncio.create_task(person.session(air, first.folder / "running.mcap", {}))
            await asyncio.sleep(KILLED_AFTER_S)
            shutil.copy(first.folder / "running.mcap", first.folder / RECORDING)
            task.cancel()
            await asyncio.wait([task])
            await asyncio.sleep(AGAIN_AFTER_S)
            then = now + timedelta(seconds=KILLED_AFTER_S + AGAIN_AFTER_S)
            unheard = left_unheard(store, then)
            assert len(unheard) == len(THIGHS)
            second = store.create("clamp", then, "test")
            outcome = await person.session(air, second.folder / RECORDING, unheard)
            assert (outcome.ending, outcome.trouble) == (Ending.FINISHED, None)
            return first, second

    return run(main())


def without_what_was_before(strap: StrapBytes) -> StrapBytes:
    """As if nothing of the time before the session had been asked for."""
    first = next(packet for n in strap.stream if not (packet := decode_stream(n.data)).resent)
    kept = [n for n in strap.stream if decode_stream(n.data).counter >= first.counter]
    return StrapBytes(strap.driver, strap.information, kept, strap.control)


def test_nothing_is_lost_and_the_next_session_is_what_it_was(tmp_path: Path) -> None:
    store = Store(tmp_path)
    first, second = killed_and_restarted(store, datetime.now().astimezone())
    raw = read_raw(second.recording)
    before, after = first.read(), decode(second.recording, raw)
    for placement in THIGHS:
        numbers = np.concatenate([before.straps[placement].sample, after.straps[placement].sample])
        assert np.array_equal(np.sort(numbers), np.arange(numbers.min(), numbers.max() + 1))
        assert after.straps[placement].sample.min() < before.straps[placement].sample.max() + 100
    raw.straps = {p: without_what_was_before(strap) for p, strap in raw.straps.items()}
    with_it, without = analyze(after).final.holds, analyze(decode(second.recording, raw)).final.holds
    assert len(with_it) == len(without) >= 2
    for one, other in zip(with_it, without, strict=True):
        assert one.verdict == other.verdict
        assert one.start_s == pytest.approx(other.start_s, abs=0.05)
        assert one.net_s == pytest.approx(other.net_s, rel=0.01)


def recorded_for(seconds: float, path: Path) -> None:
    recording = RecordingWriter(path, {"id": "x"})
    recording.event("start", 50.0)
    recording.information(THIGHS[0], 50.0, encode_info(INFO))
    for notification in Stream().notifications(0, round(100 * seconds)):
        recording.notification(THIGHS[0], notification.arrival_s, notification.data)
    recording.close()


def test_only_what_ended_a_moment_ago_is_asked_for(tmp_path: Path) -> None:
    store, now = Store(tmp_path), datetime.now().astimezone()
    session = store.create("clamp", now - timedelta(seconds=620), "test")
    assert left_unheard(store, now) == {}
    recorded_for(5.0, session.recording)
    assert left_unheard(store, now) == {}
    recorded_for(60.0, replaced(session))
    assert left_unheard(store, now).keys() == {INFO.serial}
    assert left_unheard(store, now + timedelta(minutes=10)) == {}
    (session.folder / "session.toml").unlink()
    assert left_unheard(store, now) == {}
    simulated = store.create("clamp", now, "test", simulated=True)
    recorded_for(1.0, simulated.recording)
    replaced(session).write_bytes(b"no recording")
    assert left_unheard(store, now) == {}


def replaced(session: Session) -> Path:
    session.recording.unlink()
    return session.folder / RECORDING
