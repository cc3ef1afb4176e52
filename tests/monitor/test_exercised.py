"""Holds count for the wearer inside the exercise alone."""

from analysis.results import Hold, HoldVerdict
from monitor.results.exercised import exercised_holds
from sensor.markers import Label, Marker


def hold(start_s: float, end_s: float) -> Hold:
    return Hold(start_s, end_s, end_s - start_s, end_s - start_s, 0, 0.0, 0.0, HoldVerdict.OK)


TOUCH, LATER = hold(4.0, 10.0), hold(30.0, 50.0)


def test_a_calibration_touch_is_no_exercise() -> None:
    touch = Marker(Label.TOUCH, 5.0, 9.0)
    assert exercised_holds([TOUCH, LATER], [touch]) == (LATER,)
    assert exercised_holds([TOUCH, LATER], [touch, Marker(Label.EXERCISE, 29.8, 60.0, "clamp")]) == (LATER,)


def test_only_what_lies_in_a_marked_exercise_counts() -> None:
    assert exercised_holds([TOUCH, LATER], [Marker(Label.EXERCISE, 30.3, 60.0, "clamp")]) == (LATER,)
    assert exercised_holds([TOUCH, LATER], [Marker(Label.EXERCISE, 60.0, 90.0, "clamp")]) == ()


def test_knees_that_were_together_when_the_exercise_began_count() -> None:
    (held,) = exercised_holds([TOUCH, LATER], [Marker(Label.EXERCISE, 36.0, 60.0, "clamp")])
    assert (held.start_s, held.end_s, held.gross_s, held.net_s) == (36.0, 50.0, 14.0, 14.0)
    assert exercised_holds([LATER], [Marker(Label.EXERCISE, 10.0, 32.0, "clamp")]) == (LATER,)


def test_a_touch_asked_for_within_the_exercise_is_exercise() -> None:
    markers = [Marker(Label.EXERCISE, 3.0, 60.0, "clamp"), Marker(Label.TOUCH, 5.0, 9.0)]
    assert exercised_holds([TOUCH, LATER], markers) == (TOUCH, LATER)


def test_without_markers_every_hold_counts() -> None:
    assert exercised_holds([TOUCH, LATER], []) == (TOUCH, LATER)
