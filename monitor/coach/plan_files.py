"""Where an exercise's file is: one's own in the data folder, such as a physiotherapist's, else the program's.

Invariant: the program's files are never written to; who deletes his own has the program's back.
"""

from importlib.resources import files
from pathlib import Path

from monitor.owner_files import make_folder, write_text
from monitor.store.home import home_folder
from sensor.errors import ConfigError

OWN = "exercises"
# Files that are no exercise of their own.
_PARTS = ("calibration", "demo", "desk", "screen")


def exercises() -> tuple[str, ...]:
    """Names of the exercises there are."""
    names = (p.name.removesuffix(".toml") for p in files("monitor.coach").joinpath("exercises").iterdir())
    return tuple(sorted(n for n in names if not n.startswith(_PARTS)))


class NoSuchExercise(ConfigError):
    """An exercise that nothing describes."""

    def __init__(self, name: str) -> None:
        super().__init__(Path(name), f"no such exercise: choose one of {', '.join(exercises())}")


def exercise_file(name: str) -> Path:
    """The file that describes the exercise or part `name`, there or not."""
    own = own_file(name)
    return own if name in exercises() and own.is_file() else program_file(name)


def own_file(name: str) -> Path:
    """Where one's own description of an exercise is, if there is any."""
    return home_folder() / OWN / f"{name}.toml"


def program_file(name: str) -> Path:
    """The description that comes with the program."""
    return Path(str(files("monitor.coach").joinpath("exercises", f"{name}.toml")))


def own_copy(name: str) -> Path:
    """One's own file of an exercise, begun as the program's where there is none yet; raises NoSuchExercise."""
    if name not in exercises():
        raise NoSuchExercise(name)
    own = own_file(name)
    if not own.exists():
        make_folder(own.parent)
        write_text(own, program_file(name).read_text(encoding="utf-8"))
    return own
