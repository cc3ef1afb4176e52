"""The straps, and how much each knee contributes."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from monitor.board import Board, Link, StrapStatus, tells
from monitor.language import gettext as _
from monitor.live_window.labels import label, set_text
from monitor.live_window.theme import Theme
from monitor.wording import words
from monitor.wording.names import strap_name


class StrapPanel(QFrame):
    """Link, battery, losses and tension of one strap."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.name, self.link, self.tension = label("strap"), label(), label()
        self.link.setWordWrap(True)
        # Straps side by side are alike in width, whatever they say.
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.link.setSizePolicy(policy)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.addWidget(self.name)
        layout.addWidget(self.link, 1)
        layout.addWidget(self.tension)

    def draw(self, strap: StrapStatus) -> None:
        """Shows the strap's status."""
        lost = strap.link is not Link.CONNECTED
        set_text(self.name, f"{words.LINK_SIGN[strap.link]} {strap_name(strap.placement)}")
        set_text(self.link, words.strap_text(strap, loud=lost))
        self.link.setToolTip(words.signal_text(strap))
        set_text(self.tension, words.tension_text(strap))


class ShareBar(QWidget):
    """A bar whose left and right parts are the knees' shares, with a line in the middle."""

    def __init__(self) -> None:
        super().__init__()
        self._left = 0.5
        self._colours = (QColor(), QColor(), QColor())
        self.setFixedHeight(14)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def paint_in(self, theme: Theme) -> None:
        """Takes the colours of `theme`."""
        self._colours = (QColor(theme.good), QColor(theme.line), QColor(theme.ink))
        self.update()

    def show_share(self, left: float) -> None:
        """Shows the left knee's share, 0 to 1."""
        if left != self._left:
            self._left = left
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Draws the bar."""
        del event
        painter = QPainter(self)
        box = QRectF(self.rect())
        border = box.width() * min(max(self._left, 0.0), 1.0)
        painter.fillRect(box, self._colours[1])
        painter.fillRect(QRectF(0.0, 0.0, border, box.height()), self._colours[0])
        painter.fillRect(QRectF(box.width() / 2 - 1, 0.0, 2.0, box.height()), self._colours[2])
        painter.end()


class SharePanel(QFrame):
    """How much of the way each knee goes."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.left, self.right, self.bar = label("strap"), label("strap"), ShareBar()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.addWidget(self.left)
        layout.addWidget(self.bar, 1, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self.right)

    def draw(self, board: Board) -> None:
        """Shows the share of the newest repetition; that it cannot be told where knees are held without any."""
        if not board.holding or tells(board):
            self.hide()
            return
        share = board.share_left
        # A repetition that is held tells its share once it is over.
        untold = share is None and any(hold.end_s is not None for hold in board.holds)
        self.setVisible(share is not None or untold)
        self.bar.setVisible(share is not None)
        self.setToolTip(_("Seated, the straps cannot tell which knee gives way.") if untold else "")
        self.setAccessibleDescription(self.toolTip())
        if share is None:
            set_text(self.left, _("left --"))
            set_text(self.right, _("right --"))
            return
        set_text(self.left, _("left {percent:.0f} %").format(percent=100 * share))
        set_text(self.right, _("right {percent:.0f} %").format(percent=100 * (1 - share)))
        self.bar.show_share(share)
