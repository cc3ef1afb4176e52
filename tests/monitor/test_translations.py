"""No word that a wearer reads or hears escapes translation: each message has one, no text goes round the catalogue."""

import re
import string
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from monitor import language
from monitor.coach.plan_files import exercises
from monitor.coach.plans import load_calibration, load_plan
from monitor.history.totals import history
from monitor.report.document import Document, Folded, Part
from monitor.report.html import render
from monitor.report.period import Period
from monitor.report.period_document import PeriodFacts, period_document
from monitor.report.session_document import session_document
from monitor.store import Store
from tests.monitor.boards import BOARDS
from tests.monitor.practised_weeks import practised_weeks
from tests.monitor.pseudo_language import PSEUDO, accented, asked, escaped, make_pseudo_language, messages
from tests.monitor.test_report import facts
from tests.monitor.test_terminal_view import shown
from tests.words import catalogue_files, compiled, extracted, translated

LAST = date(2026, 3, 22)
CATALOGUES = [pytest.param(path, id=path.parts[-3]) for path in catalogue_files()]


def places(text: str) -> set[str]:
    """The names in braces."""
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}


def said(message: Message) -> list[str]:
    """All forms of a message's translation."""
    forms = message.string if isinstance(message.string, tuple | list) else [message.string]
    return [form or "" for form in forms]


@pytest.mark.parametrize("path", CATALOGUES)
def test_every_message_has_a_translation(path: Path) -> None:
    known = {(m.context, str(m.id)) for m in messages(translated(path)) if all(said(m)) and not m.fuzzy}
    missing = [asked(m)[0] for m in messages(extracted()) if (m.context, str(m.id)) not in known]
    assert missing == []


@pytest.mark.parametrize("path", CATALOGUES)
def test_a_translation_has_the_same_places(path: Path) -> None:
    for message in messages(translated(path)):
        wanted = places(asked(message)[-1])
        for text in said(message):
            assert places(text) == wanted, message.id


@pytest.mark.parametrize("path", CATALOGUES)
def test_what_the_program_reads_is_what_the_translators_wrote(path: Path) -> None:
    assert path.with_suffix(".mo").read_bytes() == compiled(translated(path)), "run `make words`"


@pytest.fixture(scope="module")
def pseudo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a language that shows what was never looked up."""
    folder = tmp_path_factory.mktemp("locale")
    make_pseudo_language(folder)
    return folder


def test_what_was_not_looked_up_is_found() -> None:
    assert escaped(f"{accented('Switch on')} 5 mm Left") == {"Left"}


def texts(parts: tuple[Part, ...]) -> Iterator[Part]:
    """All parts that hold words, those for machines left out."""
    for part in parts:
        if isinstance(part, Folded):
            yield from texts(part.parts)
        elif part.kind != "listing":
            yield part


def written(document: Document) -> str:
    """What a reader sees on the page, without its style and script."""
    page = render(replace(document, parts=tuple(texts(document.parts))))
    body = page.split("<body>")[1].split("<script>")[0]
    labels = re.findall(r'(?:aria-label|title)="([^"]*)"', body)
    return " ".join([*labels, re.sub(r"<[^>]*>", " ", body)])


def test_no_word_of_a_sessions_report_escapes(pseudo: Path) -> None:
    language.use(PSEUDO, pseudo)
    plain = replace(facts(), session="", markers=facts().markers[:1], simulated=True)
    text = written(session_document(plain))
    # The test's own reason for a repetition is none of the program's.
    assert escaped(text.replace("opened after", "")) == set()


def test_no_word_of_a_periods_report_escapes(pseudo: Path, tmp_path: Path) -> None:
    store = Store(tmp_path)
    practised_weeks(store, LAST, 5, note="")
    language.use(PSEUDO, pseudo)
    period = Period(LAST - timedelta(days=13), LAST)
    assert escaped(written(period_document(PeriodFacts(history(store), period, LAST)))) == set()


@pytest.mark.parametrize("name", BOARDS)
def test_no_word_of_the_terminal_escapes(name: str, pseudo: Path) -> None:
    language.use(PSEUDO, pseudo)
    board = BOARDS[name]()
    # What the coach says comes with the board and is looked at below.
    text = shown(
        replace(board, exercise="", coach=replace(board.coach, title="", text="", note="", cue=""), message="")
    )
    assert escaped(text) == set()


def test_no_word_of_the_coach_escapes(pseudo: Path) -> None:
    language.use(PSEUDO, pseudo)
    plans = [load_plan(name) for name in exercises()]
    phases = [p for plan in plans for p in (plan.settle, *plan.before, *plan.round, *plan.after)]
    phases += load_calibration().steps
    cues = [c.say for plan in plans for c in plan.cues]
    assert escaped(" ".join([*(p.say for p in phases), *(p.title for p in phases), *cues])) == {"value"}
