"""Every word of the live screens in one place, so that it can be translated.

Invariant: a state is told by its word and by its sign, never by colour alone.
"""

from monitor.board import Board, Link, State, StrapStatus
from sensor.samples import Placement

STATE_WORD = {
    State.SEARCHING: "SEARCHING",
    State.CALIBRATING: "CALIBRATING",
    State.TOGETHER: "TOGETHER",
    State.NEAR: "ALMOST",
    State.APART: "APART",
    State.UNKNOWN: "NO SIGNAL",
    State.PAUSED: "PAUSED",
    State.ASKING: "QUESTION",
    State.SAVING: "SAVING",
    State.FINISHED: "FINISHED",
    State.STOPPED: "STOPPED",
}
STATE_SIGN = {
    State.SEARCHING: "…",
    State.CALIBRATING: "◎",
    State.TOGETHER: "▶◀",
    State.NEAR: "▷◁",
    State.APART: "◀  ▶",
    State.UNKNOWN: "?",
    State.PAUSED: "❚❚",
    State.ASKING: "?",
    State.SAVING: "…",
    State.FINISHED: "✔",
    State.STOPPED: "■",
}
STRAP_NAME = {
    Placement.LEFT_THIGH: "Left strap",
    Placement.RIGHT_THIGH: "Right strap",
    Placement.LEFT_SHANK: "Left shank",
    Placement.RIGHT_SHANK: "Right shank",
    Placement.LEFT_FOOT: "Left foot",
    Placement.RIGHT_FOOT: "Right foot",
    Placement.PELVIS: "Pelvis",
}
LINK_WORD = {Link.SEARCHING: "searching", Link.CONNECTED: "connected", Link.RECONNECTING: "lost, reconnecting"}
LINK_SIGN = {Link.SEARCHING: "○", Link.CONNECTED: "●", Link.RECONNECTING: "✖"}
LOW_BATTERY_PCT = 15


def clock(seconds: float) -> str:
    """Minutes and seconds, as on a stopwatch."""
    whole = int(max(seconds, 0.0))
    return f"{whole // 60}:{whole % 60:02d}"


def gap_text(board: Board) -> str:
    """The gap with its uncertainty (95 %)."""
    if board.gap_m is None:
        return "-- mm"
    sd = f" ± {1.96e3 * board.sd_m:.0f}" if board.sd_m is not None else ""
    return f"{1e3 * board.gap_m:.0f}{sd} mm"


def strap_text(strap: StrapStatus) -> str:
    """Link, battery and losses of a strap in one line."""
    parts = [LINK_WORD[strap.link]]
    if strap.link is Link.CONNECTED and strap.silent_s > 1.5:
        parts = [f"silent for {strap.silent_s:.0f} s"]
    if strap.battery_pct is not None:
        low = " LOW" if strap.battery_pct <= LOW_BATTERY_PCT else ""
        parts.append(f"battery {strap.battery_pct} %{low}")
    if strap.lost_pct is not None:
        parts.append(f"lost {strap.lost_pct:.1f} %")
    return " · ".join(parts)


def tension_text(strap: StrapStatus) -> str:
    """Tension relative to donning."""
    return "tension --" if strap.tension is None else f"tension {100 * strap.tension:.0f} %"


def round_text(board: Board) -> str:
    """Which round of how many, and repetitions per side."""
    parts = [f"{board.coach.round} of {board.coach.rounds}"] if board.coach.round and board.coach.rounds > 1 else []
    parts += [f"{side} {n}" for side, n in board.repetitions.items() if n]
    return " · ".join(parts)


def prompt_text(board: Board) -> str:
    """What the wearer shall do now."""
    if board.state is State.SEARCHING and board.coach.ending is None:
        return "Switch both straps on and bring them close."
    return board.coach.text


def countdown_text(board: Board) -> str:
    """The coach's countdown, empty where there is none."""
    seconds = board.coach.countdown_s
    return "" if seconds is None or board.coach.ending else f"{seconds + 0.95:.0f} s"
