"""Lab Streaming Layer outlets, received by pylsl's own inlets: values, units and stamps."""

import time
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import numpy as np
import pytest
from numpy.testing import assert_allclose

from analysis.results import GapSeries
from analysis.update import LiveUpdate
from monitor.coach.signals import MarkerClosed, MarkerOpened, Zeroed
from monitor.lsl import LslOutlets, NoLsl
from monitor.session.heard import Heard
from sensor.samples import Placement, empty_block

pylsl = pytest.importorskip("pylsl", reason="no pylsl here", exc_type=ImportError)


class Node(Protocol):
    def child(self, name: str) -> "Node": ...
    def child_value(self, name: str) -> str: ...


class Info(Protocol):
    def desc(self) -> Node: ...


class Inlet(Protocol):
    def open_stream(self, timeout: float) -> None: ...
    def pull_sample(self, timeout: float) -> tuple[list[float] | None, float]: ...
    def samples_available(self) -> int: ...
    def info(self, timeout: float) -> Info: ...


def inlet(source: str, name: str) -> Inlet:
    found = pylsl.resolve_byprop("source_id", f"{source} {name}", timeout=10.0)
    assert len(found) == 1
    opened: Inlet = pylsl.StreamInlet(found[0])
    opened.open_stream(timeout=10.0)
    return opened


def test_a_session_is_received_as_it_was_measured(tmp_path: Path) -> None:
    outlets, source = LslOutlets(tmp_path.name), tmp_path.name
    host_s = time.monotonic()
    block = empty_block(Placement.LEFT_THIGH, 10)
    block = replace(
        block,
        device_s=block.device_s + 500.0,
        arrival_s=host_s + block.arrival_s,
        acc_m_s2=np.arange(30.0).reshape(10, 3),
    )
    # The outlet of a strap is made with its first sample, which nobody can have waited for.
    outlets(Heard({Placement.LEFT_THIGH: block.take(slice(0, 1))}))
    samples, gap, markers = (inlet(source, name) for name in ("left_thigh", "gap", "markers"))
    outlets(Heard({Placement.LEFT_THIGH: block.take(slice(1, 5))}))
    outlets(Heard({Placement.LEFT_THIGH: block}))  # half of it comes again
    outlets(Zeroed(host_s))
    outlets(MarkerOpened(host_s + 1.0, "spacer", "67"))
    outlets(MarkerClosed(host_s + 3.0, "spacer"))
    outlets(LiveUpdate(GapSeries(np.array([2.0, 2.02]), np.array([0.067, np.nan]), np.array([1e-3, 1e-3]), np.ones(2))))

    lsl_from_host_s = pylsl.local_clock() - time.monotonic()
    rows, stamps = drained(samples, 9)
    assert_allclose(rows[:, :3], block.acc_m_s2[1:])
    assert np.isnan(rows[:, 6:]).all()
    assert_allclose(np.diff(stamps), 0.01, atol=1e-6)
    assert stamps[-1] == pytest.approx(host_s + 0.09 + lsl_from_host_s, abs=1e-3)
    rows, stamps = drained(gap, 2)
    assert_allclose(rows, [[67.0, 1.0, 1.0], [np.nan, 1.0, 1.0]], rtol=1e-6)
    assert_allclose(np.array(stamps) - lsl_from_host_s - host_s, [2.0, 2.02], atol=1e-3)
    rows, stamps = drained(markers, 3)
    assert [str(row[0]) for row in rows] == ["session zero", "spacer begins 67", "spacer ends"]
    assert_allclose(np.array(stamps) - lsl_from_host_s - host_s, [0.0, 1.0, 3.0], atol=1e-3)
    channels = samples.info(timeout=10.0).desc().child("channels").child("channel")
    assert (channels.child_value("label"), channels.child_value("unit")) == ("acc_x_m_s2", "m/s^2")


def drained(stream: Inlet, n: int) -> tuple[np.ndarray[tuple[int, int], np.dtype[np.float64]], list[float]]:
    rows: list[list[float]] = []
    stamps: list[float] = []
    while len(rows) < n:
        row, stamp = stream.pull_sample(timeout=10.0)
        assert row is not None
        rows.append(row)
        stamps.append(stamp)
    assert stream.samples_available() == 0
    return np.array(rows), stamps


def test_without_its_library_the_way_to_get_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> object:
        raise RuntimeError(f"LSL binary library file was not found ({name}).\nlong advice")

    monkeypatch.setattr("monitor.lsl.importlib.import_module", missing)
    with pytest.raises(
        NoLsl, match=r"pip install 'knee-gap-monitor\[lsl\]'\): LSL binary library file was not found"
    ) as e:
        LslOutlets("none")
    assert "\n" not in str(e.value)
