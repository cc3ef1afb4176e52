"""Where the shared recordings lie; tests that need them skip with a clear word where they are absent."""

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of shared recordings beside the project's root."""
    folder = SHARED / "data"
    if not folder.is_dir():
        pytest.skip("shared recordings are not beside this checkout (../shared/data)")
    return folder
