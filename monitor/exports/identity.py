"""A session without what tells whose it is: no name, serial, note, date, path or clock that leads to a person.

Only what is named here is taken over, so a field that is added to a session later stays at home until it is let out.
Sizes of the body are kept: the analysis cannot be repeated without them.
"""

from dataclasses import replace

from monitor.session_data import SessionData
from monitor.store import SessionMeta
from sensor.markers import Label, Marker
from sensor.recorded import Recorded
from sensor.samples import SampleBlock
from sensor.wearer import Wearer

ANONYMOUS = "anonymous"
# Labels that a person typed in could name somebody; so could values, but for these.
_LABELS = frozenset(str(label) for label in Label)
_VALUED = frozenset({Label.SPACER, Label.EXERCISE, Label.POSTURE})


def without_identity(session: SessionData) -> SessionData:
    """The same measurements and results of nobody in particular."""
    meta = SessionMeta(
        id=ANONYMOUS,
        exercise=session.meta.exercise,
        imported=session.meta.imported,
        simulated=session.meta.simulated,
        program=session.meta.program,
        format=session.meta.format,
    )
    given = session.recorded
    recorded = Recorded(
        straps={placement: _from_zero(block) for placement, block in given.straps.items()},
        markers=tuple(_without_text(marker) for marker in given.markers if marker.label in _LABELS),
        wearer=None if given.wearer is None else _without_name(given.wearer),
        exercise=given.exercise,
        counts=given.counts,
        devices=given.devices,
    )
    return SessionData(meta, recorded, session.analysis, session.params)


def _from_zero(block: SampleBlock) -> SampleBlock:
    """Counter and clock from 0: they tell how long the strap had been on."""
    if not len(block):
        return block
    return replace(
        block, sample=block.sample - block.sample.min(), device_s=block.device_s - float(block.device_s.min())
    )


def _without_text(marker: Marker) -> Marker:
    return marker if marker.label in _VALUED else replace(marker, value="")


def _without_name(wearer: Wearer) -> Wearer:
    return Wearer(
        femur_m=wearer.femur_m,
        hip_width_m=wearer.hip_width_m,
        knee_width_m=wearer.knee_width_m,
        height_m=wearer.height_m,
    )
