"""A session's radio and recording in a process of its own, to be killed: `python -m tests.bluez.client RECORDING`.

Tells a line on stdout when all straps stream, and ends the session when stdin ends.
"""

import asyncio
import sys
from pathlib import Path

from sensor.link_events import LinkChanged, LinkEvent, LinkState, StrapJoined, StreamArrived
from sensor.patience import SearchParams
from sensor.recording import FLUSH_EVERY_S, RecordingWriter
from sensor.samples import THIGHS
from sensor.straps import Straps

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
    async with Straps(params=SearchParams(search_s=SEARCH_S)) as straps, asyncio.TaskGroup() as tasks:
        tasks.create_task(play(straps))
        flushing = tasks.create_task(flush(recording))
        streaming = set[str]()
        async for event in straps:
            record(recording, event)
            if isinstance(event, LinkChanged) and event.state is LinkState.STREAMING:
                streaming.add(event.placement)
                if len(streaming) == len(THIGHS):
                    print("streaming", flush=True)
        flushing.cancel()
    recording.close()


if __name__ == "__main__":
    asyncio.run(main())
