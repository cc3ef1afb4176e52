"""A session's report as one HTML page that needs nothing from the network.

Invariant: every text from outside is escaped by the template; only the figures, the style and the script are not.
"""

from dataclasses import fields
from importlib.resources import files

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from monitor.report.content import Content


def render(content: Content) -> str:
    """The page."""
    template = _environment().from_string(_file("report.html"))
    said: dict[str, object] = {f.name: getattr(content, f.name) for f in fields(content)}
    drawn = {name: Markup(value) for name, value in said.items() if name.endswith("_figure")}
    style = Markup(_file("report.css") + _file("figures.css"))
    return template.render(**said | drawn, css=style, script=Markup(_file("report.js")))


def _environment() -> Environment:
    return Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)


def _file(name: str) -> str:
    return files("monitor.report").joinpath(name).read_text(encoding="utf-8")
