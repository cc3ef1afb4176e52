"""Stream notifications of one strap to samples in SI units.

Invariant: sans-I/O; the blocks given out, one after another, are the same wherever the notifications are cut.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sensor import gatt
from sensor.decoding.sample_line import Head, Piece, SampleLine
from sensor.decoding.stream_batch import Notification, PacketBatch, Payload, parse_batch
from sensor.decoding.whole_samples import Joined, join_parts
from sensor.gatt import Channel
from sensor.packet import COLUMNS, StrapInfo
from sensor.recorded import LinkCounts
from sensor.samples import Floats, Ints, Placement, SampleBlock, empty_block, unmeasured_block

__all__ = ["Notification", "StrapDecoder"]


class StrapDecoder:
    """Decodes one strap's notifications in the order of their arrival."""

    def __init__(self, info: StrapInfo, placement: Placement) -> None:
        self._info = info
        self._placement = placement
        self._line = SampleLine(info.rate_hz, info.clock_hz)
        self._waiting: list[Notification] = []
        self._corrupt = 0
        self._incomplete = 0

    def inform(self, info: StrapInfo) -> None:
        """The strap is connected again and says this of itself."""
        self._info = info
        self._line.set_rate(info.rate_hz, info.clock_hz)

    @property
    def counts(self) -> LinkCounts:
        """What went wrong so far."""
        line = self._line.counts
        return LinkCounts(
            corrupt=self._corrupt,
            repeated=line.repeated,
            resent=line.resent,
            restarts=line.restarts,
            out_of_order=line.out_of_order,
            strays=line.strays,
            clock_jumps=line.clock_jumps,
            incomplete=self._incomplete,
        )

    def push(self, notifications: Sequence[Notification]) -> SampleBlock:
        """The samples that these notifications complete."""
        return self._decode(notifications, last=False)

    def finish(self) -> SampleBlock:
        """The samples that only waited for what could follow."""
        block = self._decode([], last=True)
        self._line.drop_pending()
        return block

    def _decode(self, notifications: Sequence[Notification], last: bool) -> SampleBlock:
        given = [*self._waiting, *notifications]
        if not given:
            return empty_block(self._placement, 0, self._line.rate_hz)
        batch = parse_batch(given, self._info.channels)
        joined = join_parts(batch, self._info.channels, last)
        pieces = self._place(batch, joined)
        held = joined.held
        if self._line.pending and not last:
            held = int(joined.first[-self._line.pending])
            self._line.forget_pending()
        self._waiting = [given[i] for i in batch.notifications[held:].tolist()]
        self._corrupt += batch.corrupt
        self._incomplete += joined.incomplete
        return _block(self._placement, self._info, self._line.rate_hz, batch, joined, pieces)

    def _place(self, batch: PacketBatch, joined: Joined) -> list[Piece]:
        heads = np.column_stack([batch.epoch, batch.counter, batch.clock, batch.samples, batch.channels])[joined.first]
        arrivals = batch.arrival_s[joined.first].tolist()
        pieces: list[Piece] = []
        for i, (epoch, counter, clock, samples, channels) in enumerate(heads.tolist()):
            head = Head(epoch, counter, clock, samples, channels >= Channel.RESENT.value, arrivals[i])
            pieces += self._line.place(i, head)
        return pieces


@dataclass(frozen=True, slots=True)
class _Rows:
    """Which sample of which joined packet each row is."""

    packet: Ints  # (R,)
    offset: Ints  # (R,)
    last: Ints  # (R,) offset of the packet's last sample


def _block(
    placement: Placement, info: StrapInfo, rate_hz: float, batch: PacketBatch, joined: Joined, pieces: list[Piece]
) -> SampleBlock:
    lengths = np.array([piece.stop - piece.first for piece in pieces], np.int64)
    piece_of_row = np.repeat(np.arange(len(pieces)), lengths)
    table = np.array(pieces, dtype=np.float64).reshape(len(pieces), len(Piece._fields))[piece_of_row]
    packet, first, _, number, step, ticks, ticks_per_sample = table.T
    offset = np.arange(len(piece_of_row)) - (np.cumsum(lengths) - lengths)[piece_of_row] + first
    of_packet = packet.astype(np.int64)
    block = unmeasured_block(
        placement,
        rate_hz,
        np.rint(number + offset * step).astype(np.int64),
        (ticks + offset * ticks_per_sample) / info.clock_hz,
        _complete_s(batch, joined)[of_packet],
    )
    last = batch.samples[joined.first][of_packet] - 1
    rows = _Rows(of_packet, offset.astype(np.int64), last)
    for payload in batch.payloads:
        _fill(block, info, payload, _place_in(payload, joined, len(batch.samples))[of_packet], rows)
    return block


def _complete_s(batch: PacketBatch, joined: Joined) -> Floats:
    """When the last part of each joined packet arrived."""
    if joined.alone:
        return batch.arrival_s
    arrival_s = batch.arrival_s[joined.first]
    np.maximum.at(arrival_s, joined.owner, batch.arrival_s[joined.parts])
    return arrival_s


def _place_in(payload: Payload, joined: Joined, packets: int) -> Ints:
    """Where in the payload the part of each joined packet lies, -1 if it has none."""
    if joined.alone and len(payload.packets) == packets:
        return joined.first
    owner = np.full(packets, -1, np.int64)
    owner[joined.parts] = joined.owner
    of_payload = owner[payload.packets]
    place = np.full(len(joined.first), -1, np.int64)
    place[of_payload[of_payload >= 0]] = np.flatnonzero(of_payload >= 0)
    return place


def _fill(block: SampleBlock, info: StrapInfo, payload: Payload, place: Ints, rows: _Rows) -> None:
    """Puts a payload's values into the rows that have one; a part of one sample belongs to the packet's last."""
    at = rows.offset - rows.last + payload.values.shape[1] - 1
    row = np.flatnonzero((place >= 0) & (at >= 0))
    counts = payload.values[place[row], at[row]]
    column = 0
    for channel, width in COLUMNS:
        if channel in payload.channels:
            _put(block, info, channel, row, counts[:, column : column + width])
            column += width
    if payload.temperature is not None:
        celsius = payload.temperature[place[row]] / 100.0
        celsius[payload.temperature[place[row]] == gatt.NO_TEMPERATURE] = np.nan
        block.temperature_c[row] = celsius
    if payload.q_start_from_strap is not None:
        row = row[rows.offset[row] == rows.last[row]]
        q = payload.q_start_from_strap[place[row]].astype(np.float64)
        block.q_start_from_strap[row] = q / np.sqrt((q * q).sum(axis=1, keepdims=True))


def _put(block: SampleBlock, info: StrapInfo, channel: Channel, row: Ints, counts: NDArray[np.uint16]) -> None:
    match channel:
        case Channel.ACC:
            block.acc_m_s2[row] = counts.view(np.int16) * (info.acc_full_scale_m_s2 / gatt.FULL_SCALE_COUNTS)
        case Channel.GYR:
            block.gyr_rad_s[row] = counts.view(np.int16) * (info.gyr_full_scale_rad_s / gatt.FULL_SCALE_COUNTS)
        case Channel.FLEX:
            block.flex[row] = _numbers(counts)
        case Channel.TENSION:
            block.tension[row] = _numbers(counts)
        case _:
            block.range_m[row] = _numbers(counts) / 1000.0


def _numbers(counts: NDArray[np.uint16]) -> Floats:
    """Unsigned counts (R, 1) as numbers (R,)."""
    return np.where(counts == gatt.NO_COUNT, np.nan, counts)[:, 0]
