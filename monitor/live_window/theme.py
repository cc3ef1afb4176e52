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
    mid="#6b5900",
    bad="#a34700",
    calm="#333c45",
    alarm="#b23c00",
    alarm_ink="#ffffff",
)


def style_sheet(theme: Theme) -> str:
    """The window's Qt style sheet."""
    return f"""
    QWidget {{ background: {theme.ground}; color: {theme.ink}; font-size: 15px; }}
    QFrame#panel {{ background: {theme.panel}; border: 1px solid {theme.line}; border-radius: 10px; }}
    QFrame#panel QLabel {{ background: transparent; }}
    QLabel#faint {{ color: {theme.faint}; }}
    QLabel#title {{ font-size: 20px; font-weight: 600; }}
    QLabel#prompt {{ font-size: 30px; font-weight: 600; }}
    QLabel#count {{ font-size: 34px; font-weight: 700; }}
    QFrame#panel QLabel#cue {{ font-size: 30px; font-weight: 700; color: {theme.ground}; background: {theme.ink};
                  border-radius: 8px; padding: 2px 16px; }}
    QLabel#timer {{ font-size: 92px; font-weight: 700; }}
    QLabel#gap {{ font-size: 44px; font-weight: 600; }}
    QLabel#strap {{ font-size: 17px; font-weight: 600; }}
    QProgressBar {{ border: 1px solid {theme.line}; border-radius: 6px; background: {theme.panel}; height: 12px; }}
    QProgressBar::chunk {{ background: {theme.good}; border-radius: 5px; }}
    QPushButton {{ background: {theme.panel}; border: 1px solid {theme.line}; border-radius: 8px; padding: 10px 16px; }}
    QPushButton:focus {{ border: 3px solid {theme.good}; }}
    QPushButton:disabled {{ color: {theme.line}; }}
    QPushButton#pain {{ background: {theme.alarm}; color: {theme.alarm_ink}; font-size: 22px; font-weight: 700;
                        border: none; padding: 14px 26px; }}
    QPushButton#pain:focus {{ border: 3px solid {theme.ink}; }}
    """
