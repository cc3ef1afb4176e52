"""Everything of a live session that goes to its recording.

Invariant: what cannot be written any more stops the recording, never the session; `trouble` then says why.
"""

from collections.abc import Sequence

from analysis.gap.corrections import Correction
from monitor.coach.signals import (
    Action,
    Answered,
    CoachEvent,
    Counted,
    Cued,
    Ended,
    Judged,
    MarkerClosed,
    MarkerOpened,
    Prompted,
    Reached,
    Swapped,
    Zeroed,
)
from sensor.errors import RecordingError
from sensor.exchanged import SWAPPED
from sensor.link.link_events import (
    BatteryLevel,
    LinkChanged,
    LinkEvent,
    LinkQuality,
    StrapJoined,
    StrapTold,
    StreamArrived,
)
from sensor.markers import Marker
from sensor.recordings.recording import FLUSH_EVERY_S, RecordingWriter
from sensor.slots import Slot

QUALITY_EVERY_S = 10.0


class SessionLog:
    """Writes to `recording` until that fails."""

    def __init__(self, recording: RecordingWriter) -> None:
        self._recording = recording
        self._open: dict[str, Marker] = {}
        self._flushed_s = 0.0
        self._judged_s: dict[Slot, float] = {}
        self.trouble: RecordingError | None = None

    def link(self, event: LinkEvent) -> None:
        """Writes an event of the radio."""
        try:
            self._link(event)
        except RecordingError as error:
            self.trouble = error

    def coach(self, event: CoachEvent) -> None:
        """Writes what the coach said or decided."""
        try:
            self._coach(event)
        except RecordingError as error:
            self.trouble = error

    def action(self, action: Action, time_s: float) -> None:
        """Writes what the wearer did."""
        try:
            self._recording.event("action", time_s, {"action": action})
        except RecordingError as error:
            self.trouble = error

    def corrections(self, corrections: Sequence[Correction], zero_s: float) -> None:
        """Writes by what the live gap was corrected; their times are session seconds, `zero_s` is host time."""
        try:
            for c in corrections:
                fields = {"size_mm": round(1e3 * c.size_m, 1), "source": c.source}
                self._recording.event("correction", zero_s + c.time_s, fields)
        except RecordingError as error:
            self.trouble = error

    def start(self, time_s: float) -> None:
        """Writes the time of the coach's first tick."""
        try:
            self._recording.event("start", time_s)
        except RecordingError as error:
            self.trouble = error

    def beat(self, now_s: float) -> None:
        """Hands everything to the system often enough, also when nothing is written."""
        if now_s - self._flushed_s < FLUSH_EVERY_S:
            return
        self._flushed_s = now_s
        try:
            self._recording.flush()
        except RecordingError as error:
            self.trouble = error

    def close(self) -> None:
        """Seals the recording."""
        try:
            self._recording.close()
        except RecordingError as error:
            self.trouble = error

    def metadata(self, session: dict[str, str]) -> None:
        """Writes more of what the session is."""
        try:
            self._recording.metadata(session)
        except RecordingError as error:
            self.trouble = error

    def _link(self, event: LinkEvent) -> None:
        recording = self._recording
        match event:
            case StreamArrived():
                recording.notification(event.placement, event.arrival_s, event.data, event.part)
            case StrapJoined():
                recording.information(event.placement, event.time_s, event.raw_info, event.driver.name, event.part)
                fields = {"placement": event.placement, "part": event.part, "address": event.address}
                recording.event("joined", event.time_s, {**fields, "name": event.name, "driver": event.driver.name})
            case LinkChanged():
                fields = {"placement": event.placement, "part": event.part}
                fields |= {"state": event.state, "reason": event.reason}
                recording.event("link", event.time_s, fields)
            case StrapTold():
                fields = {"placement": event.placement, "code": event.event.code.name, "times": event.event.times}
                recording.event("told", event.time_s, fields)
            case BatteryLevel():
                fields = {"placement": event.placement, "part": event.part}
                fields |= {"percent": event.percent, "low": event.low}
                recording.event("battery", event.time_s, fields)
            case LinkQuality():
                self._quality(event)

    def _quality(self, event: LinkQuality) -> None:
        slot = Slot(event.placement, event.part)
        told_s = self._judged_s.get(slot, -QUALITY_EVERY_S)
        if event.time_s - told_s < QUALITY_EVERY_S:
            return
        self._judged_s[slot] = event.time_s
        fields = {
            "placement": event.placement,
            "part": event.part,
            "rssi_dbm": event.rssi_dbm,
            "arrived_ratio": round(event.arrived_ratio, 4),
            "jitter_s": None if event.jitter_s is None else round(event.jitter_s, 4),
            "missing": event.missing,
            "given_up": event.given_up,
        }
        self._recording.event("quality", event.time_s, fields)

    def _coach(self, event: CoachEvent) -> None:
        recording = self._recording
        match event:
            case MarkerOpened():
                self._open[event.label] = Marker(event.label, event.time_s, event.time_s, event.value)
                recording.open_marker(event.label, event.value, event.time_s)
            case MarkerClosed():
                opened = self._open.pop(event.label)
                recording.marker(Marker(event.label, opened.start_s, event.time_s, opened.value), event.time_s)
            case Zeroed():
                recording.zero(event.time_s)
            case Swapped():
                recording.metadata({"swapped": SWAPPED})
                recording.event("swapped", event.time_s)
            case Prompted():
                recording.event("prompt", event.time_s, {"doing": event.doing, "text": event.text})
            case Cued():
                recording.event("cue", event.time_s, {"signal": event.mistake, "text": event.text})
            case Judged():
                fields = {"side": event.side, "verdict": event.verdict, "reason": event.reason}
                recording.event("judged", event.time_s, fields)
            case Answered():
                recording.event("answered", event.time_s, {"answer": "yes" if event.yes else "no"})
            case Reached():
                recording.event("reached", event.time_s, {"text": event.text})
            case Counted():
                pass
            case Ended():
                recording.event("ended", event.time_s, {"ending": event.ending})
