"""A line drawing of what the wearer is to do, in the theme's colours and as sharp as the screen.

The drawings are the files in `pictures`. Who is drawn from the front, or lying from above, is seen as in a mirror: his
left is at the picture's left, as the left strap is in the window. Who is drawn from the side faces right. A file is
written in the colours of the light theme, those below and no others, so that it looks right by itself, too.

Invariant: nothing is drawn anew until picture, size, theme or screen change.
"""

import re
from functools import cache
from importlib.resources import files

from PySide6.QtCore import QByteArray, QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from monitor.coach.pictures import Picture
from monitor.live_window.theme import DARK, LIGHT, Theme

# Smaller than this nobody can tell what it shows.
LEAST_PX = 110

_COLOUR = re.compile("#[0-9a-f]{6}")


def svg(picture: Picture, theme: Theme) -> str:
    """The drawing as SVG, in the colours of `theme`."""
    colours = {
        LIGHT.ink: theme.ink,
        LIGHT.faint: theme.faint,
        LIGHT.line: theme.line,
        LIGHT.panel: theme.panel,
        LIGHT.good: theme.good,
    }
    return _COLOUR.sub(lambda found: colours[found[0]], _text(picture))


@cache
def _text(picture: Picture) -> str:
    return files("monitor.live_window").joinpath("pictures", f"{picture}.svg").read_text(encoding="utf-8")


class Drawing(QLabel):
    """Shows one picture, or nothing; it asks for `side_px` and gives way to whatever needs the room."""

    def __init__(self, theme: Theme = DARK) -> None:
        super().__init__()
        self._theme = theme
        self._picture: Picture | None = None
        self._side_px = 0
        self._drawn: tuple[Picture, str, int, float] | None = None
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hide()

    def show_picture(self, picture: Picture | None, side_px: int, name: str) -> None:
        """Shows `picture` as a square of that size; a screen reader says `name`."""
        self._picture, self._side_px = picture, side_px
        self.setAccessibleName(name)
        self._draw()
        self.setVisible(picture is not None)

    def paint_in(self, theme: Theme) -> None:
        """Takes the colours of `theme`."""
        self._theme = theme
        self._draw()

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """The square that was asked for."""
        return QSize(self._side_px, self._side_px)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """None: a drawing never keeps a window from getting smaller."""
        return QSize()

    def event(self, event: QEvent) -> bool:
        """A screen of another resolution takes a drawing of its own."""
        if event.type() is QEvent.Type.DevicePixelRatioChange:
            self._draw()
        return super().event(event)

    def _draw(self) -> None:
        if self._picture is None or self._side_px <= 0:
            return
        wanted = (self._picture, self._theme.name, self._side_px, self.devicePixelRatioF())
        if wanted == self._drawn:
            return
        self._drawn = wanted
        self.setPixmap(pixmap(self._picture, self._theme, self._side_px, self.devicePixelRatioF()))


class DrawingRoom(QWidget):
    """Whatever room is left over, with one picture in it as large as it fits, or none where that is too little."""

    def __init__(self, theme: Theme = DARK) -> None:
        super().__init__()
        self._theme = theme
        self._picture: Picture | None = None
        self._drawn: tuple[Picture, str, int, float] | None = None
        self._made = QPixmap()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    @property
    def shown(self) -> Picture | None:
        """The picture that there is room for."""
        return self._picture if self._side_px >= LEAST_PX else None

    def show_picture(self, picture: Picture | None, name: str) -> None:
        """Shows `picture`; a screen reader says `name`."""
        self._picture = picture
        self.setAccessibleName(name)
        self.update()

    def paint_in(self, theme: Theme) -> None:
        """Takes the colours of `theme`."""
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Draws the picture in the middle."""
        del event
        if self.shown is None:
            return
        side_px, ratio = self._side_px, self.devicePixelRatioF()
        wanted = (self.shown, self._theme.name, side_px, ratio)
        if wanted != self._drawn:
            self._drawn, self._made = wanted, pixmap(self.shown, self._theme, side_px, ratio)
        painter = QPainter(self)
        painter.drawPixmap((self.width() - side_px) // 2, (self.height() - side_px) // 2, self._made)
        painter.end()

    @property
    def _side_px(self) -> int:
        return min(self.width(), self.height())


def pixmap(picture: Picture, theme: Theme, side_px: int, ratio: float = 1.0) -> QPixmap:
    """The drawing as a square; `ratio` is how many of the screen's dots one px has."""
    made = QPixmap(round(side_px * ratio), round(side_px * ratio))
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    QSvgRenderer(QByteArray(svg(picture, theme).encode())).render(painter)
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made
