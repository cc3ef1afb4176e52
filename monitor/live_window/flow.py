"""A layout that goes on in a new row where the width ends, so that no button is cut off in a narrow window."""

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

SPACING_PX = 8


class FlowLayout(QLayout):
    """Widgets from left to right, as words in a text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:  # noqa: N802 (Qt's name)
        """Takes one more item."""
        self._items.append(item)

    def count(self) -> int:
        """How many items there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # noqa: N802 # pyright: ignore[reportIncompatibleMethodOverride]
        """An item; None beyond the last, as Qt asks for."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # noqa: N802 # pyright: ignore[reportIncompatibleMethodOverride]
        """An item, which is no longer here then."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        """Always: rows depend on the width."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """The height of all rows."""
        return self._lay(QRect(0, 0, width, 0), place=False)

    def setGeometry(self, rect: QRect) -> None:  # noqa: N802
        """Puts every item where it belongs."""
        super().setGeometry(rect)
        self._lay(rect, place=True)

    def sizeHint(self) -> QSize:  # noqa: N802
        """One row."""
        sizes = [item.sizeHint() for item in self._shown()]
        width = sum(s.width() + SPACING_PX for s in sizes) - SPACING_PX
        return QSize(max(width, 0), max((s.height() for s in sizes), default=0))

    def minimumSize(self) -> QSize:  # noqa: N802
        """The largest item alone."""
        size = QSize()
        for item in self._shown():
            size = size.expandedTo(item.minimumSize())
        return size

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _lay(self, rect: QRect, *, place: bool) -> int:
        x, y, row = rect.x(), rect.y(), 0
        for item in self._shown():
            size = item.sizeHint()
            if x > rect.x() and x + size.width() > rect.right() + 1:
                x, y, row = rect.x(), y + row + SPACING_PX, 0
            if place:
                item.setGeometry(QRect(QPoint(x, y), size))
            x, row = x + size.width() + SPACING_PX, max(row, size.height())
        return y + row - rect.y()
