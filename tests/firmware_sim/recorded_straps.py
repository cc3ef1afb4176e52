"""Recordings with truth, read for comparison without the product's own reader."""

import csv
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from sensor.markers import Marker
from sensor.samples import Floats, Placement, SampleBlock, empty_block

AXES = "xyz"


def strap_rows(path: Path, placement: Placement) -> SampleBlock:
    """One strap's rows."""
    rows = pq.read_table(path, filters=[("strap", "==", placement.value)])
    n = len(rows)
    none = empty_block(placement, n)

    def column(name: str) -> Floats:
        return np.asarray(rows[name].to_numpy(zero_copy_only=False), dtype=np.float64)

    return SampleBlock(
        placement=placement,
        rate_hz=100.0,
        sample=column("sample").astype(np.int64),
        device_s=column("device_s"),
        arrival_s=column("arrival_s"),
        acc_m_s2=np.stack([column(f"acc_{a}_m_s2") for a in AXES], axis=-1),
        gyr_rad_s=np.stack([column(f"gyr_{a}_rad_s") for a in AXES], axis=-1),
        temperature_c=column("temperature_c"),
        flex=column("flex"),
        tension=column("tension"),
        range_m=none.range_m,
        q_start_from_strap=none.q_start_from_strap,
    )


def marker_times(path: Path, *labels: str) -> tuple[Marker, Marker]:
    """The first markers with these two labels."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    first, second = (next(r for r in rows if r["label"] == label) for label in labels)
    return (
        Marker(first["label"], float(first["start_s"]), float(first["end_s"])),
        Marker(second["label"], float(second["start_s"]), float(second["end_s"])),
    )
