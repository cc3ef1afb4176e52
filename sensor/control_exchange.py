"""Requests to a strap and their answers, one at a time.

Invariant: an answer belongs to the request with its number; one that comes too late is dropped.
"""

import asyncio
from collections.abc import Awaitable, Callable

from sensor import gatt
from sensor.control import Answer, ControlEvent, Request, decode_control, encode_request
from sensor.errors import PacketError
from sensor.gatt import Status
from sensor.radio_errors import StrapRefused, StrapTimeout, StrapUnreachable

ANSWER_S = 3.0
BUSY_S = 0.1
TRIES = 5
NUMBERS = 256


class ControlExchange:
    """The Control characteristic of one connection; `write` sends a value with response."""

    def __init__(self, strap: str, write: Callable[[bytes], Awaitable[None]]) -> None:
        self._strap = strap
        self._write = write
        self._turn = asyncio.Lock()
        self._number = 0
        self._pending: asyncio.Future[Answer] | None = None

    async def request(self, request: Request) -> Answer:
        """The strap's answer with status OK; `StrapRefused` with another one, `StrapTimeout` without one."""
        name = type(request).__name__.lower()
        async with self._turn:
            answer = await self._ask(request, name)
            for _ in range(TRIES):
                if answer.status != Status.BUSY:
                    break
                await asyncio.sleep(BUSY_S)
                answer = await self._ask(request, name)
        if answer.status != Status.OK:
            meaning = gatt.MEANING.get(Status(answer.status), "") if answer.status in tuple(Status) else "unknown code"
            raise StrapRefused(name, answer.status, meaning)
        return answer

    def take(self, data: bytes) -> ControlEvent | None:
        """A notification arrived; what the strap told by itself, None for answers and for nonsense."""
        try:
            message = decode_control(data)
        except PacketError:
            return None
        if isinstance(message, ControlEvent):
            return message
        if self._pending is not None and not self._pending.done() and message.number == self._number:
            self._pending.set_result(message)
        return None

    def end(self) -> None:
        """The connection is gone, no answer will come."""
        if self._pending is not None and not self._pending.done():
            self._pending.set_exception(StrapUnreachable(self._strap))

    async def _ask(self, request: Request, name: str) -> Answer:
        self._number = (self._number + 1) % NUMBERS
        self._pending = asyncio.get_running_loop().create_future()
        try:
            # The answer may come before the write is confirmed.
            await self._write(encode_request(request, self._number))
            async with asyncio.timeout(ANSWER_S):
                return await self._pending
        except TimeoutError:
            raise StrapTimeout(name, ANSWER_S) from None
        finally:
            self._pending.cancel()
