"""The session in a terminal: the same content as the window, and plain lines where nobody watches a screen.

Invariant: like the window it learns of the session only through the display ring, and tells it only `Action`s; the
screen is never higher or wider than the terminal.
"""

from collections.abc import Callable, Sequence
from time import sleep

from rich.align import Align
from rich.cells import set_cell_size
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from monitor.board import Board, Link, State, tells
from monitor.coach.signals import Action
from monitor.language import gettext as _
from monitor.live_buffer import LiveBuffer
from monitor.terminal.chart import gap_chart
from monitor.terminal.keys import Named, key_line, keys_in, typed_keys
from monitor.wording import words
from monitor.wording.names import strap_name

FRAMES_HZ = 8.0
LEAST_CHART = 3
WORD_CELLS = 12
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
_STYLE = {State.TOGETHER: "bold cyan", State.APART: "bold yellow", State.STOPPED: "bold red"}
# Only measures how text wraps.
_RULER = Console(width=80)


def follow(buffer: LiveBuffer, act: Callable[[Action], None], running: Callable[[], bool], console: Console) -> None:
    """Shows `buffer` until the session no longer runs: live on a terminal, line by line elsewhere."""

    def pressed(key: str) -> None:
        if key in KEYS:
            act(KEYS[key])

    follow_keys(buffer, pressed, session_keys, running, console)


def follow_keys(
    buffer: LiveBuffer,
    pressed: Callable[[str], None],
    keys: Callable[[Board], Sequence[Named]],
    running: Callable[[], bool],
    console: Console,
) -> None:
    """Shows `buffer` with the line of `keys` that fits its board; tells each key that is typed."""
    if not console.is_terminal:
        _follow_lines(buffer, running, console)
        return
    with typed_keys() as typed, Live(console=console, auto_refresh=False, screen=True) as live:
        while running():
            for key in keys_in(typed()):
                pressed(key)
            live.update(screen(buffer, console.width, console.height, keys(buffer.board)), refresh=True)
            sleep(1.0 / FRAMES_HZ)


def session_keys(board: Board) -> Sequence[Named]:
    """The keys that mean something now."""
    feelings = (Named("p", _("PAIN"), urgent=True), Named("u", _("NUMB"), urgent=True))
    if board.coach.ending is not None:
        return ()
    if board.coach.asking:
        return (Named("y", _("Yes")), Named("n", _("No")), Named("f", _("Finish")), *feelings)
    return (
        Named(_("space"), _("Ready")),
        Named("b", _("Break")),
        Named("f", _("Finish")),
        Named("s", _("Skip")),
        Named("m", _("Marker")),
        *feelings,
    )


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
    parts = [set_cell_size(words.state_word(board), WORD_CELLS), words.prompt_text(board)]
    noted = (words.round_text(board), board.coach.note, words.check_text(board))
    parts += [f"({part})" for part in noted if part]
    parts += [f"! {board.coach.cue}"] if board.coach.cue else []
    lost = [strap_name(s.placement) for s in board.straps if s.link is Link.RECONNECTING]
    parts += ["! " + _("{strap}: lost, reconnecting").format(strap=name) for name in lost]
    return " ".join(parts)


def screen(buffer: LiveBuffer, width: int, height: int, keys: Sequence[Named] | None = None) -> RenderableType:
    """The whole screen."""
    board = buffer.board
    parts = [_head(board), _prompt(board), _straps(board)]
    line = key_line(session_keys(board) if keys is None else keys, width)
    left = height - sum(len(_RULER.render_lines(p, _RULER.options.update_width(width))) for p in parts) - 3
    rows = buffer.curves().gap
    chart = gap_chart(rows[:, 0] - board.now_s, rows[:, 1], width - 4, max(left, LEAST_CHART))
    gap = Panel(chart, title=_("gap in mm, the last minute"), title_align="left")
    # Where it is low the curve goes first: state, prompt and the keys for pain must be there.
    middle = [gap] if left >= LEAST_CHART else []
    return Group(parts[0], parts[1], *middle, parts[2], line)


def _head(board: Board) -> RenderableType:
    word = Text(f"{words.STATE_SIGN[board.state]}  {words.state_word(board)}", style=_STYLE.get(board.state, "bold"))
    figures = Text(words.state_line(board))
    shown = words.time_shown(board)
    told = words.told_time(board) if tells(board) else None
    table = Table.grid(expand=True)
    table.add_column(ratio=2, overflow="fold")
    table.add_column(ratio=3, justify="right", overflow="fold")
    table.add_row(word, Text(told.named if told else f"{shown.named} {shown.time}", style="bold"))
    table.add_row(figures, Text("" if told else shown.total))
    title = board.exercise or _("Knee gap")
    return Panel(table, title=Text(title), title_align="left", subtitle=("" if told else shown.round) or None)


def _prompt(board: Board) -> RenderableType:
    table = Table.grid(expand=True, padding=(0, 0, 0, 1))
    # Chinese has no blanks to break a line at.
    table.add_column(ratio=1, overflow="fold")
    table.add_column(justify="right")
    # Where no hold has its own time above, the countdown has.
    left = words.countdown_text(board) if board.holding or tells(board) else ""
    table.add_row(Text(words.prompt_text(board), style="bold"), Text(left, style="bold"))
    noted = Text(board.message or board.coach.note or board.finding)
    # A cue has the line to itself, however long it is.
    said = Text(f" ! {board.coach.cue} ", style="bold reverse") if board.coach.cue else noted
    bar = ProgressBar(total=1.0, completed=board.coach.progress or 0.0)
    title = Text(board.coach.title) if board.coach.title else None
    return Panel(Group(table, said, bar), title=title, title_align="left")


def _straps(board: Board) -> RenderableType:
    table = Table.grid(expand=True, padding=(0, 2))
    for strap in board.straps:
        style = "" if strap.link is Link.CONNECTED else "bold reverse"
        name = f"{words.LINK_SIGN[strap.link]} {strap_name(strap.placement)}"
        tension = Align.right(Text(words.tension_text(strap)))
        table.add_row(Text(name, style="bold"), Text(words.strap_text(strap), style=style), tension)
    return Panel(table, title=_("straps"), title_align="left")
