"""What the page says in words: true to its tables, whole as HTML, escaped, unknown where nothing is known."""

import re
from dataclasses import replace
from datetime import datetime
from html.parser import HTMLParser

import numpy as np
import pytest

from analysis.alignment.mounting import Alignment, CalibrationFinding, Finding
from analysis.params import AnalysisParams
from analysis.results import (
    Cause,
    CheckRow,
    DriftEvent,
    GapSeries,
    Hold,
    HoldVerdict,
    Posture,
    PostureSpan,
    Quality,
    Repetition,
    RepVerdict,
    Side,
    Step,
    Tables,
    TightnessSeries,
)
from monitor.report import sentences, svg
from monitor.report.facts import ReportFacts
from monitor.report.html import render
from monitor.report.session_document import session_document
from sensor.markers import Marker
from sensor.recorded import LinkCounts
from sensor.samples import THIGHS, Placement
from sensor.wearer import Wearer

LEFT, RIGHT = THIGHS
TIME_S = np.arange(0.0, 600.0, 0.02)


def tables() -> Tables:
    """A clamp session of ten minutes with one of everything."""
    gap_m = np.where(TIME_S % 120 < 100, 0.001, 0.04)
    gap_m[(TIME_S > 300) & (TIME_S < 303)] = np.nan
    return Tables(
        gap=GapSeries(TIME_S, gap_m, np.full(len(TIME_S), 0.0015), np.zeros(len(TIME_S))),
        holds=(
            Hold(10.0, 110.0, 100.0, 99.2, 1, 0.001, 0.018, HoldVerdict.OK),
            Hold(250.0, 300.0, 50.0, 50.0, 0, 0.001, 0.012, HoldVerdict.UNKNOWN),
        ),
        repetitions=(Repetition("squat", Side.BOTH, 400.0, 404.0, RepVerdict.SHORT, "came up early"),),
        steps=(),
        tightness=(TightnessSeries(LEFT, TIME_S[::100], np.exp(-TIME_S[::100] / 5e3)),),
        check=(),
        drift=(
            DriftEvent(Cause.SLIP, RIGHT, 380.0, 430.0, 392.0, np.radians(5.5), 0.9),
            DriftEvent(Cause.OPENING, None, 120.0, 150.0, 130.0, 0.021, 0.6),
            DriftEvent(Cause.DATA_GAP, LEFT, 300.0, 303.0, 301.6, 3.0, 1.0),
        ),
        quality=(Quality(LEFT, 59_900, 100, 100.01, -12.0, 3.0), Quality(RIGHT, 60_000, 0, 99.99, np.nan, 0.0)),
        postures=(PostureSpan(0.0, 600.0, Posture.SITTING),),
    )


def facts(**changes: object) -> ReportFacts:
    """A report's content; `changes` replace fields."""
    made = ReportFacts(
        session="2026-11-22_18-04-11_clamp",
        exercise="clamp",
        started=datetime(2026, 11, 22, 18, 4),
        wearer=Wearer(0.42, name="<script>alert('李雷')</script>"),
        tables=tables(),
        markers=(Marker("touch", 2.0, 4.0), Marker("<b>odd</b>", 5.0, 6.0, "& more")),
        alignment=Alignment({}, (CalibrationFinding(Finding.TOUCH_NOT_STILL, LEFT),)),
        params=AnalysisParams(),
        counts={LEFT: LinkCounts(resent=100, disconnects=2)},
        versions={"knee-gap-monitor": "0.1.0"},
    )
    return replace(made, **changes)  # pyright: ignore[reportArgumentType]


class Page(HTMLParser):
    """Tags that were opened and not closed, and everything that points outside."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [v for k, v in attrs if k in ("src", "href", "action") and v]
        if tag not in ("meta", "link", "br", "img"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del tag
        self.links += [v for k, v in attrs if k in ("src", "href") and v]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def page() -> str:
    """The page of the session above."""
    return render(session_document(facts()))


def test_the_page_is_whole_and_needs_nothing_from_outside(page: str) -> None:
    parser = Page()
    parser.feed(page)
    assert parser.open == []
    assert parser.links == []
    assert not re.search(r"https?://(?!www\.w3\.org/)", page)
    assert "@import" not in page
    assert "url(http" not in page


def test_what_comes_from_outside_is_escaped(page: str) -> None:
    assert "<script>alert" not in page
    assert "李雷" in page
    assert "<b>odd</b>" not in page
    assert "&amp; more" in page


def test_figures_that_matter_are_said(page: str) -> None:
    assert "Knees together for 1:39 min in one hold. One hold could not be judged" in page
    assert "the right strap slid or turned by about 6°; the knees did not open" in page
    assert "the knees slowly opened, by 21 mm (likely)" in page
    assert "The left leg moved while the knees should have touched." in page
    assert "100 resent, 2 disconnects" in page
    assert "came up early" in page
    assert "sitting 10:00" in page


def test_the_parameters_that_made_it_are_in_it(page: str) -> None:
    assert "holds" in page.split("Parameters and versions")[1]
    assert "0.1.0" in page


def test_disclaimer_is_said_once(page: str) -> None:
    assert page.count("does not diagnose") == 1


def test_pain_stands_at_the_top() -> None:
    page = render(session_document(facts(markers=(Marker("pain", 61.0, 61.0),))))
    assert "Pain was reported at 1:01." in page
    assert page.index("Pain was reported") < page.index("Knee gap")


def test_a_session_without_anything_still_has_a_page() -> None:
    none = np.zeros(0)
    empty = Tables(GapSeries(none, none, none, none), (), (), (), (), (), (), (), ())
    page = render(session_document(facts(tables=empty, exercise=None, started=None, wearer=None, markers=())))
    assert "No hold was counted" in page
    assert not re.search(r"\bnan\b", page.split("<script>")[0].lower())


def test_check_adds_spread_and_uncertainty() -> None:
    rows = (CheckRow(1.0, 0.040, 0.003, 0.018, 0.002), CheckRow(20.0, 0.044, 0.003, np.nan, np.nan))
    said = sentences.check_sentence(rows)
    assert "relaxed 42 ± 7 mm" in said
    assert "squeezed 18 ± 4 mm" in said


def test_steps_without_foot_straps_say_what_is_not_known() -> None:
    steps = tuple(Step(Side.LEFT, float(k), k + 0.6, np.nan) for k in range(10))
    assert "cannot be told without foot straps" in sentences.steps_sentence(steps)
    turned = tuple(replace(s, foot_progression_rad=np.radians(8.0)) for s in steps)
    assert "left 8° out" in sentences.steps_sentence(turned)


@pytest.mark.parametrize("cause", Cause)
def test_every_cause_has_a_sentence(cause: Cause) -> None:
    placement = None if cause is Cause.OPENING else Placement.LEFT_THIGH
    said = sentences.cause_sentence(DriftEvent(cause, placement, 61.0, 75.0, 62.0, 0.1, 0.4))
    assert said.startswith("1:01 to 1:15: ")
    assert said.endswith("(possible).")


def test_lines_break_where_nothing_is_known() -> None:
    drawn = svg.path(np.arange(5.0), np.array([1.0, 2.0, np.nan, 3.0, 4.0]), "curve")
    assert drawn.count("M") == 2
    assert "nan" not in drawn


def test_columns_keep_extremes() -> None:
    values = np.zeros(1000)
    values[503] = 9.0
    _, low, high = svg.columns(np.arange(1000.0), values, 10)
    assert high.max() == 9.0
    assert low.min() == 0.0
