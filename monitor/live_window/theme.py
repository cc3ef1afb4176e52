"""Colours and type of the window, dark and light.

Invariant: the colours are told apart by people who see red and green alike (after Okabe and Ito), and nothing is said
by colour alone: each state also has its word, its sign and, in plots, its dash or hatch.
"""

from dataclasses import dataclass

from monitor.board import State


@dataclass(frozen=True, slots=True)
class Theme:
    """One set of colours."""

    name: str
    ground: str
    panel: str
    line: str
    ink: str
    faint: str
    good: str
    mid: str
    bad: str
    calm: str
    alarm: str
    alarm_ink: str

    def of(self, state: State) -> str:
        """The colour that goes with a state's word."""
        by_state = {State.TOGETHER: self.good, State.FINISHED: self.good, State.NEAR: self.mid, State.APART: self.bad}
        return by_state.get(state, self.alarm if state is State.STOPPED else self.calm)


DARK = Theme(
    "dark",
    ground="#14181d",
    panel="#1d232a",
    line="#3a444f",
    ink="#f2f4f6",
    faint="#a9b4bf",
    good="#56b4e9",
    mid="#f0e442",
    bad="#e69f00",
    calm="#d5dbe1",
    alarm="#d55e00",
    alarm_ink="#ffffff",
)
LIGHT = Theme(
    "light",
    ground="#f4f5f6",
    panel="#ffffff",
    line="#c5ccd3",
    ink="#15191d",
    faint="#55606b",
    good="#005b8f",
    mid="#443900",
    bad="#a34700",
    calm="#333c45",
    alarm="#b23c00",
    alarm_ink="#ffffff",
)


# The window's size at which type has the sizes below.
USUAL_PX = (1280, 800)
SMALLEST_SCALE, LARGEST_SCALE, SCALE_STEP = 0.4, 4.0, 0.05
SMALLEST_PX = 11


def scale_for(width: int, height: int) -> float:
    """How large type is in a window of this size, in steps: dragging its edge does not restyle it at every pixel."""
    scale = min(width / USUAL_PX[0], height / USUAL_PX[1])
    return round(min(max(scale, SMALLEST_SCALE), LARGEST_SCALE) / SCALE_STEP) * SCALE_STEP


def style_sheet(theme: Theme, scale: float = 1.0) -> str:
    """The window's Qt style sheet."""

    def px(size: int) -> str:
        return f"{max(round(size * scale), SMALLEST_PX)}px"

    return f"""
    QWidget {{ background: {theme.ground}; color: {theme.ink}; font-size: {px(15)}; }}
    QFrame#panel {{ background: {theme.panel}; border: 1px solid {theme.line}; border-radius: 10px; }}
    QFrame#panel QLabel, QFrame#panel QWidget#words {{ background: transparent; }}
    QLabel#faint {{ color: {theme.faint}; }}
    QLabel#faint[large="true"] {{ font-size: {px(20)}; }}
    QLabel#named {{ color: {theme.faint}; font-size: {px(20)}; }}
    QLabel#title {{ font-size: {px(20)}; font-weight: 600; }}
    QLabel#prompt {{ font-size: {px(30)}; font-weight: 600; }}
    QLabel#prompt[large="true"] {{ font-size: {px(52)}; }}
    QLabel#title[large="true"] {{ font-size: {px(32)}; }}
    QLabel#count {{ font-size: {px(34)}; font-weight: 700; }}
    QFrame#panel QLabel#cue {{ font-size: {px(30)}; font-weight: 700; color: {theme.ground}; background: {theme.ink};
                  border-radius: 8px; padding: 2px 16px; }}
    QLabel#timer {{ font-size: {px(92)}; font-weight: 700; }}
    QLabel#gap {{ font-size: {px(44)}; font-weight: 600; }}
    QLabel#strap {{ font-size: {px(17)}; font-weight: 600; }}
    QProgressBar {{ border: 1px solid {theme.line}; border-radius: 6px; background: {theme.panel}; height: 12px; }}
    QProgressBar::chunk {{ background: {theme.good}; border-radius: 5px; }}
    QPushButton {{ background: {theme.panel}; border: 1px solid {theme.line}; border-radius: 8px;
                   padding: {px(10)} {px(16)}; }}
    QPushButton[tile="true"] {{ text-align: left; font-size: {px(19)}; }}
    QPushButton[small="true"] {{ padding: 3px 10px; }}
    QPushButton:disabled {{ color: {theme.line}; }}
    QPushButton#pain {{ background: {theme.alarm}; color: {theme.alarm_ink}; font-size: {px(22)}; font-weight: 700;
                        border: none; padding: {px(14)} {px(26)}; }}
    QPushButton#pain[small="true"] {{ font-size: {px(15)}; padding: 5px 10px; border-radius: 6px; }}
    QPushButton#pain:focus {{ border: 3px solid {theme.ink}; }}
    QPushButton#answer {{ font-size: {px(22)}; font-weight: 700; border: 2px solid {theme.ink};
                          padding: {px(14)} {px(30)}; }}
    QPushButton#start {{ font-size: {px(26)}; font-weight: 700; padding: {px(16)} {px(32)};
                         border: 2px solid {theme.good}; }}
    QPushButton#save {{ font-size: {px(20)}; font-weight: 700; border: 2px solid {theme.good}; }}
    QPushButton[chosen="true"] {{ border: 3px solid {theme.good}; font-weight: 700; }}
    QPushButton:focus, QPushButton[chosen="true"]:focus, QPushButton#start:focus, QPushButton#save:focus,
    QPushButton#answer:focus {{
        border: 3px solid {theme.ink}; }}
    QLineEdit, QComboBox, QListWidget, QTableWidget, QPlainTextEdit {{ background: {theme.panel};
        border: 1px solid {theme.line}; border-radius: 6px; padding: 4px 8px; selection-background-color: {theme.good};
        selection-color: {theme.ground}; }}
    QLineEdit:focus, QComboBox:focus, QListWidget:focus, QTableWidget:focus, QPlainTextEdit:focus {{
        border: 2px solid {theme.good}; }}
    QLineEdit[wrong="true"], QLineEdit[wrong="true"]:focus {{ border: 2px dashed {theme.bad}; }}
    QLabel#problem {{ color: {theme.bad}; font-weight: 600; }}
    QFrame#panel QCheckBox {{ background: transparent; padding: 2px 4px; border-radius: 6px;
        border: 2px solid transparent; font-size: {px(17)}; }}
    QCheckBox::indicator {{ width: 0px; height: 0px; }}
    QFrame#panel QCheckBox:focus {{ border: 2px solid {theme.good}; }}
    QSlider:focus {{ border: 2px solid {theme.good}; border-radius: 6px; }}
    QFrame#panel QSlider {{ background: transparent; }}
    QScrollArea {{ border: none; }}
    QScrollArea QScrollBar:vertical {{ background: {theme.ground}; width: 12px; border: none; }}
    QScrollArea QScrollBar::handle:vertical {{ background: {theme.faint}; min-height: 30px; margin: 0 2px;
        border-radius: 4px; }}
    QScrollArea QScrollBar::add-line:vertical, QScrollArea QScrollBar::sub-line:vertical {{ height: 0px; }}
    QTableWidget {{ gridline-color: {theme.line}; }}
    QHeaderView::section {{ background: {theme.ground}; color: {theme.faint}; border: none; padding: 4px 8px; }}
    QToolButton {{ background: {theme.ground}; border: none; padding: 2px 8px; font-weight: 600; }}
    QToolButton:focus {{ border: 2px solid {theme.good}; border-radius: 6px; }}
    QToolButton::menu-indicator {{ image: none; }}
    QSlider::groove:horizontal {{ background: {theme.line}; height: 8px; border-radius: 4px; }}
    QSlider::sub-page:horizontal {{ background: {theme.good}; border-radius: 4px; }}
    QSlider::handle:horizontal {{ background: {theme.ink}; width: 18px; margin: -6px 0; border-radius: 9px; }}
    """
