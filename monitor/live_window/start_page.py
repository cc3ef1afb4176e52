"""The first page: who, which exercise, with which calibration; today's plan beside it.

Invariant: everything can be done by keyboard: the number of an exercise chooses it, Enter starts.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from monitor.language import gettext as _
from monitor.live_window.drawing import DrawingRoom
from monitor.live_window.flow import FlowLayout
from monitor.live_window.keys_help import START_KEYS
from monitor.live_window.labels import bind, button, keyed, label, set_text
from monitor.live_window.start_offer import ExerciseOffer, StartChoice, StartOffer
from monitor.live_window.theme import DARK, Theme, scale_for, style_sheet

CHOSEN_SIGN, DONE_SIGN = "▶", "✔"
# Narrower than this (px) the small print goes; in a wide or a low window the exercises stand in more columns.
NARROW_PX, WIDE_PX, LOW_PX = 700, 1000, 640
# A lower window needs every row of px for words.
DRAWN_PX = 470
COLUMNS, WIDE_COLUMNS = 2, 4
SPACING_PX = 12


class StartPage(QWidget):
    """Shows `offer`; `chosen` is emitted with a StartChoice, `history` and `settings` when the wearer wants those."""

    left = Signal()
    chosen = Signal(object)
    history = Signal()
    settings = Signal()
    wearer_changed = Signal(str)

    def __init__(self, offer: StartOffer, theme: Theme = DARK) -> None:
        super().__init__()
        self._offer = offer
        self._exercise = offer.suggested or next((e.name for e in offer.exercises if not e.refused), "")
        self._calibrate = not offer.last_calibration
        self._theme, self._scale, self._columns = theme, 1.0, 0
        self.exercises: dict[str, QPushButton] = {}
        self.wearer = QComboBox()
        self.calibration: dict[bool, QPushButton] = {}
        self._says, self._about = label("title"), label("title")
        self.drawing = DrawingRoom(theme)
        self._disclaimer = label("faint", _("Coaches and measures; does not diagnose.   D: dark or light   F1: keys"))
        self.keys = tuple((self._chosen_by(keys), text) for keys, text in START_KEYS)
        self._arrange()
        self.paint_in(theme)
        self._draw()

    def paint_in(self, theme: Theme) -> None:
        """Takes the colours of `theme`."""
        self._theme = theme
        self.setStyleSheet(style_sheet(theme, self._scale))
        self.drawing.paint_in(theme)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Type grows with the window."""
        size = event.size()
        self._disclaimer.setVisible(size.width() >= NARROW_PX)
        wide = size.width() >= WIDE_PX or (size.height() < LOW_PX and size.width() >= NARROW_PX)
        self._lay_tiles(WIDE_COLUMNS if wide else COLUMNS)
        self.drawing.setVisible(size.height() >= DRAWN_PX)
        scale = scale_for(size.width(), size.height())
        if scale != self._scale:
            self._scale = scale
            self._layout.setSpacing(round(SPACING_PX * scale))
            self.paint_in(self._theme)
        super().resizeEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 (Qt's name)
        """What Enter does is framed from the first."""
        super().focusInEvent(event)
        self.start_button.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def says(self) -> str:
        """What there is to know about the choice."""
        return self._says.text()

    @property
    def about(self) -> str:
        """What one does in the chosen exercise."""
        return self._about.text()

    def start(self) -> None:
        """Starts with what is chosen, where that can be started."""
        if not self._refused():
            self.chosen.emit(StartChoice(self._exercise, self._wearer(), self._calibrate))

    def _enter(self) -> None:
        """Presses the button that has the focus, as in a dialog; without one it starts."""
        focused = QApplication.focusWidget()
        if isinstance(focused, QAbstractButton) and focused not in self.exercises.values():
            focused.click()
        else:
            self.start()

    def _chosen_by(self, keys: tuple[str, ...]) -> tuple[str, ...]:
        """Only so many digits as there are exercises."""
        return keys[: len(self._offer.exercises)] if keys[0] == "1" else keys

    def _resume(self) -> None:
        self.chosen.emit(StartChoice(self._exercise, self._wearer(), calibrate=False, resume=True))

    def _desk(self) -> None:
        self.chosen.emit(StartChoice("clamp", self._wearer(), self._calibrate, desk=True))

    def _wearer(self) -> str:
        return str(self.wearer.currentData() or self._offer.wearer)

    def _refused(self) -> str:
        return next((e.refused for e in self._offer.exercises if e.name == self._exercise), "")

    def _choose(self, name: str) -> None:
        self._exercise = name
        self._draw()

    def _calibrates(self, calibrate: bool) -> None:
        self._calibrate = calibrate
        self._draw()

    def _draw(self) -> None:
        """Marks what is chosen by a frame and by a sign."""
        for number, offer in enumerate(self._offer.exercises, 1):
            made, chosen = self.exercises[offer.name], offer.name == self._exercise
            set_text(made, _exercise_text(offer, number, chosen=chosen))
            _mark(made, chosen=chosen)
        for calibrate, made in self.calibration.items():
            chosen = calibrate is self._calibrate
            text = _("Calibrate first") if calibrate else _("Start with the last calibration")
            set_text(made, keyed(f"{CHOSEN_SIGN if chosen else ' '} {text}", "C" if calibrate else "L"))
            _mark(made, chosen=chosen)
        # The button stays what Enter presses: a disabled one would pass the focus on to the next.
        refused = self._refused()
        last = "" if self._calibrate else self._offer.last_calibration
        set_text(self._says, refused or last)
        offer = next((e for e in self._offer.exercises if e.name == self._exercise), None)
        set_text(self._about, offer.about if offer else "")
        self.drawing.show_picture(offer.picture if offer else None, offer.title if offer else "")

    def _arrange(self) -> None:
        self._layout = layout = QVBoxLayout(self)
        layout.setSpacing(SPACING_PX)
        head = QHBoxLayout()
        head.addWidget(label("prompt", _("What shall it be today?")), 1)
        head.addWidget(self._disclaimer)
        layout.addLayout(head)
        for text in (self._offer.message, self._offer.day):
            if text:
                said = label("title", text)
                said.setWordWrap(True)
                layout.addWidget(said)
        self._arrange_wearers(layout)
        self.settings_button = button(_("You and your settings"), "S", self.settings.emit)
        if self._offer.unsized:
            layout.addLayout(self._sizes_wanted())
        layout.addLayout(self._exercise_buttons())
        for said in (self._about, self._says):
            said.setWordWrap(True)
        layout.addWidget(self._about)
        layout.addLayout(self._calibration_buttons())
        layout.addWidget(self._says)
        layout.addWidget(self.drawing, 1)
        layout.addLayout(self._way_on())

    def _arrange_wearers(self, layout: QVBoxLayout) -> None:
        for w in self._offer.wearers:
            self.wearer.addItem(w.name, w.id)
        self.wearer.setCurrentIndex(max(self.wearer.findData(self._offer.wearer), 0))
        self.wearer.setAccessibleName(_("Who wears the straps?"))
        if len(self._offer.wearers) < 2:
            return
        row = QHBoxLayout()
        row.addWidget(label("title", _("Who wears the straps?  [Alt+W]")))
        row.addWidget(self.wearer, 1)
        layout.addLayout(row)
        bind(self, "Alt+W", lambda: self.wearer.setFocus(Qt.FocusReason.ShortcutFocusReason))
        self.wearer.activated.connect(self._on_wearer)

    def _sizes_wanted(self) -> QHBoxLayout:
        """The button that stands below otherwise, beside what it is good for."""
        wanted, row = label("title", self._offer.unsized), QHBoxLayout()
        wanted.setWordWrap(True)
        self.settings_button.setProperty("small", True)
        row.addWidget(wanted, 1)
        row.addWidget(self.settings_button)
        return row

    def _on_wearer(self, index: int) -> None:
        self.wearer_changed.emit(str(self.wearer.itemData(index)))

    def _exercise_buttons(self) -> QGridLayout:
        self._grid = QGridLayout()
        for i, offer in enumerate(self._offer.exercises):
            made = button("", "", lambda name=offer.name: self._choose(name))
            bind(self, str(i + 1), lambda name=offer.name: self._choose(name))
            made.setProperty("tile", True)
            made.setToolTip(offer.refused or offer.standing)
            self.exercises[offer.name] = made
        self._lay_tiles(COLUMNS)
        return self._grid

    def _lay_tiles(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for i, made in enumerate(self.exercises.values()):
            self._grid.removeWidget(made)
            self._grid.addWidget(made, i // columns, i % columns)
        for column in range(WIDE_COLUMNS):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)

    def _calibration_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        if self._offer.last_calibration:
            for calibrate, key in ((False, "L"), (True, "C")):
                made = button("", key, lambda calibrate=calibrate: self._calibrates(calibrate))
                self.calibration[calibrate] = made
                row.addWidget(made, 1)
        return row

    def _way_on(self) -> FlowLayout:
        self.start_button = button(_("Start"), "", self.start)
        set_text(self.start_button, keyed(_("Start"), "Enter"))
        self.start_button.setObjectName("start")
        for key in ("Return", "Enter"):
            bind(self, key, self._enter)
        row = FlowLayout()
        row.addWidget(self.start_button)
        if self._offer.unfinished:
            self.resume_button = button(_("Go on: {what}").format(what=self._offer.unfinished), "G", self._resume)
            row.addWidget(self.resume_button)
        self.desk_button = button(_("Clamp beside work or television"), "K", self._desk)
        self.history_button = button(_("History"), "H", self.history.emit)
        self.quit_button = button(_("Quit"), "Q", self.left.emit)
        settings = () if self._offer.unsized else (self.settings_button,)
        for made in (self.desk_button, self.history_button, *settings, self.quit_button):
            row.addWidget(made)
        return row


def _exercise_text(offer: ExerciseOffer, number: int, *, chosen: bool) -> str:
    signs = f"{CHOSEN_SIGN if chosen else ' '} {number}  {offer.title}"
    standing = f"{DONE_SIGN} {offer.standing}" if offer.done else offer.standing
    return f"{signs}\n      {offer.refused or standing}"


def _mark(made: QPushButton, *, chosen: bool) -> None:
    """Frames a button; Qt looks at a property again only when it is told to."""
    if made.property("chosen") != chosen:
        made.setProperty("chosen", chosen)
        made.style().unpolish(made)
        made.style().polish(made)
