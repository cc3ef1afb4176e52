"""Type that has the wearer's characters, on machines whose system has none: the font that reports are printed with.

Invariant: where the system has a font of its own for Chinese nothing is loaded; it looks as the wearer is used to.
"""

from PySide6.QtGui import QFont, QFontDatabase, QFontInfo
from PySide6.QtWidgets import QApplication


def complete_fonts(app: QApplication) -> bool:
    """Whether the program's own font was taken, to stand in for characters that the system's fonts lack."""
    if QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese):
        return False
    # Of no use, and large, where the system has such a font.
    import cvttf_NotoSansCJK_Regular

    loaded = QFontDatabase.addApplicationFont(cvttf_NotoSansCJK_Regular.get_TTF_path())
    families = QFontDatabase.applicationFontFamilies(loaded) if loaded >= 0 else []
    if families:
        font = QFont(app.font())
        # By its real name: of one that only stands for another ("Sans Serif") the added one would take the place.
        font.setFamilies([QFontInfo(font).family(), *families])
        app.setFont(font)
    return bool(families)
