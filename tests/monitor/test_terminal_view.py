"""The terminal shows what the window shows, and takes the same actions."""

import io
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from typing import cast

import numpy as np
import pytest
from rich.cells import cell_len
from rich.console import Console

from analysis.results import CheckRow
from monitor.board import Board, State
from monitor.coach.plan_files import exercises
from monitor.coach.plans import load_calibration, load_plan
from monitor.coach.signals import Action
from monitor.language import gettext as _
from monitor.language import use
from monitor.session.player import Player
from monitor.terminal import view as terminal_view
from monitor.terminal.chart import column_means, gap_chart
from monitor.terminal.keys import LEFT, Named, key_line, keys_in
from monitor.terminal.replay import follow_replay
from monitor.terminal.view import KEYS, follow, said_line, screen
from monitor.wording import words
from tests.monitor.boards import BOARDS, EXERCISING, buffer_with


def _no_time(seconds: float) -> None:
    del seconds


def shown(board: Board, width: int = 100, height: int = 32) -> str:
    """The screen as text."""
    console = Console(width=width, height=height, file=io.StringIO(), force_terminal=False)
    with console.capture() as capture:
        console.print(screen(buffer_with(board), width, height))
    return capture.get()


@pytest.mark.parametrize("name", BOARDS)
def test_every_state_is_said_in_words(name: str) -> None:
    board = BOARDS[name]()
    text = shown(board)
    assert words.STATE_WORD[board.state] in text
    assert words.state_line(board) in text
    assert ("PAIN" in text) == (board.coach.ending is None)
    assert max(len(line) for line in text.splitlines()) <= 100


@pytest.mark.parametrize("height", [24, 32, 50])
def test_the_screen_fits_the_terminal(height: int) -> None:
    assert len(shown(EXERCISING, height=height).splitlines()) <= height


def test_a_lost_strap_and_its_battery_are_said() -> None:
    text = shown(BOARDS["lost"]())
    assert "lost, reconnecting" in text
    assert "LOW" in text


def test_a_question_offers_its_answers() -> None:
    assert "[y] Yes" in shown(BOARDS["asking"]())


def test_a_line_changes_only_with_something_new() -> None:
    first = said_line(EXERCISING)
    assert "TOGETHER" in first
    assert "Press your knees together" in first
    assert said_line(BOARDS["lost"]()) != first


def test_lines_are_said_once_where_nobody_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    buffer = buffer_with(EXERCISING)
    boards = iter([EXERCISING, EXERCISING, BOARDS["apart"](), BOARDS["apart"]()])

    def running() -> bool:
        board = next(boards, None)
        if board is not None:
            buffer.show(board)
        return board is not None

    monkeypatch.setattr(terminal_view, "sleep", _no_time)
    out = io.StringIO()
    follow(buffer, lambda _: None, running, Console(file=out, width=200))
    assert [line.split()[0] for line in out.getvalue().splitlines()] == ["TOGETHER", "APART"]


def test_keys_are_the_window_s(monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter(["p", " x", ""])
    done: list[Action] = []

    class Keys:
        def __enter__(self) -> "Keys":
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def __call__(self) -> str:
            return next(typed)

    left: Iterator[bool] = iter([True, True, False])
    monkeypatch.setattr(terminal_view, "typed_keys", Keys)
    monkeypatch.setattr(terminal_view, "sleep", _no_time)
    console = Console(file=io.StringIO(), width=100, height=30, force_terminal=True)
    follow(buffer_with(EXERCISING), done.append, lambda: next(left), console)
    assert done == [Action.PAIN, Action.CONFIRM]
    assert set(KEYS.values()) >= {Action.CONFIRM, Action.PAUSE, Action.STOP, Action.PAIN, Action.NUMBNESS}


def test_columns_hold_means_and_leave_unknown_ones_out() -> None:
    ago_s = np.array([-60.0, -45.0, -44.0, -1.0])
    means = column_means(ago_s, np.array([1.0, 2.0, 4.0, np.nan]), 4)
    np.testing.assert_array_equal(means, [1.0, 3.0, np.nan, np.nan])


@pytest.mark.parametrize("name", BOARDS)
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_state_fits_the_smallest_usual_terminal(name: str, language: str) -> None:
    use(language)
    board = BOARDS[name]()
    lines = shown(board, 80, 24).splitlines()
    assert len(lines) <= 24
    assert max(cell_len(line) for line in lines) <= 80
    if board.coach.ending is None:
        assert _("PAIN") in lines[-1]
        assert _("NUMB") in lines[-1]


@pytest.mark.parametrize("width", [60, 80])
@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("name", exercises())
def test_every_prompt_is_shown_to_its_last_letter(name: str, language: str, width: int) -> None:
    use(language)
    plan = load_plan(name)
    for phase in (*load_calibration().steps, *plan.ask_first, *plan.before, *plan.round, *plan.after):
        coach = replace(EXERCISING.coach, title=phase.title, text=phase.say, note="", countdown_s=899.0)
        text = shown(replace(EXERCISING, coach=coach), width, 24)
        rows = [line.strip("│ ").removesuffix("14:59") for line in text.splitlines()]
        assert "".join(phase.say.split()) in "".join("".join(rows).split())


def test_a_narrow_line_of_keys_keeps_what_is_urgent() -> None:
    names = (Named("b", "Break"), Named("s", "Skip"), Named("p", "PAIN", urgent=True))
    assert key_line(names, 80).plain == "[b] Break  [s] Skip   P PAIN "
    assert key_line(names, 24).plain == "[b] Break   P PAIN "
    assert key_line(names, 5).plain == " P PAIN "


def test_an_arrow_is_one_key_and_no_letter() -> None:
    assert keys_in(f"a{LEFT} \x1b[1;5c\x1b") == ["a", LEFT, " ", "\x1b[1;5c", "\x1b"]


def test_the_scale_holds_the_highest_gap_and_shows_where_holds_begin_and_end() -> None:
    ago_s = np.linspace(-59.0, -1.0, 200)
    lines = gap_chart(ago_s, np.full(200, 95.0), 60, 12).plain.splitlines()
    assert [line[:4].strip() for line in lines] == ["120", *[""] * 8, "20", "10", ""]
    assert "┄" in gap_chart(ago_s, np.full(200, 2.0), 60, 8).plain.splitlines()[3]


def test_times_of_holds_are_shown_only_where_there_are_holds() -> None:
    assert "this hold" in shown(EXERCISING)
    walking = shown(replace(EXERCISING, holding=False, state=State.ACTIVE))
    assert "this hold" not in walking
    assert "together 3:08" not in walking
    assert "APART" not in walking


def test_what_a_check_measured_is_shown_at_once() -> None:
    row = CheckRow(20.0, 0.041, 0.002, 0.018, 0.0015)
    board = replace(EXERCISING, holding=False, check=(row,))
    assert "relaxed 41 ± 4 mm, squeezed 18 ± 3 mm" in shown(board, 80, 24)
    assert "relaxed 41 ± 4 mm, squeezed 18 ± 3 mm" in said_line(board)


class Played:
    """What a replay's keys do, in order."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.at_s, self.end_s, self.playing, self.speed = 60.0, 900.0, True, 2.0

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *values: self.done.append(" ".join([name, *map(str, values)]))


def test_a_replay_has_keys_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter([f" +{LEFT}", "pq"])
    out = io.StringIO()
    left = iter([True, True, False])
    monkeypatch.setattr(terminal_view, "typed_keys", lambda: nullcontext(lambda: next(typed)))
    monkeypatch.setattr(terminal_view, "sleep", _no_time)
    player = Played()
    console = Console(file=out, width=100, height=30, force_terminal=True)
    follow_replay(buffer_with(EXERCISING), cast(Player, player), lambda: next(left), console)
    assert player.done == ["toggle", "faster", "seek 50.0", "stop"]
    assert "1:00 of 15:00" in out.getvalue()
    assert "PAIN" not in out.getvalue()
