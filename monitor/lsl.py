"""A live session as Lab Streaming Layer outlets: samples of each strap, gap, markers.

Streams (float32, unknown values NaN): `kneegap left_thigh` … (type `IMU`, the columns of the recording table at the
strap's rate), `kneegap gap` (type `Gap`: gap_mm, sd_mm, contact) and `kneegap markers` (type `Markers`, text). Stamps
are the times at which samples were taken, not at which they arrived, in liblsl's clock of this machine.

Invariant: nothing leaves this machine unless a liblsl configuration of the user's own says so.
"""

import importlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol, cast

import numpy as np

from analysis.results import GapSeries
from analysis.update import LiveUpdate
from monitor.coach.signals import CoachEvent, Cued, Judged, MarkerClosed, MarkerOpened, Zeroed
from monitor.session.heard import Heard
from sensor.decoding.clock import Clock, ClockParams
from sensor.errors import KneeGapError
from sensor.link.host_clock import host_now_s
from sensor.samples import Floats, Placement, SampleBlock
from sensor.tables.recording_table import block_columns

GAP_COLUMNS = ("gap_mm", "sd_mm", "contact")
GAP_HZ = 50.0
# Where liblsl itself looks for a user's configuration.
_USERS_OWN = (Path("lsl_api.cfg"), Path.home() / "lsl_api" / "lsl_api.cfg", Path("/etc/lsl_api/lsl_api.cfg"))
_THIS_MACHINE = "[multicast]\nResolveScope = machine\n[log]\nlevel = -2\n"  # and only errors on the terminal
_CONFIG_VARIABLE = "LSLAPICFG"
_NOT_MEASURED = ("sample", "device_s", "arrival_s")
_UNITS = {"_m_s2": "m/s^2", "_rad_s": "rad/s", "_mm": "mm", "_c": "degC"}


class _Node(Protocol):
    def append_child(self, name: str) -> "_Node": ...
    def append_child_value(self, name: str, value: str) -> "_Node": ...


class _Info(Protocol):
    def desc(self) -> _Node: ...


class _Outlet(Protocol):
    def push_sample(self, x: Sequence[str], timestamp: float) -> None: ...
    def push_chunk(self, x: object, timestamp: Sequence[float]) -> None: ...


class _Lsl(Protocol):
    """What is used of pylsl, which has no types of its own."""

    cf_float32: int
    cf_string: int

    def local_clock(self) -> float: ...
    def set_config_content(self, content: str) -> None: ...
    def StreamInfo(self, name: str, type: str, channels: int, rate: float, form: int, source: str) -> _Info: ...  # noqa: N802
    def StreamOutlet(self, info: _Info) -> _Outlet: ...  # noqa: N802


class NoLsl(KneeGapError):
    """There is no Lab Streaming Layer to stream to."""

    def __init__(self, why: str) -> None:
        super().__init__(f"--lsl needs pylsl with its native library (pip install 'knee-gap-monitor[lsl]'): {why}")


class LslOutlets:
    """Takes what a session hears and tells; `host_now_s` is the clock that the session's times are in."""

    def __init__(self, source: str, host_now_s: Callable[[], float] = host_now_s) -> None:
        """`NoLsl` where liblsl is missing; `source` marks the outlets of one session."""
        self._lsl = _loaded()
        self._source = source
        self._lsl_from_host_s = self._lsl.local_clock() - host_now_s()
        self._straps: dict[Placement, _StrapOutlet] = {}
        self._zero_s: float | None = None
        self._markers = self._outlet("markers", "Markers", ("marker",), 0.0, text=True)
        self._gap = self._outlet("gap", "Gap", GAP_COLUMNS, GAP_HZ)

    def __call__(self, item: CoachEvent | LiveUpdate | Heard) -> None:
        """Streams what is for others."""
        match item:
            case Heard():
                for placement, block in item.blocks.items():
                    self._push_samples(placement, block)
            case LiveUpdate():
                self._push_gap(item.gap)
                for hold in item.holds:
                    self._mark(f"hold {hold.verdict}", self._zero_s, hold.end_s)
            case Zeroed():
                self._zero_s = item.time_s
                self._mark("session zero", item.time_s)
            case MarkerOpened():
                self._mark(f"{item.label} begins {item.value}".strip(), item.time_s)
            case MarkerClosed():
                self._mark(f"{item.label} ends", item.time_s)
            case Cued():
                self._mark(f"cue {item.mistake}", item.time_s)
            case Judged():
                self._mark(f"repetition {item.side} {item.verdict}", item.time_s)
            case _:
                pass

    def _push_samples(self, placement: Placement, block: SampleBlock) -> None:
        if placement not in self._straps:
            columns = tuple(name for name in block_columns(block) if name not in _NOT_MEASURED)
            self._straps[placement] = _StrapOutlet(self._outlet(placement, "IMU", columns, block.rate_hz), columns)
        self._straps[placement].push(block, self._lsl_from_host_s)

    def _push_gap(self, gap: GapSeries) -> None:
        if self._zero_s is None or not len(gap.time_s):
            return
        rows = np.column_stack([gap.gap_m * 1e3, gap.sd_m * 1e3, gap.contact]).astype(np.float32)
        self._gap.push_chunk(rows, (gap.time_s + self._zero_s + self._lsl_from_host_s).tolist())

    def _mark(self, text: str, host_s: float | None, after_s: float = 0.0) -> None:
        if host_s is not None:
            self._markers.push_sample([text], host_s + after_s + self._lsl_from_host_s)

    def _outlet(self, name: str, kind: str, columns: tuple[str, ...], rate_hz: float, *, text: bool = False) -> _Outlet:
        lsl = self._lsl
        form = lsl.cf_string if text else lsl.cf_float32
        info = lsl.StreamInfo(f"kneegap {name}", kind, len(columns), rate_hz, form, f"{self._source} {name}")
        channels = info.desc().append_child("channels")
        for column in columns:
            unit = next((unit for ending, unit in _UNITS.items() if column.endswith(ending)), "")
            channels.append_child("channel").append_child_value("label", column).append_child_value("unit", unit)
        return lsl.StreamOutlet(info)


class _StrapOutlet:
    """One strap's samples, stamped by its own clock."""

    def __init__(self, outlet: _Outlet, columns: tuple[str, ...]) -> None:
        self._outlet, self._columns = outlet, columns
        self._clock = Clock(ClockParams())
        self._newest = -1
        self._device_s = -np.inf

    def push(self, block: SampleBlock, lsl_from_host_s: float) -> None:
        """Streams what is new; what was sent again comes too late for a stream."""
        new = block.take(block.sample > np.maximum.accumulate(np.append(self._newest, block.sample[:-1])))
        if not len(new):
            return
        if new.device_s[0] < self._device_s:
            self._clock = Clock(ClockParams())  # the strap started anew
        self._newest, self._device_s = int(new.sample[-1]), float(new.device_s[-1])
        stamps: Floats = self._clock.push(new.device_s, new.arrival_s) + lsl_from_host_s
        columns = block_columns(new)
        rows = np.column_stack([columns[name] for name in self._columns]).astype(np.float32)
        self._outlet.push_chunk(rows, stamps.tolist())


def _loaded() -> _Lsl:
    try:
        lsl = cast(_Lsl, importlib.import_module("pylsl"))
        if _CONFIG_VARIABLE not in os.environ and not any(path.exists() for path in _USERS_OWN):
            lsl.set_config_content(_THIS_MACHINE)
    except (ImportError, RuntimeError, NotImplementedError) as error:
        raise NoLsl(str(error).splitlines()[0] if str(error) else type(error).__name__) from error
    return lsl
