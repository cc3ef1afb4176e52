"""What the start page offers and what was chosen; no Qt here.

Invariant: the page shows what it is given and decides nothing: an exercise with `refused` cannot be started.
"""

from dataclasses import dataclass

from monitor.coach.pictures import Picture


@dataclass(frozen=True, slots=True)
class ExerciseOffer:
    """An exercise, and how it stands with today's plan (`standing`, a few words); `title` and all else for people.

    `about` says what one does in it, `picture` shows it.
    """

    name: str
    title: str
    standing: str = ""
    done: bool = False
    refused: str = ""
    about: str = ""
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class WearerOffer:
    """Somebody who has worn the straps before."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class StartOffer:
    """All that can be chosen; `suggested` is the exercise that the plan asks for next.

    `last_calibration` says how old it is and how far to trust it, `unfinished` which session could go on; empty where
    there is none. `day` is today's standing and the streak, `message` what came of the session before, `unsized` why
    the wearer's sizes are wanted; empty where they are known.
    """

    exercises: tuple[ExerciseOffer, ...]
    suggested: str = ""
    wearers: tuple[WearerOffer, ...] = ()
    wearer: str = ""
    last_calibration: str = ""
    unfinished: str = ""
    day: str = ""
    message: str = ""
    unsized: str = ""


@dataclass(frozen=True, slots=True)
class StartChoice:
    """What the wearer wants; `calibrate` False starts with the last calibration, `resume` goes on with `unfinished`."""

    exercise: str
    wearer: str = ""
    calibrate: bool = True
    resume: bool = False
    desk: bool = False
