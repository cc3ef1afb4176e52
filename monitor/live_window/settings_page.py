"""Who wears the straps, his sizes, and what is settled for all sessions: sound, silent hours, language.

Invariant: everything can be done by keyboard; `save` is emitted only with a form in which nothing is wrong.
"""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from monitor.language import ENGLISH
from monitor.language import gettext as _
from monitor.live_window.flow import FlowLayout
from monitor.live_window.form_row import FormRow, Tick, lay_note, lay_row
from monitor.live_window.keys_help import NEW_PERSON_KEYS, SETTINGS_KEYS
from monitor.live_window.labels import announce, bind, button, keyed, label, set_text
from monitor.live_window.settings_form import Field, SettingsForm, SettingsOffer
from monitor.live_window.theme import DARK, Theme, scale_for, style_sheet

# Narrower than this (px) the two parts stand below one another; type smaller than this is not worth fitting in.
NARROW_PX, SMALLEST_SCALE = 880, 0.85
VOLUME_STEP_PCT = 5
SPACING_PX, MARGIN_PX = 10, 14

Check = Callable[[SettingsForm], Mapping[Field, str]]


class SettingsPage(QWidget):
    """Shows `offer`; `check` says what is wrong with a form, and `save` is emitted with one that is right."""

    left = Signal()
    save = Signal(object)

    def __init__(self, offer: SettingsOffer, check: Check, theme: Theme = DARK) -> None:
        super().__init__()
        self._offer, self._check = offer, check
        self._theme, self._scale = theme, 1.0
        self._new, self._other_texts = False, dict(offer.blank)
        self.rows: dict[Field, FormRow] = {}
        self._grids: list[QGridLayout] = []
        self.sound, self.buzz, self.speech = Tick(_("Tones")), Tick(_("Buzzing straps")), Tick(_("Spoken words"))
        self.volume, self._volume_text = QSlider(Qt.Orientation.Horizontal), label("")
        self.language = QComboBox()
        self._says = label("title")
        self.keys = (*SETTINGS_KEYS, *(NEW_PERSON_KEYS if self._can_be_new() else ()))
        self._arrange()
        self._fill(offer.form)
        self.paint_in(theme)
        self.say(offer.message)

    def paint_in(self, theme: Theme) -> None:
        """Takes the colours of `theme`."""
        self._theme = theme
        self.setStyleSheet(style_sheet(theme, self._scale))
        for row in self.rows.values():
            row.scale(self._scale)
        for grid in self._grids:
            grid.setVerticalSpacing(round(SPACING_PX * self._scale))
            grid.setHorizontalSpacing(round(SPACING_PX * self._scale))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Type grows with the window; in a narrow one there is one column."""
        size = event.size()
        directions = QBoxLayout.Direction
        self._parts.setDirection(directions.TopToBottom if size.width() < NARROW_PX else directions.LeftToRight)
        scale = max(scale_for(size.width(), size.height()), SMALLEST_SCALE)
        if scale != self._scale:
            self._scale = scale
            self.paint_in(self._theme)
        super().resizeEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 (Qt's name)
        """What is typed goes into the first field."""
        super().focusInEvent(event)
        first = self.rows[Field.NAME].text if self._offer.people else self.sound
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def says(self) -> str:
        """What there is to know before anything else."""
        return self._says.text()

    @property
    def form(self) -> SettingsForm:
        """What stands on the page now."""
        return SettingsForm(
            {**self._offer.form.texts, **{field: row.text.text() for field, row in self.rows.items()}},
            self.sound.isChecked(),
            self.buzz.isChecked(),
            self.volume.value(),
            self.speech.isChecked(),
            str(self.language.currentData()),
            self._new,
        )

    def say(self, text: str) -> None:
        """Tells what keeps the form from being saved, or anything else that comes first."""
        set_text(self._says, text)
        self._says.setVisible(bool(text))
        announce(self._says, text)

    def try_to_save(self) -> None:
        """Gives the form away, or says what is wrong with it and leads there."""
        form = self.form
        told = self._check(form)
        for field, row in self.rows.items():
            row.say(told.get(field, ""))
        wrong = next((row for field, row in self.rows.items() if field in told), None)
        if wrong is None:
            self.save.emit(form)
            return
        self.say(_("Nothing is saved yet: put right what is marked."))
        wrong.text.setFocus(Qt.FocusReason.OtherFocusReason)
        self._scroll.ensureWidgetVisible(wrong.text)

    def exchange_person(self) -> None:
        """Empties the person's fields for somebody new; once more, and what stood there is back."""
        self._new = not self._new
        for field, text in self._other_texts.items():
            row = self.rows[field]
            self._other_texts[field] = row.text.text()
            row.text.setText(text)
            row.say("")
        self._on_edited()
        self.rows[Field.NAME].text.setFocus(Qt.FocusReason.OtherFocusReason)

    def _can_be_new(self) -> bool:
        return self._offer.people and self._offer.known

    def _bring_into_sight(self, before: QWidget | None, focused: QWidget | None) -> None:
        del before
        if focused is not None and self._inside.isAncestorOf(focused):
            self._scroll.ensureWidgetVisible(focused)

    def _enter(self) -> None:
        focused = QApplication.focusWidget()
        if isinstance(focused, QPushButton):
            focused.click()
        else:
            self.try_to_save()

    def _on_edited(self) -> None:
        form = self.form
        if any(row.problem for row in self.rows.values()):
            told = self._check(form)
            for field, row in self.rows.items():
                if row.problem:
                    row.say(told.get(field, ""))
        self.volume.setEnabled(form.sound)
        set_text(self._volume_text, f"{form.volume_pct} %")
        set_text(self.back_button, keyed(_("Back") if form == self._offer.form else _("Back without saving"), "Esc"))
        if self._can_be_new():
            set_text(self.new_button, keyed(_("Not somebody new") if self._new else _("Somebody new"), "Alt+N"))

    def _on_done(self, field: Field) -> None:
        self.rows[field].say(self._check(self.form).get(field, ""))

    def _fill(self, form: SettingsForm) -> None:
        for field, row in self.rows.items():
            row.text.setText(form.texts[field])
            row.edited.connect(self._on_edited)
            row.done.connect(self._on_done)
        for box, on in ((self.sound, form.sound), (self.buzz, form.buzz), (self.speech, form.speech)):
            box.setChecked(on)
            box.toggled.connect(self._on_edited)
        self.volume.setValue(form.volume_pct)
        self.volume.valueChanged.connect(self._on_edited)
        self.language.setCurrentIndex(max(self.language.findData(form.language), 0))
        self.language.currentIndexChanged.connect(self._on_edited)
        self._on_edited()

    def _arrange(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(label("prompt", _("You and your settings")))
        self._says.setWordWrap(True)
        layout.addWidget(self._says)
        self._inside = QWidget()
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(0, 0, 0, 0)
        self._parts = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        column.addLayout(self._parts)
        column.addStretch(1)
        if self._offer.people:
            self._parts.addWidget(self._person(), 1)
        self._parts.addWidget(self._settled(), 1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._inside)
        layout.addWidget(self._scroll, 1)
        # The area follows Tab within itself alone, not when Tab comes in from a button below.
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._bring_into_sight)
        self.save_button = button("", "", self.try_to_save)
        set_text(self.save_button, keyed(_("Save"), "Enter"))
        self.save_button.setObjectName("save")
        for key in ("Return", "Enter"):
            bind(self, key, self._enter)
        self.back_button = button("", "Esc", self.left.emit)
        row = FlowLayout()
        for made in (self.save_button, self.back_button):
            row.addWidget(made)
        layout.addLayout(row)

    def _person(self) -> QFrame:
        usual = self._offer.usual_mm
        head = QHBoxLayout()
        head.addWidget(label("title", _("Who wears the straps")), 1)
        if self._can_be_new():
            self.new_button = button("", "Alt+N", self.exchange_person)
            self.new_button.setProperty("small", True)
            head.addWidget(self.new_button)
        panel, grid = self._panel(head)
        self._add(grid, FormRow(Field.NAME, _("Name"), long=True))
        self._add(grid, FormRow(Field.FEMUR, _("Thigh bone"), "mm"))
        lay_note(
            grid,
            _(
                "With a tape, from the bony bump at the outer hip to the joint line at the outer knee. It is the gap's "
                "scale: 1 cm off puts changes of the gap off by about 2.4 %; the spacer mends a part of that."
            ),
        )
        for field, name, note in (
            (Field.HIP_WIDTH, _("Hip width"), _("From hip joint to hip joint; left empty, {mm} is taken.")),
            (Field.KNEE_WIDTH, _("Knee width"), _("Across one knee; left empty, {mm} is taken.")),
            (Field.HEIGHT, _("Height"), _("Kept with your sessions; the gap does not need it.")),
            (Field.SPACER, _("Spacer"), _("What you calibrate with: a tennis ball has 67; or measure your fist.")),
        ):
            self._add(grid, FormRow(field, name, "mm", note.format(mm=usual.get(field, 0))))
        return panel

    def _settled(self) -> QFrame:
        head = QHBoxLayout()
        head.addWidget(label("title", _("Sound and language")))
        panel, grid = self._panel(head)
        self.volume.setRange(0, 100)
        self.volume.setSingleStep(VOLUME_STEP_PCT)
        self.volume.setPageStep(2 * VOLUME_STEP_PCT)
        self.volume.setAccessibleName(_("Volume"))
        for box in (self.sound, self.buzz, self.speech):
            box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        volume = QHBoxLayout()
        volume.setSpacing(SPACING_PX)
        volume.addWidget(self.volume, 1)
        volume.addWidget(self._volume_text)
        lay_row(grid, label("", _("Coach")), self.sound)
        lay_row(grid, label("", _("Volume")), volume)
        lay_row(grid, None, self.buzz)
        lay_row(grid, None, self.speech)
        lay_note(grid, _("Straps buzz if they can; words are spoken if this computer has a voice."))
        self._add(grid, FormRow(Field.SILENT_FROM, _("Silent from")))
        self._add(grid, FormRow(Field.SILENT_UNTIL, _("Silent until")))
        lay_note(
            grid,
            _("Beside work nothing is to be heard or felt then, and nothing reminds you. The same time twice: none."),
        )
        self.language.addItem(_("as this computer"), "")
        for name in self._offer.languages:
            self.language.addItem("English" if name == ENGLISH else QLocale(name).nativeLanguageName(), name)
        for named in (self.language, self.language.view()):
            named.setAccessibleName(_("Language"))
        lay_row(grid, label("", _("Language")), self.language)
        return panel

    def _add(self, grid: QGridLayout, row: FormRow) -> None:
        self.rows[row.field] = row
        row.lay(grid)

    def _panel(self, head: QHBoxLayout) -> tuple[QFrame, QGridLayout]:
        panel, grid = QFrame(), QGridLayout()
        panel.setObjectName("panel")
        grid.setColumnStretch(1, 1)
        self._grids.append(grid)
        layout = QVBoxLayout(panel)
        layout.setContentsMargins(*[MARGIN_PX] * 4)
        layout.addLayout(head)
        layout.addLayout(grid)
        layout.addStretch(1)
        return panel, grid
