"""A session's radio and recording in a process of its own, to be killed.

`python -m tests.bluez.client RECORDING [BEFORE]` tells a line on stdout when all straps stream, ends the session when
stdin ends, and then tells how many samples of each strap are gone; what the recording BEFORE lacks is asked for.
"""

import asyncio
import json
import sys
from pathlib import Path

from sensor.link.link_events import LinkChanged, LinkEvent, LinkQuality, LinkState, StrapJoined, StreamArrived
from sensor.link.patience import SearchParams
from sensor.link.straps import Straps
from sensor.link.unheard import unheard
from sensor.recordings.raw_recording import read_raw
from sensor.recordings.recording import FLUSH_EVERY_S, RecordingWriter
from sensor.samples import THIGHS

SEARCH_S = 90.0


def record(recording: RecordingWriter, event: LinkEvent) -> None:
    """What a session writes down of its radio."""
    match event:
        case StrapJoined():
            recording.information(event.placement, event.time_s, event.raw_info)
        case StreamArrived():
            recording.notification(event.placement, event.arrival_s, event.data)
        case _:
            pass


async def play(straps: Straps) -> None:
    """Until stdin ends."""
    lines = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(lines)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, sys.stdin)
    await lines.read()
    await straps.finish(within_s=30.0)


async def flush(recording: RecordingWriter) -> None:
    """As a session does."""
    while True:
        await asyncio.sleep(FLUSH_EVERY_S)
        recording.flush()


async def main() -> None:
    """One session."""
    recording = RecordingWriter(Path(sys.argv[1]), {"exercise": "clamp"})
    before = unheard(read_raw(Path(sys.argv[2]))) if len(sys.argv) > 2 else {}
    gone: dict[str, int] = {}
    params = SearchParams(search_s=SEARCH_S)
    async with Straps(params=params, unheard=before) as straps, asyncio.TaskGroup() as tasks:
        tasks.create_task(play(straps))
        flushing = tasks.create_task(flush(recording))
        streaming = set[str]()
        async for event in straps:
            record(recording, event)
            if isinstance(event, LinkQuality):
                gone[event.placement] = event.given_up
            if isinstance(event, LinkChanged) and event.state is LinkState.STREAMING:
                streaming.add(event.placement)
                if len(streaming) == len(THIGHS):
                    print("streaming", flush=True)
        flushing.cancel()
    recording.close()
    print(json.dumps(gone), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
