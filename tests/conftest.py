"""What every test starts from: English, and the shared recordings where there are any (else a skip says so)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor import language

SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of shared recordings beside the project's root."""
    folder = SHARED / "data"
    if not folder.is_dir():
        pytest.skip("shared recordings are not beside this checkout (../shared/data)")
    return folder


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Starts every test in English, whatever its machine and the test before it speak."""
    monkeypatch.setenv("LANGUAGE", language.ENGLISH)
    language.use(language.ENGLISH)
    yield
    language.use(language.ENGLISH)
