"""Which stretch of a session is looked at: always inside the session, never shorter than can be seen."""

from hypothesis import given
from hypothesis import strategies as st

from monitor.live_window.time_view import SHORTEST_S, Stretch, TimeView

TIMES = st.floats(-1e4, 1e4)


@given(st.floats(0.0, 1e4), st.lists(st.tuples(st.sampled_from(("choose", "zoom", "pan", "whole")), TIMES, TIMES)))
def test_whatever_is_chosen_lies_in_the_session(now_s: float, moves: list[tuple[str, float, float]]) -> None:
    view = TimeView()
    for move, a, b in moves:
        match move:
            case "choose":
                view.choose(a, b, now_s)
            case "zoom":
                view.zoom(abs(a) / 1e3, now_s)
            case "pan":
                view.pan(b / 1e3, now_s)
            case _:
                view.whole(now_s)
        shown = view.shown(now_s)
        assert shown.start_s >= 0.0
        assert shown.end_s - shown.start_s >= SHORTEST_S * (1 - 1e-9)
        assert shown.end_s <= max(now_s, SHORTEST_S) + 1e-6


def test_the_newest_minute_is_followed_until_something_is_chosen() -> None:
    view = TimeView()
    assert view.shown(300.0) == Stretch(240.0, 300.0)
    view.zoom(0.5, 300.0)
    assert view.shown(400.0) == Stretch(270.0, 300.0)
    view.zoom(2.0, 400.0)
    assert view.chosen == Stretch(255.0, 315.0)
    view.pan(0.5, 400.0)
    assert view.chosen == Stretch(285.0, 345.0)
    view.follow()
    assert view.shown(400.0) == Stretch(340.0, 400.0)
