"""What a session that broke off a moment ago did not get of its straps: the next one asks for it.

Invariant: recordings alone tell it; one that cannot be read costs no session.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from monitor.store import RECORDING, Session, Store
from sensor.errors import KneeGapError
from sensor.link.missing import MissingSamples
from sensor.link.unheard import unheard
from sensor.recordings.raw_recording import RawRecording, read_raw

# Straps without a host stop by themselves after this time, and hold nothing of that life any more.
RUN_ON = timedelta(minutes=10)

_log = logging.getLogger(__name__)


def left_unheard(store: Store, now: datetime) -> Mapping[str, MissingSamples]:
    """By the straps' serials what the last sessions lack; nothing of straps that have been alone for long."""
    found: dict[str, MissingSamples] = {}
    for session in store.sessions():
        try:
            if _touched_since(now - RUN_ON, session) and not session.meta.simulated:
                raw = read_raw(session.recording)
                found |= unheard(raw) if _ended_since(now - RUN_ON, session, raw) else {}
        except (KneeGapError, OSError) as error:
            _log.info("%s tells nothing of its straps: %s", session.folder.name, error)
    return found


def _touched_since(time: datetime, session: Session) -> bool:
    """Quickly told, but also true of an old one that was sealed just now."""
    recording = session.recording
    return recording.name == RECORDING and recording.stat().st_mtime >= time.timestamp()


def _ended_since(time: datetime, session: Session, raw: RawRecording) -> bool:
    began, began_s = session.meta.started_at, min((event.time_s for event in raw.events), default=raw.last_s)
    return began is not None and began + timedelta(seconds=raw.last_s - began_s) >= time
