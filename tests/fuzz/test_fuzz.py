"""The seeded part of `make fuzz`: some of the bytes nobody meant, for every reader."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sensor.errors import PacketError
from tests.fuzz.mutations import mutated
from tests.fuzz.targets import scratch, targets
from tests.fuzz.watch import GROWTH_MB, LONGEST_S, Watch

INPUTS = 2000
NEVER_REFUSE = ("strap decoder", "missing samples")
SEED = 6

with scratch() as _folder:
    NAMES = tuple(targets(Path(_folder)))


def watched(read: Callable[[bytes], object], seeds: list[bytes], inputs: int) -> Watch:
    watch = Watch(read, inputs)
    for data in mutated(seeds, SEED):
        watch.feed(data)
        if watch.fed == inputs:
            break
    return watch


@pytest.fixture
def in_memory() -> Iterator[Path]:
    """Thousands of small files are written there, which disks take their time for."""
    with scratch() as folder:
        yield Path(folder)


@pytest.mark.parametrize("name", NAMES)
def test_any_bytes_are_read_or_refused(name: str, in_memory: Path) -> None:
    target = targets(in_memory)[name]
    watch = watched(target.read, list(target.seeds), round(INPUTS * target.weight))
    assert watch.findings == {}
    # Mutation that is always refused, or never, would prove nothing.
    assert 0 < watch.refused < watch.fed or name in NEVER_REFUSE or name.startswith("driver ")


def test_the_inputs_are_as_many_as_promised(in_memory: Path) -> None:
    assert sum(INPUTS * target.weight for target in targets(in_memory).values()) >= 10_000


def undeclared(data: bytes) -> None:
    if len(data) > 3:
        raise IndexError(data[3])


def several_lines(data: bytes) -> None:
    raise PacketError(f"{data[:1]!r}\nand more")


def hoarding() -> Callable[[bytes], None]:
    kept: list[bytes] = []
    return lambda _: kept.append(b"1" * (1 << 20))


def slow(_data: bytes) -> None:
    until_s = time.process_time() + 1.2 * LONGEST_S
    while time.process_time() < until_s:
        pass


@pytest.mark.parametrize(
    ("read", "kind"),
    [
        (undeclared, "IndexError in undeclared"),
        (several_lines, "PacketError of several lines"),
        (hoarding(), "growth"),
        (slow, "slow"),
    ],
)
def test_the_watch_sees_what_it_watches_for(read: Callable[[bytes], object], kind: str) -> None:
    watch = Watch(read, 4 if read is slow else 4 * round(GROWTH_MB))
    while watch.fed < watch.inputs:
        watch.feed(b"abcdef")
    assert kind in watch.findings
