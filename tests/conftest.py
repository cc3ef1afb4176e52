"""What every test starts from: English, nobody's own data, and the shared recordings where there are any (else a skip
says so).
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor import language
from monitor.store.home import HOME_VARIABLE

SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of shared recordings beside the project's root."""
    folder = SHARED / "data"
    if not folder.is_dir():
        pytest.skip("shared recordings are not beside this checkout (../shared/data)")
    return folder


@pytest.fixture(autouse=True)
def nobody_s_home(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keeps whatever the machine's user has described or settled out of the tests."""
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path_factory.getbasetemp() / "nobody"))


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Starts every test in English, whatever its machine and the test before it speak."""
    monkeypatch.setenv("LANGUAGE", language.ENGLISH)
    language.use(language.ENGLISH)
    yield
    language.use(language.ENGLISH)
