"""Qt's objects are collected on the thread that made them, as in the program: another one would end the process."""

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session")
def frozen_modules() -> None:
    """Leaves what was loaded out of every later collection, which is quick then."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def collected_here(request: pytest.FixtureRequest) -> Iterator[None]:
    """Around a test with Qt nothing is collected by itself; what it leaves behind goes on this thread."""
    if "qtbot" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("frozen_modules")
    gc.disable()
    yield
    gc.collect()
    gc.enable()
