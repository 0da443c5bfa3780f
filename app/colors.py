"""Colours as people choose them, and whether text can be read on them."""

import re

LEAST_CONTRAST = 4.5


def parse_color(text: str | None) -> str | None:
    """`#1F6244` as `#1f6244`, the short form too; None for anything else."""
    match = re.fullmatch(r"#?([0-9a-f]{6}|[0-9a-f]{3})", (text or "").strip().lower())
    if match is None:
        return None
    digits = match[1]
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2 between two colours `#rrggbb`: 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    red, green, blue = (_linear(int(color[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)
