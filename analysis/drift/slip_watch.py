"""Both straps in blocks, their tension, and the slips that show in them: worked out once for all who must know.

Invariant: a slip comes with the block that shows it, never earlier; nothing here depends on the gap.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from analysis.drift.donned_tension import DonnedTension, DonnedTensionParams
from analysis.drift.slips import Slip, SlipParams, SlipStage, joined_rows, measured_slips
from analysis.drift.strap_blocks import Blocking, BlockRows, StrapBlocks
from analysis.motion import Motion
from sensor.arrivals import MarkerEdge
from sensor.samples import THIGHS, Floats, Placement


@dataclass(frozen=True, slots=True)
class StrapSeries:
    """Blocks with relative `tension` (N,), and the slips that they show for the first time."""

    blocks: StrapBlocks
    tension: Mapping[Placement, Floats]
    slips: tuple[Slip, ...] = ()


class SlipWatch:
    """Motion to blocks and first reports of slips; each counts from its `detected_s` on."""

    def __init__(self, donned: DonnedTensionParams | None = None, slips: SlipParams | None = None) -> None:
        self._blocking = Blocking()
        self._donned = DonnedTension(donned)
        self._slips = SlipStage(slips)
        self._edges: tuple[MarkerEdge, ...] = ()

    def push(self, motion: Motion) -> StrapSeries | None:
        """What these rows complete; None while no block is full."""
        self._edges += motion.edges
        blocks = self._blocking.push(motion)
        if blocks is None:
            return None
        tension = self._donned.push(blocks, self._edges)
        self._edges = ()
        return StrapSeries(blocks, tension, self._slips.push(blocks, tension))


def measured_straps(straps: StrapSeries, params: SlipParams) -> StrapSeries:
    """The series of a whole session with those of its slips that last, as all of it shows them."""
    return replace(straps, slips=measured_slips(straps.slips, straps.blocks, straps.tension, params))


def no_straps() -> StrapSeries:
    """A series without blocks."""
    none = np.empty(0)
    rows = BlockRows(np.empty((0, 3)), np.empty((0, 3)), none, none)
    return StrapSeries(StrapBlocks(none, dict.fromkeys(THIGHS, rows)), dict.fromkeys(THIGHS, none))


def join_straps(parts: list[StrapSeries]) -> StrapSeries:
    """Parts one after another; at least one."""
    if len(parts) == 1:
        return parts[0]
    rows = {p: joined_rows([x.blocks.straps[p] for x in parts]) for p in THIGHS}
    blocks = StrapBlocks(np.concatenate([x.blocks.time_s for x in parts]), rows)
    tension = {p: np.concatenate([x.tension[p] for x in parts]) for p in THIGHS}
    return StrapSeries(blocks, tension, tuple(s for x in parts for s in x.slips))
