"""A session on the screen: state, timer, what to do, curves, straps and buttons.

Invariant: the page learns of the session only through the display ring, and tells it only `Action`s.
"""

from collections.abc import Callable
from time import monotonic

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from monitor.board import Board, State, tells
from monitor.coach.signals import Action
from monitor.language import gettext as _
from monitor.live_buffer import LiveBuffer
from monitor.live_window.controls import Controls
from monitor.live_window.curves import Curves
from monitor.live_window.keys_help import SESSION_KEYS, KeyTable
from monitor.live_window.labels import bind, enter_presses, label, set_text
from monitor.live_window.opened import open_file
from monitor.live_window.prompt_panel import PromptPanel
from monitor.live_window.state_panels import StatePanel, TimerPanel
from monitor.live_window.strap_panels import SharePanel, StrapPanel
from monitor.live_window.theme import DARK, SMALLEST_SCALE, Theme, scale_for, style_sheet
from sensor.samples import THIGHS, Placement

# A new board is drawn as soon as it is there, at most 30 times a second; without any, what the wearer chose to look at
# may have changed. Boards come ten times a second at least, and none waits for a frame that showed nothing new.
LOOK_MS = 8
FRAME_S, IDLE_S = 0.033, 0.15
# In frames, of which there are ten to thirty a second: words change more calmly than curves.
WORDS_EVERY = 2
# Narrower than this (px) panels stand below one another.
NARROW_PX = 700
SPACING_PX = 6
# Between the thigh straps.
SHARE_AT = 1


class SessionPage(QWidget):
    """Shows `buffer`; `act` is called with what the wearer does."""

    left = Signal()  # the wearer is done with a session that is over

    def __init__(self, buffer: LiveBuffer, act: Callable[[Action], None], theme: Theme = DARK) -> None:
        super().__init__()
        self._buffer, self._act = buffer, act
        self._theme, self._frames = theme, 0
        # As small as it gets until the size is known: large type would widen the window.
        self._scale = SMALLEST_SCALE
        self._state: State | None = None
        self._tells = self._leaves_when_over = False
        self.state_panel, self.timer_panel, self.prompt_panel = StatePanel(), TimerPanel(), PromptPanel()
        self.curves = Curves(buffer, self)
        self.straps: dict[Placement, StrapPanel] = {p: StrapPanel() for p in THIGHS}
        self.share = SharePanel()
        self.controls = Controls(self._on_action, self._open_report)
        self._title, self._disclaimer = label("title"), label("faint")
        self._arrange()
        self.keys: KeyTable = SESSION_KEYS
        enter_presses(self)
        for key in ("Q", "Esc"):
            bind(self, key, lambda: self.leave_if_over())
        self.frame_timer = QTimer(self)
        self.frame_timer.setTimerType(Qt.TimerType.PreciseTimer)
        self.frame_timer.timeout.connect(self.look)
        self._drawn, self._drawn_s, self._fresh_s = Board(), 0.0, 0.0
        self.paint_in(theme)

    def offer(self, text: str, key: str, told: str, do: Callable[[], object]) -> None:
        """One more button among the others; `told` says in the list of keys what its key does."""
        self.controls.add(text, key, do)
        self.keys = (((key,), told), *self.keys)

    def paint_in(self, theme: Theme) -> None:
        """Takes the colours of `theme`."""
        self._theme, self._state = theme, None
        self.setStyleSheet(style_sheet(theme, self._scale))
        self.curves.paint_in(theme)
        self.share.bar.paint_in(theme)
        self.prompt_panel.paint_in(theme)
        self.draw()

    def look(self) -> None:
        """Draws a frame where it is time for one."""
        now_s, board = monotonic(), self._buffer.board
        if board is not self._drawn:
            if now_s - self._fresh_s < FRAME_S:
                return
            self._fresh_s = now_s
        elif now_s - self._drawn_s < IDLE_S:
            return
        self._drawn, self._drawn_s = board, now_s
        self.draw()

    def draw(self) -> None:
        """One frame: the ring's newest content onto the existing items."""
        board = self._buffer.board
        if self._frames % WORDS_EVERY == 0 or board.state is not self._state:
            self._draw_words(board)
        if not self._tells:
            self.curves.draw(board)
        self._frames += 1
        if self._leaves_when_over and board.over:
            self.left.emit()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """Frames run only while they can be seen."""
        self.frame_timer.start(LOOK_MS)
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """No frames for nobody."""
        self.frame_timer.stop()
        super().hideEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Type grows with the window; what has no room is left out, the curves first."""
        size = event.size()
        narrow = size.width() < NARROW_PX
        flow = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        for row in self._strap_rows:
            row.setDirection(flow)
        self._disclaimer.setVisible(not narrow)
        scale = scale_for(size.width(), size.height())
        # A lower window may have the same type.
        self.prompt_panel.fit(scale, size.height())
        if scale != self._scale:
            self._scale = scale
            self.state_panel.scale = scale
            self.paint_in(self._theme)
        super().resizeEvent(event)

    def tells(self, board: Board) -> bool:
        """Whether nothing counts but what the wearer is told or asked; there is nothing to see in the curves then."""
        return tells(board)

    def _draw_words(self, board: Board) -> None:
        self._state = board.state
        self._make_room(tells=self.tells(board))
        set_text(self._title, board.exercise)
        self.state_panel.draw(board, self._theme)
        self.timer_panel.draw(board, told=self._tells)
        self.prompt_panel.draw(board)
        self.controls.draw(board)
        self.share.draw(board)
        # Its bar wants room only where there is something to show.
        self._strap_rows[0].setStretch(SHARE_AT, 4 if board.share_left is None else 6)
        for strap in board.straps:
            self._strap_panel(strap.placement).draw(strap)
        # A band between the knees needs one strap alone.
        worn = {strap.placement for strap in board.straps}
        for placement, panel in self.straps.items():
            panel.setVisible(placement in worn or not worn)

    def _make_room(self, *, tells: bool) -> None:
        if tells != self._tells:
            self._tells = tells
            self.curves.setVisible(not tells)
            self.prompt_panel.enlarge(large=tells)
            self._rows.setStretchFactor(self.prompt_panel, 1 if tells else 0)

    def _on_action(self, action: Action) -> None:
        if action is Action.STOP and self._buffer.board.coach.ending is not None:
            self.leave_if_over()
        else:
            self._act(action)

    def _open_report(self) -> None:
        path = self._buffer.board.report
        if not open_file(path):
            self.prompt_panel.told = _("The report is in {path}").format(path=path)

    def leave_if_over(self) -> None:
        """Leaves a session that has ended, as soon as its report is written."""
        board = self._buffer.board
        self._leaves_when_over |= board.coach.ending is not None
        if board.over:
            self.left.emit()

    def _strap_panel(self, placement: Placement) -> StrapPanel:
        if placement not in self.straps:
            self.straps[placement] = StrapPanel()
            # Straps on other parts of the body stand below those on the thighs: side by side they would be cut off.
            self._strap_rows[1].addWidget(self.straps[placement], 1)
        return self.straps[placement]

    def _arrange(self) -> None:
        self._disclaimer.hide()
        self._disclaimer.setText(_("Coaches and measures; does not diagnose.   D: dark or light   F1: keys"))
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._disclaimer)
        self._top, self._below = QWidget(), QWidget()
        top = QHBoxLayout(self._top)
        top.addWidget(self.state_panel, 3)
        top.addWidget(self.timer_panel, 2)
        below = QVBoxLayout(self._below)
        self._strap_rows = [QBoxLayout(QBoxLayout.Direction.TopToBottom) for _row in range(2)]
        for row in self._strap_rows:
            below.addLayout(row)
        for panel in (self.straps[THIGHS[0]], self.share, self.straps[THIGHS[1]]):
            self._strap_rows[0].addWidget(panel, 11)
        below.setSpacing(SPACING_PX)
        for rows in (top, below):
            rows.setContentsMargins(0, 0, 0, 0)
        self.extra = QVBoxLayout()
        self._rows = layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING_PX)
        layout.addLayout(head)
        for part in (self._top, self.prompt_panel):
            layout.addWidget(part)
        layout.addWidget(self.curves, 1)
        layout.addLayout(self.extra)
        layout.addWidget(self._below)
        layout.addWidget(self.controls)
