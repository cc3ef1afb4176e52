"""Boards and curves of every state of a session, for tests and screenshots of the screens."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from analysis.results import GapSeries
from monitor.board import Board, HoldSpan, Link, Mark, State, StrapStatus, Walked
from monitor.coach.advice import advice, swapped_text, turned_text
from monitor.coach.pictures import Picture
from monitor.coach.plans import load_plan, load_screen
from monitor.coach.signals import CoachView, Ending
from monitor.language import gettext as _
from monitor.live_buffer import LiveBuffer
from sensor.samples import THIGHS

LEFT, RIGHT = THIGHS
CONNECTED = (
    StrapStatus(LEFT, Link.CONNECTED, 84, -55, 0.2, tension=0.96),
    StrapStatus(RIGHT, Link.CONNECTED, 71, -61, 0.4, tension=0.93),
)
HOLDING = CoachView(
    "Knees together",
    "Press your knees together and keep them there.",
    progress=0.21,
    goal_s=900.0,
    round=1,
    rounds=1,
    exercising=True,
)
EXERCISING = Board(
    exercise="Clamp",
    state=State.TOGETHER,
    coach=HOLDING,
    now_s=312.0,
    gap_m=0.002,
    sd_m=0.0015,
    hold_s=42.0,
    net_s=188.0,
    holds=(HoldSpan(230.0, 262.0), HoldSpan(270.0, None)),
    marks=(Mark(300.0, "mark"),),
    straps=CONNECTED,
)


def searching() -> Board:
    """One strap found, the other not."""
    straps = (CONNECTED[0], StrapStatus(RIGHT, Link.SEARCHING))
    return Board(exercise="Clamp", state=State.SEARCHING, straps=straps)


def calibrating() -> Board:
    """In the touch, after a first try that failed."""
    coach = CoachView(
        "Knees touch",
        "Bring your knees together so that they just touch. Keep still.",
        note="the left strap moved: once more",
        picture=Picture.TOUCH,
        countdown_s=1.4,
        progress=0.5,
        step=4,
        steps=6,
        calibrating=True,
    )
    return replace(EXERCISING, state=State.CALIBRATING, coach=coach, gap_m=None, sd_m=None, hold_s=0, net_s=0, holds=())


def together() -> Board:
    """Inside a hold."""
    return EXERCISING


def apart() -> Board:
    """Knees open, with the cue that says so."""
    coach = replace(HOLDING, cue="Knees together")
    holds = (HoldSpan(230.0, 262.0), HoldSpan(270.0, 304.0))
    return replace(EXERCISING, state=State.APART, coach=coach, gap_m=0.034, sd_m=0.004, hold_s=0.0, holds=holds)


def lost() -> Board:
    """A strap out of reach."""
    coach = replace(HOLDING, cue="A strap is out of reach. Your time is kept.", paused=True)
    straps = (replace(CONNECTED[0], link=Link.RECONNECTING, lost_pct=6.1, battery_pct=12), CONNECTED[1])
    return replace(EXERCISING, state=State.PAUSED, coach=coach, gap_m=None, sd_m=None, straps=straps)


def asking() -> Board:
    """A safety question."""
    text = "Any pain, numbness or change of colour in your legs or feet?"
    coach = CoachView("Stand tied", text, countdown_s=17.0, asking=True, round=1, rounds=1)
    return replace(EXERCISING, exercise="Wrap", state=State.ASKING, coach=coach)


def pain() -> Board:
    """Stopped by the pain button."""
    coach = replace(HOLDING, text=advice(Ending.PAIN), ending=Ending.PAIN)
    return replace(EXERCISING, state=State.STOPPED, coach=coach, marks=(Mark(311.0, "pain"),))


def finished() -> Board:
    """Over, with what came of it and a report to open."""
    coach = replace(HOLDING, text=advice(Ending.FINISHED), ending=Ending.FINISHED, progress=1.0)
    report = "/home/li/.local/share/kneegap/sessions/2026-11-22T18-04-11/report.html"
    message = "Clamp: 3.1 min held in 2 holds"
    return replace(EXERCISING, state=State.FINISHED, coach=coach, message=message, report=report, over=True)


def safety() -> Board:
    """The questions before a wearer's first session."""
    phase = load_screen().ask_first[0]
    coach = CoachView(phase.title, phase.say, asking=True, step=1, steps=8)
    return Board(exercise="Clamp", state=State.ASKING, coach=coach, straps=CONNECTED)


def tying() -> Board:
    """Calibrated, and about to begin."""
    phase = load_plan("wrap").before[-1]
    drawn = phase.drawing
    coach = CoachView(phase.title, phase.say, picture=drawn, countdown_s=41.2, progress=0.3, step=9, steps=9)
    return replace(EXERCISING, exercise="Wrap", state=State.PREPARING, coach=coach, gap_m=0.046, holds=(), hold_s=0.0)


def swapped() -> Board:
    """Each strap on the other's leg, found out in the calibration."""
    board = calibrating()
    return replace(board, coach=replace(board.coach, note="", cue=swapped_text()))


def turned() -> Board:
    """A strap that turned on its leg in mid-session."""
    return replace(EXERCISING, coach=replace(HOLDING, cue=turned_text(LEFT)))


def band() -> Board:
    """A band between the knees, with one strap alone."""
    return replace(EXERCISING, straps=CONNECTED[:1], gap_m=0.004, sd_m=0.001)


BOARDS: dict[str, Callable[[], Board]] = {
    f.__name__: f
    for f in (
        searching,
        calibrating,
        together,
        apart,
        lost,
        asking,
        pain,
        finished,
        safety,
        tying,
        swapped,
        turned,
        band,
    )
}


def buffer_with(board: Board) -> LiveBuffer:
    """A ring filled as it would be when `board` is shown."""
    buffer = LiveBuffer()
    if board.gap_m is not None or board.state is State.PAUSED:
        buffer.add_gap(gap_until(board))
        time_s = np.arange(0.0, board.now_s, 0.02)
        for placement, end in ((LEFT, 0.96), (RIGHT, 0.93)):
            buffer.add_tension(placement, time_s, end + (1 - end) * np.exp(-time_s / 90.0))
    buffer.show(board)
    return buffer


def gap_until(board: Board) -> GapSeries:
    """A gap that opens between the board's holds."""
    rng = np.random.default_rng(5)
    time_s = np.arange(0.0, board.now_s, 0.02)
    gap_m = 0.034 + 0.002 * np.sin(time_s)
    for hold in (HoldSpan(60.0, 190.0), *board.holds):
        end_s = board.now_s + 9.0 if hold.end_s is None else hold.end_s
        gap_m = np.where((time_s > hold.start_s) & (time_s < end_s), 0.002, gap_m)
    kernel = np.ones(25) / 25
    gap_m = np.convolve(gap_m, kernel, mode="same") + rng.normal(0.0, 0.0003, len(time_s))
    gap_m[(time_s > 291.0) & (time_s < 294.0)] = np.nan
    if board.state is State.PAUSED:
        gap_m[time_s > board.now_s - 7.0] = np.nan
    return GapSeries(time_s, np.maximum(gap_m, 0.0), 0.0015 + 0.0001 * gap_m, np.zeros(len(time_s)))


EXERCISES = ("check", "knees_in", "seated_twist", "lying_press", "walk", "wrap")
_DONE = {
    "knees_in": {"both": 1},
    "seated_twist": {"left": 4, "right": 3},
    "lying_press": {"left": 2, "right": 1},
    "wrap": {"squat": 5},
}
# A twist takes as long as it takes.
_TO_GO_S = {"check": 3.2, "knees_in": 3.2, "lying_press": 6.4, "walk": 192.0, "wrap": 507.0}
WALKED = Walked(211, 104.0, np.deg2rad(6.2), np.deg2rad(9.4))


def exercise(name: str) -> Board:
    """In the middle of an exercise, in its plan's own words."""
    plan = load_plan(name)
    phase = plan.round[-1] if name in ("seated_twist", "check") else plan.round[0]
    cue = plan.cues[0].say if plan.cues and name != "walk" else ""
    coach = CoachView(
        phase.title,
        phase.say,
        cue,
        word=_("Hold") if name == "lying_press" else phase.title,
        countdown_s=_TO_GO_S.get(name),
        progress=0.6,
        round=min(2, plan.rounds),
        rounds=plan.rounds,
        exercising=True,
    )
    apart = name not in ("knees_in",)
    gap_m, state = (0.041, State.ACTIVE) if apart else (0.006, State.TOGETHER)
    board = replace(EXERCISING, exercise=plan.title, coach=coach, state=state, gap_m=gap_m, sd_m=0.004)
    return replace(
        board,
        holding=plan.holding,
        repetitions=_DONE.get(name, {}),
        walked=WALKED if name == "walk" else None,
        share_left=0.46 if name == "knees_in" else None,
    )
