"""The business's colour, in a light and a dark variant that can be read on every ground of the portal."""

import math
import re

from app.colors import LEAST_CONTRAST, contrast

# Of static/css/tokens.css, .portal: the darkest light ground, the lightest dark one, and the ink on a filled button.
LIGHT_GROUND, WHITE = "#eeeae2", "#ffffff"
DARK_GROUND, DARK_INK = "#292622", "#0a140e"
FALLBACK = "#1f6244"

Lab = tuple[float, float, float]


def variants(color: object) -> tuple[str, str]:
    """The colour for light and for dark pages as #rrggbb: shifted until the ground and the button ink read."""
    valid = color if isinstance(color, str) and re.fullmatch(r"#[0-9a-fA-F]{6}", color) else FALLBACK
    light = _until(valid, -0.01, (LIGHT_GROUND, WHITE))
    dark = _until(_at_least(valid, 0.72), 0.01, (DARK_GROUND, DARK_INK))
    return light, dark


def _until(color: str, step: float, grounds: tuple[str, ...]) -> str:
    lightness, a, b = _to_oklab(color)
    while min(contrast(color, ground) for ground in grounds) < LEAST_CONTRAST and 0 < lightness < 1:
        lightness += step
        color = _from_oklab((lightness, a, b))
    return color


def _at_least(color: str, least: float) -> str:
    lightness, a, b = _to_oklab(color)
    return _from_oklab((max(lightness, least), a, b))


def _channels(color: str) -> list[float]:
    values = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in values]


def _to_oklab(color: str) -> Lab:
    """Björn Ottosson, https://bottosson.github.io/posts/oklab/"""
    red, green, blue = _channels(color)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    return (0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
            1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
            0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short)  # fmt: skip


def _from_oklab(lab: Lab) -> str:
    lightness, a, b = lab
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
              -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
              -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short)  # fmt: skip
    return "#" + "".join(f"{round(_encoded(value) * 255):02x}" for value in linear)


def _encoded(value: float) -> float:
    value = min(max(value, 0.0), 1.0)
    return 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
