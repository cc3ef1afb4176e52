"""A recorded session in a terminal: the screen of a session, with the keys of a player."""

from collections.abc import Callable, Sequence

from rich.console import Console

from monitor.board import Board
from monitor.language import gettext as _
from monitor.live_buffer import LiveBuffer
from monitor.session.player import Player
from monitor.terminal.keys import LEFT, RIGHT, Named
from monitor.terminal.view import follow_keys
from monitor.wording.words import clock

STEP_S = 10.0


def follow_replay(buffer: LiveBuffer, player: Player, running: Callable[[], bool], console: Console) -> None:
    """Shows what `player` plays until it is over or ended."""
    acts: dict[str, Callable[[], None]] = {
        " ": player.toggle,
        "b": player.toggle,
        "+": player.faster,
        "=": player.faster,
        "-": player.slower,
        LEFT: lambda: player.seek(player.at_s - STEP_S),
        RIGHT: lambda: player.seek(player.at_s + STEP_S),
        "q": player.stop,
        "f": player.stop,
    }

    def pressed(key: str) -> None:
        if key in acts:
            acts[key]()

    def keys(board: Board) -> Sequence[Named]:
        del board
        where = _("{time} of {length}").format(time=clock(player.at_s), length=clock(player.end_s))
        return (
            Named(_("space"), _("Pause") if player.playing else _("Play")),
            Named("← →", where),
            Named("+ -", f"{player.speed:g}x"),
            Named("q", _("Close")),
        )

    follow_keys(buffer, pressed, keys, running, console)
