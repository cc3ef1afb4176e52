"""Every word of the live screens in one place, in the wearer's language.

Invariant: a state is told by its word and by its sign, never by colour alone.
"""

from dataclasses import dataclass
from math import degrees, isfinite

from monitor.board import Board, Link, State, StrapStatus, Walked, tells
from monitor.language import N_, ngettext
from monitor.language import gettext as _
from monitor.wording.lengths import uncertain_text
from monitor.wording.names import side_name

STATE_WORD = {
    State.SEARCHING: N_("SEARCHING"),
    State.CALIBRATING: N_("CALIBRATING"),
    State.PREPARING: N_("GET READY"),
    State.TOGETHER: N_("TOGETHER"),
    State.NEAR: N_("ALMOST"),
    State.APART: N_("APART"),
    State.ACTIVE: N_("EXERCISE"),
    State.UNKNOWN: N_("NO SIGNAL"),
    State.PAUSED: N_("PAUSED"),
    State.ASKING: N_("QUESTION"),
    State.SAVING: N_("SAVING"),
    State.FINISHED: N_("FINISHED"),
    State.STOPPED: N_("STOPPED"),
}
STATE_SIGN = {
    State.SEARCHING: "…",
    State.CALIBRATING: "◎",
    State.PREPARING: "◎",
    State.TOGETHER: "▶◀",
    State.NEAR: "▷◁",
    State.APART: "◀  ▶",
    State.ACTIVE: "▶",
    State.UNKNOWN: "?",
    State.PAUSED: "❚❚",
    State.ASKING: "?",
    State.SAVING: "…",
    State.FINISHED: "✔",
    State.STOPPED: "■",
}
LINK_WORD = {
    Link.SEARCHING: N_("searching"),
    Link.CONNECTED: N_("connected"),
    Link.RECONNECTING: N_("lost, reconnecting"),
}
LINK_SIGN = {Link.SEARCHING: "○", Link.CONNECTED: "●", Link.RECONNECTING: "✖"}
LOW_BATTERY_PCT = 15
MINUTE_S = 60
# A strap sends ten times a second or more: this is no jitter.
SILENT_S = 0.7


def state_word(board: Board) -> str:
    """The one large word; in exercises that are not about the knees' distance, what is done now."""
    if board.state is State.ACTIVE and board.coach.word:
        return board.coach.word.upper()
    return _(STATE_WORD[board.state])


def clock(seconds: float) -> str:
    """Minutes and seconds, as on a stopwatch."""
    whole = int(max(seconds, 0.0))
    return f"{whole // 60}:{whole % 60:02d}"


def gap_text(board: Board) -> str:
    """The gap with its uncertainty (95 %)."""
    return "-- mm" if board.gap_m is None else uncertain_text(board.gap_m, board.sd_m)


def state_line(board: Board) -> str:
    """What the exercise is about, in figures: how the feet point, repetitions by side, else the gap.

    Nothing before the straps are calibrated, nor after the end.
    """
    if tells(board) or board.coach.ending is not None:
        return ""
    if board.walked is not None and not board.holding:
        return toes_text(board.walked) or cadence_text(board.walked)
    if board.repetitions and not board.holding:
        return counts_text(board)
    return _("gap {length}").format(length=gap_text(board))


def toes_text(walked: Walked) -> str:
    """Where each foot points, empty without straps on the feet."""
    if not walked.toes_known:
        return ""
    left, right = (f"{degrees(r):.0f}°" if isfinite(r) else "--" for r in (walked.left_rad, walked.right_rad))
    return _("toes out: left {left}, right {right}").format(left=left, right=right)


def cadence_text(walked: Walked) -> str:
    """Steps so far, and how many a minute of late."""
    steps = ngettext("{n} step", "{n} steps", walked.steps).format(n=walked.steps)
    if not isfinite(walked.per_minute):
        return steps
    # Translators: steps in a minute; it stands behind "88 steps · ".
    return f"{steps} · " + _("{n} a minute").format(n=round(walked.per_minute))


def counts_text(board: Board) -> str:
    """Good repetitions by side, and squats."""
    return " · ".join(f"{side_name(side)} {n}" for side, n in board.repetitions.items())


@dataclass(frozen=True, slots=True)
class TimeShown:
    """The large time, what it is the time of, and what is said below it: a result, and which round this is."""

    named: str
    time: str
    total: str = ""
    round: str = ""


def time_shown(board: Board) -> TimeShown:
    """The running hold's time; where holds are not counted what is to go, or the round; at the end the sum."""
    # The end has a result of its own, of all repetitions and final.
    measured = "" if board.coach.ending else check_text(board)
    if not board.holding:
        return _of_exercise(board, measured)
    if board.coach.ending is not None:
        return TimeShown(_("together"), clock(board.net_s), measured, round_text(board))
    return TimeShown(_("this hold"), clock(board.hold_s), measured or together_text(board), round_text(board))


def _of_exercise(board: Board, measured: str) -> TimeShown:
    """The time of an exercise whose holds are not counted."""
    coach, to_go = board.coach, countdown_text(board)
    if board.walked is not None and board.walked.toes_known:
        measured = cadence_text(board.walked)
    if to_go:
        return TimeShown(_("to go"), to_go, measured, round_text(board))
    if coach.round and coach.rounds > 1 and coach.ending is None:
        return TimeShown(_("round"), f"{coach.round} / {coach.rounds}", measured)
    return TimeShown(_("session"), clock(board.now_s), measured)


def together_text(board: Board) -> str:
    """The net time of all holds, what it is to reach, and how much of it is not sure."""
    goal_s, unsure = board.coach.goal_s, board.unsure_s >= 1
    # Translators: {unsure} of {time} was cut off by a strap out of reach, which may yet send what it measured.
    says = {
        (False, False): N_("together {time}"),
        (True, False): N_("together {time} of {goal}"),
        (False, True): N_("together {time}, {unsure} of it not sure yet"),
        (True, True): N_("together {time} of {goal}, {unsure} of it not sure yet"),
    }[goal_s is not None, unsure]
    return _(says).format(time=clock(board.net_s), goal=clock(goal_s or 0.0), unsure=clock(board.unsure_s))


def told_time(board: Board) -> TimeShown:
    """How long what the wearer is told to do takes, and where he stands in the preparations."""
    coach, seconds = board.coach, countdown_text(board)
    if coach.asking and seconds:
        return TimeShown(_("answer within"), seconds)
    # Translators: how far the preparations are, as in "step 2 of 7".
    step = _("step {step} of {steps}").format(step=coach.step, steps=coach.steps) if coach.step else ""
    return TimeShown(step, seconds)


def link_text(strap: StrapStatus) -> str:
    """How the strap's link stands."""
    if strap.link is Link.CONNECTED and strap.silent_s > SILENT_S:
        return _("silent for {seconds:.0f} s").format(seconds=strap.silent_s)
    return _(LINK_WORD[strap.link])


def strap_text(strap: StrapStatus, *, loud: bool = False) -> str:
    """Link (`loud`: in capitals), battery and losses of a strap in one line, with those of a band beside it."""
    link = link_text(strap)
    parts = [link.upper() if loud else link]
    if strap.battery_pct is not None:
        low = strap.battery_pct <= LOW_BATTERY_PCT
        said = _("battery {percent} % LOW") if low else _("battery {percent} %")
        parts.append(said.format(percent=strap.battery_pct))
    if strap.lost_pct is not None:
        # Whole per cent: the last ten seconds' loss changes every second.
        parts.append(_("lost {percent:.0f} %").format(percent=strap.lost_pct))
    if strap.band is not None:
        # Translators: a band that measures flex or tension beside the strap, and how its radio link stands.
        parts.append(_("band: {status}").format(status=strap_text(strap.band)))
    return " · ".join(parts)


def signal_text(strap: StrapStatus) -> str:
    """Field strength at the last advertisement, and how unevenly packets come; empty where neither is known."""
    strength = "" if strap.rssi_dbm is None else f"{strap.rssi_dbm} dBm"
    uneven = "" if strap.jitter_ms is None else f"± {strap.jitter_ms:.0f} ms"
    return f"{strength} {uneven}".strip()


def tension_text(strap: StrapStatus) -> str:
    """Tension relative to donning, empty where the strap has not told any."""
    if strap.tension is None:
        return ""
    return _("tension {percent:.0f} %").format(percent=100 * strap.tension)


def round_text(board: Board) -> str:
    """Which round of how many; where holds are repetitions, how many were good."""
    parts: list[str] = []
    if board.coach.round and board.coach.rounds > 1:
        # Translators: which round of how many, as in "2 of 3".
        parts.append(_("{round} of {rounds}").format(round=board.coach.round, rounds=board.coach.rounds))
    parts += [f"{side_name(side)} {n}" for side, n in board.repetitions.items() if n and board.holding]
    return " · ".join(parts)


def check_text(board: Board) -> str:
    """What the newest repetition of `check` measured; empty where there is none."""
    if not board.check:
        return ""
    row = board.check[-1]
    return _("relaxed {relaxed}, squeezed {squeezed}").format(
        relaxed=uncertain_text(row.relaxed_m, row.relaxed_sd_m),
        squeezed=uncertain_text(row.squeezed_m, row.squeezed_sd_m),
    )


def prompt_text(board: Board) -> str:
    """What the wearer shall do now."""
    if board.state is State.SEARCHING and board.coach.ending is None:
        return _("Switch both straps on and bring them close.")
    return board.coach.text


def countdown_text(board: Board) -> str:
    """The coach's countdown, empty where there is none."""
    seconds = board.coach.countdown_s
    if seconds is None or board.coach.ending:
        return ""
    whole = int(seconds + 0.95)
    return f"{whole} s" if whole < MINUTE_S else clock(whole)
