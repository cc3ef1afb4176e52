"""Chinese on a machine whose system has no font for it, in a process of its own: fonts are found once in each."""

import subprocess
import sys
from pathlib import Path

import pytest

# Draws each sign alone; a font that lacks them draws the same box, or nothing, for all.
DRAW = """
from PySide6.QtGui import QFontInfo, QImage, QPainter
from monitor.live_window.shown import application
app = application()
pictures = set()
for sign in "校准中夹腿":
    picture = QImage(60, 60, QImage.Format.Format_Grayscale8)
    picture.fill(0)
    painter = QPainter(picture)
    font = app.font()
    font.setPixelSize(40)
    painter.setFont(font)
    painter.setPen("white")
    painter.drawText(5, 48, sign)
    painter.end()
    pictures.add(bytes(picture.constBits()))
print(len(pictures), QFontInfo(app.font()).family())
"""
CONFIG = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems come with fonts for Chinese")
def test_chinese_is_readable_without_a_font_for_it(tmp_path: Path) -> None:
    import matplotlib as mpl

    latin = Path(mpl.get_data_path()) / "fonts" / "ttf"
    config = tmp_path / "fonts.conf"
    config.write_text(CONFIG.format(fonts=latin, cache=tmp_path))
    environment = {"QT_QPA_PLATFORM": "offscreen", "FONTCONFIG_FILE": str(config), "HOME": str(tmp_path)}
    ran = subprocess.run([sys.executable, "-c", DRAW], env=environment, capture_output=True, text=True, timeout=60)
    # All else is still in the system's own type, which has a bold cut.
    assert ran.stdout.split() == ["5", "DejaVu", "Sans"], ran.stderr
