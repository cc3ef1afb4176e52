"""Tasks brought to their end, also where a cancellation gets lost.

Before Python 3.12 `asyncio.wait_for` loses a cancellation that comes together with what was waited for; host stacks
wait so for the answer to every command.
"""

import asyncio
from collections.abc import Collection

CANCEL_AGAIN_S = 0.2


async def end_tasks(tasks: Collection[asyncio.Task[None]]) -> None:
    """Cancel until all have ended, those that come into `tasks` meanwhile too."""
    while running := [task for task in tasks if not task.done()]:
        for task in running:
            task.cancel()
        await asyncio.wait(running, timeout=CANCEL_AGAIN_S)
