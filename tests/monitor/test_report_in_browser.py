"""Hostile names in every field of a report run no script, as a browser sees it; the report's own script does run."""

import shutil
import subprocess
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from monitor.history.totals import history
from monitor.report.html import render
from monitor.report.period import Period
from monitor.report.period_document import PeriodFacts, period_document
from monitor.report.session_document import session_document
from monitor.store import Store
from sensor.markers import Marker
from tests.monitor.practised_weeks import practised_weeks
from tests.monitor.test_report import facts

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
# The value is put together by the script, so that no text on a page can pass for it.
SCRIPT = "document.documentElement.setAttribute('data-hit','r'+'an')"
HIT = 'data-hit="ran"'
HOSTILE = (
    f"<script>{SCRIPT}</script>",
    f'"><img src=x onerror="{SCRIPT}">',
    f"'/><svg onload={SCRIPT}>",
    f"</title></style></script><script>{SCRIPT}</script>",
    f"javascript:{SCRIPT}",
    "{{ 7 * 7 }}{% raw %}",
)
OPTIONS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
LAST = date(2026, 3, 22)


def seen(page: str, folder: Path) -> str:
    """The page's elements after its scripts ran."""
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        pytest.skip(f"no browser to open the page in (any of {', '.join(BROWSERS)})")
    path = folder / "page.html"
    path.write_text(page, encoding="utf-8")
    command = [browser, *OPTIONS, f"--user-data-dir={folder / 'profile'}", "--dump-dom", path.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, timeout=100, check=True).stdout


def test_a_browser_would_run_what_is_not_escaped(tmp_path: Path) -> None:
    assert HIT in seen(f"<!doctype html><p>{HOSTILE[0]}</p>", tmp_path)


def test_a_sessions_report_runs_nothing_but_its_own_script(tmp_path: Path) -> None:
    words = " ".join(HOSTILE)
    named = facts(words, words)
    hostile = replace(
        named,
        session=words,
        markers=(*named.markers, *(Marker(text, 12.0 + i, 14.0 + i, text) for i, text in enumerate(HOSTILE))),
        remark=words,
        tags=HOSTILE,
        versions={words: words},
    )
    page = seen(render(session_document(hostile)), tmp_path)
    assert HIT not in page
    assert 'class="cursor"' in page


def test_a_periods_report_runs_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path / "home")
    practised_weeks(store, LAST, 1, note=" ".join(HOSTILE))
    found = history(store)
    hostile = replace(found, entries=tuple(replace(e, tags=HOSTILE, exercise=HOSTILE[0]) for e in found.entries))
    period = Period(LAST - timedelta(days=6), LAST)
    page = seen(render(period_document(PeriodFacts(hostile, period, LAST))), tmp_path)
    assert "&lt;script&gt;" in page
    assert HIT not in page
