"""A damaged file is read as far as it goes or refused with a declared error in one line; nothing else happens."""

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from sensor.errors import KneeGapError
from sensor.recordings.replay import read_recording
from sensor.tables.marker_table import read_markers
from sensor.tables.recording_table import read_table
from sensor.tables.wearer_file import read_wearer
from tests.recording_tables import columns, written
from tests.sensor.damage import damaged
from tests.sensor.test_recording import write_session

TIMES = 250


def recording(folder: Path) -> Path:
    write_session(folder / "recording.mcap").close()
    return folder / "recording.mcap"


def parquet(folder: Path) -> Path:
    return written(folder, columns(), ".parquet")


def table(folder: Path) -> Path:
    return written(folder, columns(), ".csv")


def markers(folder: Path) -> Path:
    path = folder / "markers.csv"
    path.write_text("label,start_s,end_s,value\ntouch,1,2,\nspacer,3,4,97\nexercise,5,6,clamp\n")
    return path


def wearer(folder: Path) -> Path:
    path = folder / "wearer.toml"
    path.write_text('femur_mm = 450\nhip_width_mm = 188\nname = "x"\n')
    return path


@pytest.mark.parametrize(
    ("make", "read"),
    [
        (recording, read_recording),
        (parquet, read_table),
        (table, read_table),
        (markers, read_markers),
        (wearer, read_wearer),
    ],
)
def test_damage(make: Callable[[Path], Path], read: Callable[[Path], object], tmp_path: Path) -> None:
    path, random = make(tmp_path), Random(20260301)
    good, outcomes, lines = path.read_bytes(), set[str](), set[int]()
    for _ in range(TIMES):
        path.write_bytes(damaged(good, random))
        try:
            read(path)
            outcomes.add("read")
        except KneeGapError as error:
            outcomes.add(type(error).__name__)
            lines.add(str(error).count("\n"))
    assert len(outcomes) > 1
    assert lines == {0}
