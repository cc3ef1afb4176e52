"""A report says the same on a page and on paper, escapes what it was given, and needs nothing from outside."""

import io
import re
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from pypdf import PdfReader

from analysis.alignment.mounting import Alignment
from analysis.params import AnalysisParams
from analysis.results import (
    Cause,
    CheckRow,
    DriftEvent,
    GapSeries,
    Hold,
    HoldVerdict,
    Quality,
    Repetition,
    RepVerdict,
    Side,
    Tables,
    TightnessSeries,
)
from monitor.report import sentences
from monitor.report.facts import ReportFacts
from monitor.report.html import render
from monitor.report.paper import Paper
from monitor.report.pdf import render_pdf
from monitor.report.session_document import session_document
from sensor.markers import Marker
from sensor.samples import Placement
from sensor.wearer import Wearer

HOSTILE = '<script>alert("1")</script> #panic("x") \\ $x$'
TIME_S = np.arange(0.0, 60.0, 0.02)


def facts(name: str = "", exercise: str = "clamp") -> ReportFacts:
    gap = GapSeries(TIME_S, 0.05 + 0.04 * np.sin(TIME_S), np.full(len(TIME_S), 0.002), np.zeros(len(TIME_S)))
    tables = Tables(
        gap=gap,
        holds=(Hold(10, 20, 10, 9.5, 1, 0.003, 0.025, HoldVerdict.OK),),
        repetitions=(Repetition("knees_in", Side.BOTH, 30, 36, RepVerdict.SHORT, "opened after 6 s"),),
        steps=(),
        tightness=(TightnessSeries(Placement.LEFT_THIGH, TIME_S[::100], np.linspace(1, 0.9, len(TIME_S[::100]))),),
        check=(CheckRow(5.0, 0.04, 0.002, 0.02, 0.003),),
        drift=(DriftEvent(Cause.SLIP, Placement.RIGHT_THIGH, 40, 45, 42, 0.1, 0.9),),
        quality=(Quality(Placement.LEFT_THIGH, 6000, 12, 100.0, 3.0, 0.4),),
        postures=(),
    )
    markers = (Marker("pain", 50, 50), Marker(HOSTILE, 55, 56, HOSTILE))
    started = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
    return ReportFacts(
        "s1", exercise, started, Wearer(0.42, name=name), tables, markers, Alignment({}), AnalysisParams()
    )


def printed(content: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def test_page_and_paper_say_the_same() -> None:
    content = session_document(facts())
    page, paper = render(content), " ".join(printed(render_pdf(content)).split())
    for said in (
        "9.5 s",
        "opened after 6 s",
        "40 ± 4 mm",
        "12 (0.20 %)",
        content.headline,
        sentences.cause_sentence(facts().tables.drift[0]),
    ):
        assert said in page
        assert said in paper


def test_pain_stands_out_on_both() -> None:
    content = session_document(facts())
    assert content.alarms[0].startswith("Pain was reported at 0:50")
    assert content.alarms[0] in render(content)
    assert "Pain was reported at 0:50" in " ".join(printed(render_pdf(content)).split())


def test_texts_from_outside_do_nothing() -> None:
    content = session_document(facts(HOSTILE))
    page = render(content)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert "panic" in printed(render_pdf(content))


def test_a_simulated_session_says_so() -> None:
    content = session_document(replace(facts(), simulated=True))
    assert "nobody was measured" in render(content)
    assert "nobody was measured" in " ".join(printed(render_pdf(content)).split())
    assert "nobody was measured" not in render(session_document(facts()))


def test_nothing_is_loaded_from_outside() -> None:
    links = re.findall(r"(?:href|src|url)\s*[=(]\s*[\"']?([^\"')>\s]+)", render(session_document(facts())))
    assert [link for link in links if not link.startswith("#")] == []


@pytest.mark.parametrize("name", ["李雷", "Жанна Łukasz", "Ωμέγα", "田中さくら", "김민수"])
def test_names_in_any_of_these_scripts_print(name: str) -> None:
    assert name.replace(" ", "") in printed(render_pdf(session_document(facts(name)))).replace(" ", "")


@pytest.mark.parametrize("text", ["\x00a", "\x07", "\x1b[31m", "\ud800", "\ufffe", "\u202e", "\U0001f9b5"])
def test_any_character_at_all_prints(text: str) -> None:
    odd = replace(facts(text), markers=(Marker(text, 20.0, 22.0, text),), remark=text, session=text)
    document = session_document(odd)
    assert render(document).encode()
    assert render_pdf(document).startswith(b"%PDF")


def test_both_papers() -> None:
    sizes: dict[Paper, tuple[int, int]] = {}
    for paper in Paper:
        box = PdfReader(io.BytesIO(render_pdf(session_document(facts()), paper))).pages[0].mediabox
        sizes[paper] = (round(float(box.width)), round(float(box.height)))
    assert sizes == {Paper.A4: (595, 842), Paper.LETTER: (612, 792)}


def test_a_session_in_which_nothing_is_known() -> None:
    none = np.zeros(0)
    empty = Tables(GapSeries(none, none, none, none), (), (), (), (), (), (), (), ())
    content = session_document(replace(facts(), tables=empty, markers=(), wearer=None, exercise=None, started=None))
    assert "time unknown" in render(content)
    assert "time unknown" in printed(render_pdf(content))
