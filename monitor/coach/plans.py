"""Plans out of their files, in the wearer's language."""

from monitor.coach.plan import Calibration, Plan, Screen
from monitor.coach.plan_files import NoSuchExercise, exercise_file, exercises
from monitor.coach.plan_needs import checked
from monitor.coach.plan_words import in_language
from monitor.config import read_config


def load_plan(name: str) -> Plan:
    """The plan of the exercise `name`; raises ConfigError."""
    path = exercise_file(name)
    if not path.is_file():
        raise NoSuchExercise(name)
    plan = read_config(path, Plan)
    return in_language(checked(plan, name, path) if name in exercises() else plan)


def load_calibration(name: str = "calibration") -> Calibration:
    """The calibration steps of the file `name`."""
    return in_language(read_config(exercise_file(name), Calibration))


def load_screen() -> Screen:
    """The questions before a wearer's first session."""
    return in_language(read_config(exercise_file("screen"), Screen))
