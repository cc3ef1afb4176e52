"""A report as a PDF, typeset without anything from the system.

Invariant: text reaches the typesetter as data, never as markup; the fonts come with the program, so that a name in any
script of Europe or East Asia prints on every machine.
"""

import json
import re
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path

import cvttf_NotoSansCJK_Regular
import matplotlib as mpl
import typst

from monitor.report.document import Document, Figure, Folded, Part
from monitor.report.legible import legible
from monitor.report.paper import TYPST_NAMES, Paper

# The page's colours in print (`report.css`); a typesetter knows no CSS variables.
PRINT = {
    "ink": "#000",
    "faint": "#444",
    "line": "#bbb",
    "ground": "#fff",
    "good": "#005b8f",
    "bad": "#a34700",
    "alarm": "#b23c00",
}


def render_pdf(document: Document, paper: Paper = Paper.A4) -> bytes:
    """The report's pages."""
    said = asdict(document) | {"parts": [_part(part) for part in document.parts]}
    return typst.compile(
        files("monitor.report").joinpath("report.typ").read_bytes(),
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=_font_folders()),
        format="pdf",
        sys_inputs={"document": legible(json.dumps(said, ensure_ascii=False)), "paper": TYPST_NAMES[paper]},
    )


def _part(part: Part) -> dict[str, object]:
    said: dict[str, object] = {"kind": part.kind, **asdict(part)}
    if isinstance(part, Figure):
        said["svg"] = _styled(part.svg)
    if isinstance(part, Folded):
        said["parts"] = [_part(inner) for inner in part.parts]
    return said


def _font_folders() -> list[Path]:
    return [Path(mpl.get_data_path()) / "fonts" / "ttf", Path(cvttf_NotoSansCJK_Regular.get_TTF_path()).parent]


def _styled(svg: str) -> str:
    """The figure with its own style sheet."""
    if not svg:
        return ""
    css = files("monitor.report").joinpath("figures.css").read_text(encoding="utf-8")
    css = re.sub(r"var\(--(\w+)\)", lambda found: PRINT[found[1]], css)
    style = f"<style>text {{ font-family: 'DejaVu Sans', 'Noto Sans CJK TC'; }} {css}</style>"
    head, rest = legible(svg).split(">", 1)
    return f'{head} xmlns="http://www.w3.org/2000/svg">{style}{rest}'
