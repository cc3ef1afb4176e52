"""What of a page cannot be read where it is shown, for tests of all pages at all sizes."""

from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget


def cut_off(page: QWidget) -> list[str]:
    """Texts that reach beyond the page, have not room enough for themselves, or lie on one another."""
    QApplication.processEvents()
    shown = [c for c in page.findChildren(QWidget) if c.isVisible() and isinstance(c, QLabel | QAbstractButton)]
    shown = [c for c in shown if c.text()]
    return [*(c.text() for c in shown if not _fits(c, page)), *_overlapping(page, shown)]


def _fits(child: QLabel | QAbstractButton, page: QWidget) -> bool:
    corner = child.mapTo(page, child.rect().bottomRight())
    if corner.x() >= page.width() or corner.y() >= page.height():
        return False
    if isinstance(child, QLabel) and child.wordWrap():
        return child.height() >= child.heightForWidth(child.width())
    hint = child.minimumSizeHint()
    return isinstance(child, QLabel) or (child.width() >= hint.width() and child.height() >= hint.height())


def _overlapping(page: QWidget, shown: list[QLabel | QAbstractButton]) -> list[str]:
    boxes = [(c, c.rect().translated(c.mapTo(page, c.rect().topLeft()))) for c in shown]
    return [
        f"{one.text()} | {other.text()}"
        for i, (one, box) in enumerate(boxes)
        for other, there in boxes[i + 1 :]
        if box.intersects(there) and not one.isAncestorOf(other) and not other.isAncestorOf(one)
    ]
