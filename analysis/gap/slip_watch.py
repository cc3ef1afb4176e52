"""Slips straight from motion, for stages that must know of them while they work.

Invariant: a slip comes with the rows that show it, never earlier.
"""

from analysis.drift.donned_tension import DonnedTension, DonnedTensionParams
from analysis.drift.slips import Slip, SlipParams, SlipStage
from analysis.drift.strap_blocks import Blocking
from analysis.motion import Motion


class SlipWatch:
    """Motion to first reports of slips."""

    def __init__(self, donned: DonnedTensionParams | None = None, slips: SlipParams | None = None) -> None:
        self._blocking = Blocking()
        self._donned = DonnedTension(donned)
        self._slips = SlipStage(slips)

    def push(self, motion: Motion) -> tuple[Slip, ...]:
        """Slips that these rows show for the first time; each counts from its `detected_s` on."""
        blocks = self._blocking.push(motion)
        return self._slips.push(blocks, self._donned.push(blocks, motion.edges))
