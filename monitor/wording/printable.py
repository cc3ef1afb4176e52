"""Text that people gave, as one line that a terminal can show."""


def printable(text: str, longest: int = 200) -> str:
    """The text without line breaks and what would steer a terminal, cut off where it is very long."""
    line = " ".join(text.split())
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in line)
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"
