"""A report as one HTML page that needs nothing from the network.

Invariant: every text from outside is escaped by the template; only the figures, the style and the script are not. The
page itself forbids all but its own style and script, which it names by their hashes.
"""

import base64
import hashlib
from importlib.resources import files

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from monitor.language import gettext as _
from monitor.report.document import Document
from monitor.report.legible import legible


def render(document: Document) -> str:
    """The page."""
    template = _environment().from_string(_file("report.html"))
    style, script = _file("report.css") + _file("figures.css"), _file("report.js")
    page = template.render(
        document=document,
        lang=document.language.replace("_", "-"),
        policy=f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'",
        style=Markup(style),
        script=Markup(script),
        stretch=_("stretch in time"),
        shrink=_("shrink"),
    )
    return legible(page)


def _environment() -> Environment:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.filters["drawn"] = Markup
    return environment


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _file(name: str) -> str:
    return files("monitor.report").joinpath(name).read_text(encoding="utf-8")
