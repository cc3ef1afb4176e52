"""Where the user's data lie: `KNEEGAP_HOME`, or where the system keeps such data."""

import os
from pathlib import Path

import platformdirs

HOME_VARIABLE = "KNEEGAP_HOME"


def home_folder() -> Path:
    """The user's data folder, there or not."""
    given = os.environ.get(HOME_VARIABLE)
    return Path(given) if given else platformdirs.user_data_path("knee-gap-monitor", appauthor=False)
