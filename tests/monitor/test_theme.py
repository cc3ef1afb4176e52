"""Colours that all can read and tell apart: contrast as WCAG 2 asks, and states as seen without one of the cones."""

from itertools import combinations

import numpy as np
import pytest

from monitor.live_window.theme import DARK, LIGHT, Theme
from sensor.samples import Floats

TEXT_CONTRAST = 4.5
# Large words, lines and frames.
LARGE_CONTRAST = 3.0
# In CIELAB; a difference of 2 is just seen side by side.
TOLD_APART = 15.0

# Viénot, Brettel and Mollon (1999): what dichromats see, in linear RGB.
SEEN = {
    "everybody": np.eye(3),
    "no red cone": np.array([[0.11238, 0.88762, 0.0], [0.11238, 0.88762, 0.0], [0.00401, -0.00401, 1.0]]),
    "no green cone": np.array([[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]]),
}
XYZ_FROM_RGB = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def linear(colour: str) -> Floats:
    """Linear RGB of `#rrggbb`."""
    value = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255.0
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio."""
    lights = sorted(float(XYZ_FROM_RGB[1] @ linear(c)) + 0.05 for c in (one, other))
    return lights[1] / lights[0]


def lab(rgb: Floats) -> Floats:
    """CIELAB of linear RGB, white as on a screen."""
    ratio = XYZ_FROM_RGB @ np.clip(rgb, 0.0, 1.0) / XYZ_FROM_RGB.sum(axis=1)
    f = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda t: t.name)
def test_text_has_contrast(theme: Theme) -> None:
    for ground in (theme.ground, theme.panel):
        assert contrast(theme.ink, ground) > 7.0
        assert contrast(theme.faint, ground) >= TEXT_CONTRAST
        for colour in (theme.good, theme.mid, theme.bad, theme.calm):
            assert contrast(colour, ground) >= TEXT_CONTRAST
        assert contrast(theme.alarm, ground) >= LARGE_CONTRAST
    assert contrast(theme.alarm_ink, theme.alarm) >= LARGE_CONTRAST


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda t: t.name)
@pytest.mark.parametrize("eyes", SEEN)
def test_states_are_told_apart(theme: Theme, eyes: str) -> None:
    states = {"good": theme.good, "mid": theme.mid, "bad": theme.bad}
    for (one, a), (other, b) in combinations(states.items(), 2):
        apart = np.linalg.norm(lab(SEEN[eyes] @ linear(a)) - lab(SEEN[eyes] @ linear(b)))
        assert apart > TOLD_APART, (one, other)
