"""The coach's tones as buzzes of the straps that can.

Invariant: a buzz is never needed: a strap that cannot, or is out of reach, costs the session nothing.
"""

import logging
from collections.abc import Mapping

from monitor.coach.plan import Tone
from monitor.coach.signals import CoachEvent, Cued, Judged, Prompted, Reached
from sensor.control import Cue
from sensor.gatt import Ability, Haptic
from sensor.link.straps import Straps
from sensor.radio_errors import RadioError

PATTERNS: Mapping[Tone, Haptic] = {
    Tone.CUE: Haptic.DOUBLE,
    Tone.GOOD: Haptic.SHORT,
    Tone.ASK: Haptic.LONG,
    Tone.ALARM: Haptic.WARNING,
}

_log = logging.getLogger(__name__)


def pattern_of(event: CoachEvent) -> Haptic | None:
    """How an event feels; None for what is only seen or heard."""
    return PATTERNS.get(event.tone) if isinstance(event, Prompted | Cued | Judged | Reached) else None


async def buzz(straps: Straps, pattern: Haptic) -> None:
    """Lets every strap buzz that can."""
    for placement, info in straps.joined.items():
        if Ability.BUZZ not in info.abilities:
            continue
        try:
            await straps.send(placement, Cue(pattern))
        except RadioError as error:
            _log.info("%s does not buzz: %s", placement, error)
