"""The session in a terminal: the same content as the window, and plain lines where nobody watches a screen.

Invariant: like the window it learns of the session only through the display ring, and tells it only `Action`s.
"""

from collections.abc import Callable
from time import sleep

import numpy as np
from rich.align import Align
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from monitor import words
from monitor.board import Board, Link, State
from monitor.coach.signals import Action
from monitor.live_buffer import MINUTE_S, LiveBuffer
from monitor.names import strap_name
from monitor.terminal_keys import typed_keys

FRAMES_HZ = 8.0
BARS = " ▁▂▃▄▅▆▇█"
CEILING_MM = 40.0
KEYS = {
    " ": Action.CONFIRM,
    "b": Action.PAUSE,
    "s": Action.SKIP,
    "m": Action.MARK,
    "y": Action.YES,
    "n": Action.NO,
    "f": Action.STOP,
    "q": Action.STOP,
    "p": Action.PAIN,
    "u": Action.NUMBNESS,
}
FEELINGS = "      [bold reverse] P  PAIN [/]  [bold reverse] U  NUMB [/]"
HELP = r"\[space] ready  \[b] break  \[s] skip  \[m] marker  \[f] finish" + FEELINGS
ANSWERS = r"[bold]\[y] yes   \[n] no[/]" + FEELINGS
_STYLE = {State.TOGETHER: "bold cyan", State.APART: "bold yellow", State.STOPPED: "bold red"}


def follow(buffer: LiveBuffer, act: Callable[[Action], None], running: Callable[[], bool], console: Console) -> None:
    """Shows `buffer` until the session no longer runs: live on a terminal, line by line elsewhere."""
    if not console.is_terminal:
        _follow_lines(buffer, running, console)
        return
    with typed_keys() as pressed, Live(console=console, auto_refresh=False, screen=True) as live:
        while running():
            for key in pressed():
                if key in KEYS:
                    act(KEYS[key])
            live.update(screen(buffer, console.width, console.height), refresh=True)
            sleep(1.0 / FRAMES_HZ)


def _follow_lines(buffer: LiveBuffer, running: Callable[[], bool], console: Console) -> None:
    said = ""
    over = False
    while not over:
        # The last board is said, too.
        over = not running()
        line = said_line(buffer.board)
        if line != said:
            said = line
            console.print(line, markup=False, highlight=False, soft_wrap=True)
        sleep(0.0 if over else 1.0 / FRAMES_HZ)


def said_line(board: Board) -> str:
    """One line that changes only when the wearer should know something new."""
    parts = [f"{words.state_word(board.state):<12}", words.prompt_text(board)]
    parts += [f"({part})" for part in (words.round_text(board), board.coach.note) if part]
    parts += [f"! {board.coach.cue}"] if board.coach.cue else []
    lost = [strap_name(s.placement) for s in board.straps if s.link is Link.RECONNECTING]
    parts += [f"! {name} lost, reconnecting" for name in lost]
    return " ".join(parts)


def screen(buffer: LiveBuffer, width: int, height: int) -> RenderableType:
    """The whole screen."""
    board = buffer.board
    parts: list[RenderableType] = [_head(board), _prompt(board)]
    parts.append(Panel(_gap_bars(buffer, width - 4, max(height - 20, 3)), title="gap, last minute", title_align="left"))
    parts.append(_straps(board))
    parts.append(Text.from_markup(ANSWERS if board.coach.asking else HELP))
    return Group(*parts)


def _head(board: Board) -> RenderableType:
    style = _STYLE.get(board.state, "bold")
    word = Text(f"{words.STATE_SIGN[board.state]}  {words.state_word(board.state)}", style=style)
    table = Table.grid(expand=True)
    table.add_column(ratio=3)
    table.add_column(ratio=2, justify="right")
    table.add_row(word, Text(f"this hold {words.clock(board.hold_s)}", style="bold"))
    table.add_row(Text(f"gap {words.gap_text(board)}"), Text(f"together {words.clock(board.net_s)}"))
    return Panel(
        table, title=board.exercise or "Knee gap", title_align="left", subtitle=words.round_text(board) or None
    )


def _prompt(board: Board) -> RenderableType:
    table = Table.grid(expand=True)
    table.add_column(ratio=1)
    table.add_column(justify="right")
    table.add_row(Text(words.prompt_text(board), style="bold"), Text(words.countdown_text(board), style="bold"))
    table.add_row(
        Text(board.message or board.coach.note or board.finding),
        Text(f" ! {board.coach.cue} " if board.coach.cue else "", style="bold reverse"),
    )
    bar = ProgressBar(total=1.0, completed=board.coach.progress or 0.0)
    return Panel(Group(table, bar), title=board.coach.title or None, title_align="left")


def _straps(board: Board) -> RenderableType:
    table = Table.grid(expand=True, padding=(0, 2))
    for strap in board.straps:
        style = "" if strap.link is Link.CONNECTED else "bold reverse"
        name = f"{words.LINK_SIGN[strap.link]} {strap_name(strap.placement)}"
        tension = Align.right(Text(words.tension_text(strap)))
        table.add_row(Text(name, style="bold"), Text(words.strap_text(strap), style=style), tension)
    return Panel(table, title="straps", title_align="left")


def _gap_bars(buffer: LiveBuffer, width: int, height: int) -> Text:
    """The last minute as columns of blocks, (height + scale) lines; `·` where the gap is unknown."""
    rows, now_s = buffer.curves().gap, buffer.board.now_s
    columns = column_means(rows[:, 0] - now_s, rows[:, 1], max(width - 6, 10))
    eighths = np.round(np.clip(columns / CEILING_MM, 0.0, 1.0) * height * 8)
    lines: list[str] = []
    for line in range(height):
        below = 8 * (height - 1 - line)
        scale = f"{CEILING_MM * (height - line) / height:4.0f} " if line % 2 == 0 else "     "
        lines.append(scale + "".join(_cell(e, below) for e in eighths))
    return Text("\n".join(lines))


def _cell(eighths: float, below: int) -> str:
    if not np.isfinite(eighths):
        return "·" if below == 0 else " "
    filled = int(min(max(eighths - below, 0), 8))
    # A gap of nothing is still a known gap: it keeps the lowest bar.
    return BARS[max(filled, 1) if below == 0 else filled]


def column_means(ago_s: np.ndarray, gap_mm: np.ndarray, columns: int) -> np.ndarray:
    """Mean gap (mm) in each of `columns` equal parts of the last minute; NaN where unknown."""
    at = np.floor((ago_s + MINUTE_S) / MINUTE_S * columns).astype(np.int64)
    use = np.isfinite(gap_mm) & (at >= 0) & (at < columns)
    n = np.bincount(at[use], minlength=columns)
    total = np.bincount(at[use], weights=gap_mm[use], minlength=columns)
    return np.where(n > 0, total / np.maximum(n, 1), np.nan)
