"""The desktop's own notifications, silent where there are none.

Invariant: a reminder is never needed: it makes no error and nobody waits for it longer than WITHIN_S.
"""

import asyncio
import logging

from desktop_notifier import DesktopNotifier

APP_NAME = "Knee gap"
WITHIN_S = 10.0

_log = logging.getLogger(__name__)


def notify(title: str, text: str) -> None:
    """Shows a notification, if this desktop can."""
    # Where there is no desktop the library logs a whole traceback.
    logging.getLogger("desktop_notifier").setLevel(logging.CRITICAL)
    try:
        asyncio.run(asyncio.wait_for(_send(title, text), WITHIN_S))
    except TimeoutError:
        _log.info("the desktop did not take a notification in %.0f s", WITHIN_S)


async def _send(title: str, text: str) -> None:
    await DesktopNotifier(app_name=APP_NAME).send(title, text)
