"""The terminal shows what the window shows, and takes the same actions."""

import io
from collections.abc import Iterator

import numpy as np
import pytest
from rich.console import Console

from monitor import terminal_view, words
from monitor.board import Board
from monitor.coach.signals import Action
from monitor.terminal_view import KEYS, column_means, follow, said_line, screen
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
    assert words.gap_text(board) in text
    assert "PAIN" in text
    assert max(len(line) for line in text.splitlines()) <= 100


@pytest.mark.parametrize("height", [24, 32, 50])
def test_the_screen_fits_the_terminal(height: int) -> None:
    assert len(shown(EXERCISING, height=height).splitlines()) <= height


def test_a_lost_strap_and_its_battery_are_said() -> None:
    text = shown(BOARDS["lost"]())
    assert "lost, reconnecting" in text
    assert "LOW" in text


def test_a_question_offers_its_answers() -> None:
    assert "[y] yes" in shown(BOARDS["asking"]())


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
