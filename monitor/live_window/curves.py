"""All curves of a session together, and the choice of the stretch that they show.

Invariant: the newest minute is drawn at every frame; the whole session and a chosen stretch once a second or when the
choice changes.
"""

from math import inf
from time import monotonic

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from monitor.board import Board
from monitor.language import N_
from monitor.language import gettext as _
from monitor.live_buffer import LiveBuffer
from monitor.live_window.gap_plot import GapPlot
from monitor.live_window.labels import bind, button, keyed, label, set_text
from monitor.live_window.side_plots import SessionPlot, TensionPlot
from monitor.live_window.theme import Theme
from monitor.live_window.time_view import Stretch, TimeView
from monitor.wording import words
from sensor.samples import THIGHS

# The whole session is drawn once a second.
HISTORY_EVERY_S = 1.0
CLOSER, WIDER, PAN = 0.5, 2.0, 0.25
# Below these heights (px) there is no room for the smaller curves, or for any.
SMALL_CURVES_PX, ANY_CURVE_PX = 210, 75


class Curves(QWidget):
    """Gap, session and tensions of `buffer`; keys work anywhere on `page`."""

    def __init__(self, buffer: LiveBuffer, page: QWidget) -> None:
        super().__init__()
        self._buffer = buffer
        self.view = TimeView()
        self._history_s = -inf
        self._drawn: Stretch | None = None
        self.gap, self.session = GapPlot(), SessionPlot()
        left, right = THIGHS
        self.tensions = {left: TensionPlot(_("tension left, %")), right: TensionPlot(_("tension right, %"))}
        self.plots = (self.gap, self.session, *self.tensions.values())
        names = (_("gap, mm"), _("Whole session"), _("tension left, %"), _("tension right, %"))
        for plot, name in zip(self.plots, names, strict=True):
            plot.setAccessibleName(name)
            # Everything that the mouse does here has a key of its own.
            plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._says, self._corrected = label("faint"), label("faint")
        self.buttons: dict[str, QPushButton] = {}
        self._arrange(page)
        # What is left of the window decides which curves are shown, not the other way round.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.gap.chosen.connect(self._choose)
        self.session.chosen.connect(self._choose)
        bind(page, "Shift+Left", lambda: self._move(-PAN))
        bind(page, "Shift+Right", lambda: self._move(PAN))
        # The plus sign of a keyboard without a numeric block.
        bind(page, "=", lambda: self._zoom(CLOSER))

    def paint_in(self, theme: Theme) -> None:
        """Takes the colours of `theme`."""
        for plot in self.plots:
            plot.paint_in(theme)
        self.restart()

    def restart(self) -> None:
        """Everything is drawn anew at the next frame."""
        self._history_s, self._drawn = -inf, None

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Leaves out the curves for which there is no room."""
        width, height = event.size().width(), event.size().height()
        self.gap.setVisible(height >= ANY_CURVE_PX)
        for plot in (self.session, *self.tensions.values()):
            plot.setVisible(height >= SMALL_CURVES_PX)
        # What is left out leaves no room behind.
        self._plots.setRowStretch(2, 2 if height >= SMALL_CURVES_PX else 0)
        self._bar.setVisible(height >= SMALL_CURVES_PX and width >= self._bar.minimumSizeHint().width())
        super().resizeEvent(event)

    def draw(self, board: Board) -> None:
        """One frame."""
        chosen = self.view.chosen
        second = monotonic() - self._history_s >= HISTORY_EVERY_S
        if chosen is None:
            curves = self._buffer.curves()
        elif second or chosen != self._drawn:
            curves = self._buffer.stretch(chosen.start_s, chosen.end_s)
        else:
            curves = None
        if curves is not None:
            self.gap.draw(curves.gap, board, chosen)
            for placement, plot in self.tensions.items():
                plot.draw(curves.tension[placement], board.now_s, chosen)
        if second:
            self._history_s = monotonic()
            self.session.draw(self._buffer.history(), board)
        if second or chosen != self._drawn:
            self.session.frame_to(self.view.shown(board.now_s))
            self._say(chosen, board)
        self._drawn = chosen

    @property
    def corrected(self) -> str:
        """What is said of the newest drift correction."""
        return self._corrected.text()

    def _say(self, chosen: Stretch | None, board: Board) -> None:
        if chosen is None:
            said = _("the last minute, seconds before now")
        else:
            start, end = words.clock(chosen.start_s), words.clock(chosen.end_s)
            said = _("from {start} to {end} of the session").format(start=start, end=end)
        set_text(self._says, said)
        set_text(self._corrected, correction_text(board) if self.gap.shows_corrections else "")
        self._corrected.setVisible(bool(self._corrected.text()))
        # That the last minute is shown goes without saying; a correction needs the room.
        self._says.setVisible(chosen is not None or not self._corrected.text())
        for told in (self._says, self._corrected):
            told.setToolTip(told.text())

    def _toggle_corrections(self) -> None:
        self.gap.shows_corrections = not self.gap.shows_corrections
        self._name_corrections()
        self.restart()

    def _name_corrections(self) -> None:
        text = _("Hide corrections") if self.gap.shows_corrections else _("Show corrections")
        set_text(self.buttons["C"], keyed(text, "C"))

    def _choose(self, start_s: float, end_s: float) -> None:
        self.view.choose(start_s, end_s, self._buffer.board.now_s)

    def _zoom(self, factor: float) -> None:
        self.view.zoom(factor, self._buffer.board.now_s)

    def _move(self, share: float) -> None:
        self.view.pan(share, self._buffer.board.now_s)

    def _arrange(self, page: QWidget) -> None:
        self._bar = QWidget()
        bar = QHBoxLayout(self._bar)
        bar.setContentsMargins(0, 0, 0, 0)
        # What does not fit is cut off, and told in full where it is pointed at: the buttons have to stay.
        for said, stretch in ((self._says, 2), (self._corrected, 3)):
            said.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            bar.addWidget(said, stretch)
        for key, text, do in (
            ("+", _("Closer"), lambda: self._zoom(CLOSER)),
            ("-", _("Wider"), lambda: self._zoom(WIDER)),
            ("C", "", self._toggle_corrections),
            ("W", _("Whole session"), lambda: self.view.whole(self._buffer.board.now_s)),
            ("L", _("Last minute"), self.view.follow),
        ):
            # The keys work where there is no room for the buttons, too.
            made = button(keyed(text, key), "", do)
            bind(page, key, do)
            made.setProperty("small", True)
            self.buttons[key] = made
            bar.addWidget(made)
        self._name_corrections()
        self._plots = plots = QGridLayout()
        plots.addWidget(self.gap, 0, 0, 1, 3)
        plots.addWidget(self._bar, 1, 0, 1, 3)
        for column, plot in enumerate((self.session, *self.tensions.values())):
            plots.addWidget(plot, 2, column)
        plots.setRowStretch(0, 3)
        plots.setRowStretch(2, 2)
        plots.setColumnStretch(0, 2)
        plots.setColumnStretch(1, 1)
        plots.setColumnStretch(2, 1)
        plots.setContentsMargins(0, 0, 0, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(plots)


def correction_text(board: Board) -> str:
    """The newest drift correction, in words; empty where there was none."""
    if not board.corrections:
        return ""
    last = board.corrections[-1]
    told = _("▲▼ drift corrected at {time} by {size:+.0f} mm, {source}")
    return told.format(time=words.clock(last.time_s), size=1e3 * last.size_m, source=_(SOURCES.get(last.source, "")))


# Translators: how the program knew that the gap had drifted.
SOURCES = {"touch": N_("the knees touched"), "cord": N_("by the cord"), "range": N_("by the distance sensor")}
