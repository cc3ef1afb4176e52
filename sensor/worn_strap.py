"""What is worn at one placement, decoded: the strap's samples, with the values of a band beside it laid on them.

Invariant: a row has the band's last value that had arrived when the row did, so that nothing depends on how
notifications are grouped; rows that come again late and values older than `HOLD_S` have none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from sensor.decoding.stream_batch import Notification
from sensor.drivers.driver import Decoder, Driver
from sensor.packet import StrapInfo
from sensor.recorded import LinkCounts
from sensor.samples import Floats, Placement, SampleBlock
from sensor.slots import Part

HOLD_S = 0.5
# Straps hold rows back for others to agree with them, so that younger band values come first.
REMEMBERED_S = 30.0
CHANNELS = ("flex", "tension", "range_m")


@dataclass(frozen=True, slots=True)
class _BandValues:
    """The band's rows in order of arrival: `values` (N, 3) are flex, tension and range."""

    arrival_s: Floats
    values: Floats


class WornStrap:
    """Decodes the devices at one placement."""

    def __init__(self, placement: Placement, remembered_s: float = REMEMBERED_S) -> None:
        self._placement = placement
        self._remembered_s = remembered_s
        self._decoders: dict[Part, Decoder] = {}
        self._highest = np.iinfo(np.int64).min
        self._band = _BandValues(np.empty(0), np.empty((0, len(CHANNELS))))

    def join(self, part: Part, driver: Driver, info: StrapInfo) -> None:
        """A device is connected and says this of itself; at the first time and after every reconnection."""
        if part in self._decoders:
            self._decoders[part].inform(info)
        else:
            self._decoders[part] = driver.decoder(info, self._placement)

    @property
    def counts(self) -> LinkCounts:
        """What went wrong so far, on the links of strap and band together."""
        counts = [decoder.counts for decoder in self._decoders.values()]
        return LinkCounts(*(sum(getattr(c, f.name) for c in counts) for f in fields(LinkCounts)))

    def push(self, notifications: Mapping[Part, Sequence[Notification]]) -> SampleBlock | None:
        """The strap's samples that these notifications complete; None where none of them is the strap's.

        What comes before a device has joined is dropped.
        """
        return self._laid_on({p: self._decoders[p].push(n) for p, n in notifications.items() if p in self._decoders})

    def finish(self) -> SampleBlock | None:
        """The samples that only waited for what could follow; None without a strap."""
        return self._laid_on({part: decoder.finish() for part, decoder in self._decoders.items()})

    def _laid_on(self, blocks: Mapping[Part, SampleBlock]) -> SampleBlock | None:
        band, block = blocks.get(Part.BAND), blocks.get(Part.STRAP)
        if band is not None and len(band):
            self._remember(band)
        if block is None or not len(block) or Part.BAND not in self._decoders:
            return block
        return self._with_band(block)

    def _remember(self, band: SampleBlock) -> None:
        """Takes the band's new rows, and forgets those long before them."""
        before = int(np.searchsorted(self._band.arrival_s, band.arrival_s[0] - self._remembered_s))
        values = np.column_stack([getattr(band, channel) for channel in CHANNELS])
        self._band = _BandValues(
            np.concatenate([self._band.arrival_s[before:], band.arrival_s]),
            np.concatenate([self._band.values[before:], values]),
        )

    def _with_band(self, block: SampleBlock) -> SampleBlock:
        values = self._values_at(block.arrival_s)
        values[~self._fresh(block)] = np.nan
        columns: dict[str, Floats] = {}
        for i, channel in enumerate(CHANNELS):
            own: Floats = getattr(block, channel)
            columns[channel] = np.where(np.isnan(own), values[:, i], own)
        return replace(block, **columns)

    def _values_at(self, arrival_s: Floats) -> Floats:
        """The band's values (N, 3) that were known at these times."""
        band = self._band
        if not len(band.arrival_s):
            return np.full((len(arrival_s), len(CHANNELS)), np.nan)
        at = np.searchsorted(band.arrival_s, arrival_s, side="right") - 1
        values = band.values[at]
        values[(at < 0) | (arrival_s - band.arrival_s[at] > HOLD_S)] = np.nan
        return values

    def _fresh(self, block: SampleBlock) -> NDArray[np.bool_]:
        """Which rows are later than all before them."""
        before = np.maximum.accumulate(np.concatenate([[self._highest], block.sample[:-1]]))
        self._highest = max(self._highest, int(block.sample.max()))
        return block.sample > before
