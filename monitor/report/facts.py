"""What a report is made of.

Invariant: results are final; nothing here is computed anew from samples.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from analysis.alignment.mounting import Alignment
from analysis.results import Tables
from monitor.report.aim import Aim
from sensor.markers import Marker
from sensor.recorded import Device, LinkCounts
from sensor.samples import Placement
from sensor.wearer import Wearer


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """A session's results with what they rest on; `params` is the tree of parameter dataclasses that made them.

    `remark` and `tags` are the wearer's own.
    """

    session: str
    exercise: str | None
    started: datetime | None
    wearer: Wearer | None
    tables: Tables
    markers: tuple[Marker, ...]
    alignment: Alignment
    params: object
    aim: Aim | None = None
    simulated: bool = False
    remark: str = ""
    tags: tuple[str, ...] = ()
    counts: Mapping[Placement, LinkCounts] = field(default_factory=dict[Placement, LinkCounts])
    devices: Mapping[Placement, Device] = field(default_factory=dict[Placement, Device])
    versions: Mapping[str, str] = field(default_factory=dict[str, str])
