"""Requests, answers and events of the Control characteristic as bytes and back (`docs/protocol.md`).

Invariant: a request carries a number of the host's choice and its answer repeats it; bytes that break a rule of the
document raise `PacketError`.
"""

import struct
from dataclasses import dataclass

from sensor import gatt
from sensor.errors import PacketError
from sensor.gatt import EventCode, Haptic, Opcode, Status
from sensor.packet import placement_code
from sensor.samples import Placement

_RATE = struct.Struct("<H")
_RESEND = struct.Struct("<B3sH")
_POSITION = struct.Struct("<HB3sI")
_STATUS = struct.Struct("<BHB3s3sI")
_PROMISE = struct.Struct("<3sH")
_EVENT = struct.Struct("<BB3sI")


@dataclass(frozen=True, slots=True)
class Start:
    """Start the stream; 0 Hz asks for the nominal rate."""

    rate_hz: float = 0.0


@dataclass(frozen=True, slots=True)
class Stop:
    """Stop the stream."""


@dataclass(frozen=True, slots=True)
class SetRate:
    """Sample at another rate, now and after the next start."""

    rate_hz: float


@dataclass(frozen=True, slots=True)
class SetPlacement:
    """Remember where the strap is worn; None forgets it."""

    placement: Placement | None


@dataclass(frozen=True, slots=True)
class Identify:
    """Blink or buzz for some seconds; 0 stops."""

    duration_s: int


@dataclass(frozen=True, slots=True)
class Cue:
    """Buzz a pattern with a strength of 0 to 255."""

    haptic: Haptic
    strength: int = 255


@dataclass(frozen=True, slots=True)
class Resend:
    """Send samples again that the strap still keeps."""

    epoch: int
    counter: int
    samples: int


@dataclass(frozen=True, slots=True)
class AskStatus:
    """Tell what is streaming and what is kept."""


Request = Start | Stop | SetRate | SetPlacement | Identify | Cue | Resend | AskStatus


@dataclass(frozen=True, slots=True)
class Started:
    """Answer to `Start` and `SetRate`: the granted rate, and epoch, number and clock of the next sample."""

    rate_hz: float
    epoch: int
    counter: int
    clock: int


@dataclass(frozen=True, slots=True)
class StrapStatus:
    """Answer to `AskStatus`: numbers of the oldest kept and of the next sample, and the clock now."""

    streaming: bool
    rate_hz: float
    epoch: int
    oldest: int
    next_counter: int
    clock: int


@dataclass(frozen=True, slots=True)
class Resending:
    """Answer to `Resend`: the part of the asked range that the strap keeps and sends."""

    counter: int
    samples: int


@dataclass(frozen=True, slots=True)
class Answer:
    """How the request with this number ended; `data` only where the status is OK and the request has some."""

    opcode: int
    number: int
    status: int
    data: Started | StrapStatus | Resending | None = None


@dataclass(frozen=True, slots=True)
class ControlEvent:
    """Taps on the strap or presses of its button, at a sample."""

    code: EventCode
    times: int
    epoch: int
    counter: int
    clock: int


def encode_request(request: Request, number: int) -> bytes:
    """What the host writes; `number` (0 to 255) is repeated in the answer."""
    match request:
        case Start():
            return _request(Opcode.START, number, _RATE.pack(round(request.rate_hz * 10)))
        case Stop():
            return _request(Opcode.STOP, number)
        case SetRate():
            return _request(Opcode.RATE, number, _RATE.pack(round(request.rate_hz * 10)))
        case SetPlacement():
            return _request(Opcode.PLACEMENT, number, bytes([placement_code(request.placement)]))
        case Identify():
            return _request(Opcode.IDENTIFY, number, bytes([request.duration_s]))
        case Cue():
            return _request(Opcode.HAPTIC, number, bytes([request.haptic, request.strength]))
        case Resend():
            return _request(Opcode.RESEND, number, _RESEND.pack(request.epoch, _u24(request.counter), request.samples))
        case AskStatus():
            return _request(Opcode.STATUS, number)


def decode_request(data: bytes) -> tuple[int, Request]:
    """Number and request; a `RequestError` carries the status to answer with."""
    if len(data) < 2:
        raise RequestError(Status.BAD_LENGTH)
    opcode, number, body = data[0], data[1], data[2:]
    if opcode not in _BODY_BYTES:
        raise RequestError(Status.UNKNOWN_REQUEST)
    if len(body) != _BODY_BYTES[Opcode(opcode)]:
        raise RequestError(Status.BAD_LENGTH)
    return number, _decode_body(Opcode(opcode), body)


class RequestError(PacketError):
    """A request that the strap answers with `status` instead of doing it."""

    def __init__(self, status: Status) -> None:
        self.status = status
        super().__init__(gatt.MEANING[status])


def encode_answer(answer: Answer) -> bytes:
    """What the strap notifies after a request."""
    head = bytes([gatt.ANSWER | answer.opcode, answer.number, answer.status])
    match answer.data:
        case Started() as s:
            return head + _POSITION.pack(round(s.rate_hz * 10), s.epoch, _u24(s.counter), s.clock)
        case StrapStatus() as s:
            rate = round(s.rate_hz * 10)
            return head + _STATUS.pack(s.streaming, rate, s.epoch, _u24(s.oldest), _u24(s.next_counter), s.clock)
        case Resending() as s:
            return head + _PROMISE.pack(_u24(s.counter), s.samples)
        case None:
            return head


def encode_event(event: ControlEvent) -> bytes:
    """What the strap notifies by itself."""
    return bytes([event.code]) + _EVENT.pack(event.times, event.epoch, _u24(event.counter), event.clock)


def decode_control(data: bytes) -> Answer | ControlEvent:
    """What a notification on Control says."""
    if not data:
        raise PacketError("empty control message")
    if data[0] in tuple(EventCode):
        return _decode_event(data)
    if len(data) < 3 or not data[0] & gatt.ANSWER:
        raise PacketError(f"control message {data[:3].hex()}")
    opcode, number, status = data[0] & ~gatt.ANSWER, data[1], data[2]
    return Answer(opcode, number, status, _decode_data(opcode, data[3:]) if status == Status.OK else None)


_BODY_BYTES = {
    Opcode.START: _RATE.size,
    Opcode.STOP: 0,
    Opcode.RATE: _RATE.size,
    Opcode.PLACEMENT: 1,
    Opcode.IDENTIFY: 1,
    Opcode.HAPTIC: 2,
    Opcode.RESEND: _RESEND.size,
    Opcode.STATUS: 0,
}


def _request(opcode: Opcode, number: int, body: bytes = b"") -> bytes:
    return bytes([opcode, number]) + body


def _decode_body(opcode: Opcode, body: bytes) -> Request:
    match opcode:
        case Opcode.START:
            return Start(_RATE.unpack(body)[0] / 10)
        case Opcode.STOP:
            return Stop()
        case Opcode.RATE:
            return SetRate(_RATE.unpack(body)[0] / 10)
        case Opcode.PLACEMENT:
            return _decode_placement(body[0])
        case Opcode.IDENTIFY:
            return Identify(body[0])
        case Opcode.HAPTIC:
            return _decode_cue(body[0], body[1])
        case Opcode.RESEND:
            epoch, counter, samples = _RESEND.unpack(body)
            return Resend(epoch, int.from_bytes(counter, "little"), samples)
        case Opcode.STATUS:
            return AskStatus()


def _decode_placement(code: int) -> SetPlacement:
    if code == gatt.NO_PLACEMENT:
        return SetPlacement(None)
    if code not in gatt.PLACEMENTS:
        raise RequestError(Status.BAD_VALUE)
    return SetPlacement(gatt.PLACEMENTS[code])


def _decode_cue(haptic: int, strength: int) -> Cue:
    if haptic not in tuple(Haptic):
        raise RequestError(Status.BAD_VALUE)
    return Cue(Haptic(haptic), strength)


def _decode_data(opcode: int, body: bytes) -> Started | StrapStatus | Resending | None:
    try:
        match opcode:
            case Opcode.START | Opcode.RATE:
                rate, epoch, counter, clock = _POSITION.unpack(body)
                return Started(rate / 10, epoch, int.from_bytes(counter, "little"), clock)
            case Opcode.STATUS:
                streaming, rate, epoch, oldest, following, clock = _STATUS.unpack(body)
                oldest, following = (int.from_bytes(n, "little") for n in (oldest, following))
                return StrapStatus(bool(streaming), rate / 10, epoch, oldest, following, clock)
            case Opcode.RESEND:
                counter, samples = _PROMISE.unpack(body)
                return Resending(int.from_bytes(counter, "little"), samples)
            case _:
                return None
    except struct.error as error:
        raise PacketError(f"answer to {opcode:#04x} of {len(body)} bytes") from error


def _decode_event(data: bytes) -> ControlEvent:
    if len(data) != 1 + _EVENT.size:
        raise PacketError(f"event of {len(data)} bytes")
    times, epoch, counter, clock = _EVENT.unpack_from(data, 1)
    return ControlEvent(EventCode(data[0]), times, epoch, int.from_bytes(counter, "little"), clock)


def _u24(counter: int) -> bytes:
    return counter.to_bytes(3, "little")
