"""The live window as a whole.

Invariant: the window learns of the session only through the display ring, and tells it only `Action`s.
"""

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from monitor.board import Board, State
from monitor.coach.signals import Action
from monitor.live_buffer import LiveBuffer
from monitor.live_window.panels import Controls, PromptPanel, StatePanel, StrapPanel, TimerPanel, label, set_text
from monitor.live_window.plots import GapPlot, SessionPlot, TensionPlot
from monitor.live_window.theme import DARK, LIGHT, Theme, style_sheet
from sensor.samples import THIGHS, Placement

FRAME_MS = 33
# In frames: words change at 10 Hz at most, the whole session is drawn once a second.
WORDS_EVERY = 3
HISTORY_EVERY = 30
SMALLEST = (900, 640)
DISCLAIMER = "Coaches and measures; does not diagnose.   D: dark or light"


class LiveWindow(QWidget):
    """Shows `buffer`; `act` is called with what the wearer does."""

    def __init__(self, buffer: LiveBuffer, act: Callable[[Action], None], theme: Theme = DARK) -> None:
        super().__init__()
        self._buffer, self._act = buffer, act
        self._theme, self._frames = theme, 0
        self._state: State | None = None
        self.state_panel, self.timer_panel, self.prompt_panel = StatePanel(), TimerPanel(), PromptPanel()
        self.gap_plot, self.session_plot = GapPlot(), SessionPlot()
        self.tension_plots = {p: TensionPlot(f"tension {p.removesuffix('_thigh')}") for p in THIGHS}
        self.straps: dict[Placement, StrapPanel] = {p: StrapPanel() for p in THIGHS}
        self.controls = Controls(self._on_action)
        self._title = label("title")
        self._arrange()
        self.paint_in(theme)
        QShortcut(QKeySequence("D"), self, self.toggle_theme)
        self.frame_timer = QTimer(self)
        self.frame_timer.timeout.connect(self.draw)
        self.frame_timer.start(FRAME_MS)

    def paint_in(self, theme: Theme) -> None:
        """Takes the colours of `theme`."""
        self._theme, self._state = theme, None
        self.setStyleSheet(style_sheet(theme))
        for plot in (self.gap_plot, self.session_plot, *self.tension_plots.values()):
            plot.paint_in(theme)
        self.draw()

    def toggle_theme(self) -> None:
        """Dark to light and back."""
        self.paint_in(LIGHT if self._theme is DARK else DARK)

    def draw(self) -> None:
        """One frame: the ring's newest content onto the existing items."""
        board = self._buffer.board
        curves = self._buffer.curves()
        if self._frames % WORDS_EVERY == 0 or board.state is not self._state:
            self._draw_words(board)
        self.gap_plot.draw(curves.gap, board)
        for placement, plot in self.tension_plots.items():
            plot.draw(curves.tension[placement], board.now_s)
        if self._frames % HISTORY_EVERY == 0:
            self.session_plot.draw(self._buffer.history())
        self._frames += 1

    def _draw_words(self, board: Board) -> None:
        self._state = board.state
        set_text(self._title, board.exercise)
        self.state_panel.draw(board, self._theme)
        self.timer_panel.draw(board)
        self.prompt_panel.draw(board)
        self.controls.draw(board)
        for strap in board.straps:
            self._strap_panel(strap.placement).draw(strap)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 (Qt's name)
        """Closing the window ends the session in good order."""
        self.frame_timer.stop()
        self._act(Action.STOP)
        event.accept()

    def _on_action(self, action: Action) -> None:
        if action is Action.STOP and self._buffer.board.over:
            self.close()
        else:
            self._act(action)

    def _strap_panel(self, placement: Placement) -> StrapPanel:
        if placement not in self.straps:
            self.straps[placement] = StrapPanel()
            self._strap_row.addWidget(self.straps[placement])
        return self.straps[placement]

    def _arrange(self) -> None:
        self.setWindowTitle("Knee gap")
        self.setMinimumSize(*SMALLEST)
        self.resize(1280, 800)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(label("faint", DISCLAIMER))
        top = QHBoxLayout()
        top.addWidget(self.state_panel, 3)
        top.addWidget(self.timer_panel, 2)
        plots = QGridLayout()
        plots.addWidget(self.gap_plot, 0, 0, 1, 3)
        for column, plot in enumerate((self.session_plot, *self.tension_plots.values())):
            plots.addWidget(plot, 1, column)
        plots.setRowStretch(0, 3)
        plots.setRowStretch(1, 2)
        plots.setColumnStretch(0, 2)
        plots.setColumnStretch(1, 1)
        plots.setColumnStretch(2, 1)
        self._strap_row = QHBoxLayout()
        for panel in self.straps.values():
            self._strap_row.addWidget(panel)
        layout = QVBoxLayout(self)
        for part in (head, top):
            layout.addLayout(part)
        layout.addWidget(self.prompt_panel)
        layout.addLayout(plots, 1)
        layout.addLayout(self._strap_row)
        layout.addWidget(self.controls)
