"""Iranian identification numbers. They are checked where they are given and required nowhere."""

from __future__ import annotations

import re

from app.text import BIDI_CONTROLS, ZWNJ, ascii_digits

_BETWEEN = re.compile(rf"[\s\-{ZWNJ}{BIDI_CONTROLS}]+")
_LEGAL_WEIGHTS = (29, 27, 23, 19, 17)
_LONGEST_INPUT = 40


def bare_digits(text: str | None) -> str | None:
    """The ASCII digits of a number typed in any script, with spaces or hyphens; None when there is anything else."""
    if not text or len(text) > _LONGEST_INPUT:
        return None
    bare = _BETWEEN.sub("", ascii_digits(text))
    return bare if re.fullmatch(r"[0-9]+", bare) else None


def is_national_id(text: str | None) -> bool:
    """کد ملی: 10 digits, of which leading zeros may be missing, with a check digit modulo 11."""
    bare = bare_digits(text)
    if bare is None or not 8 <= len(bare) <= 10:
        return False
    digits = [int(digit) for digit in bare.zfill(10)]
    if len(set(digits)) == 1:
        return False
    rest = sum(digit * (10 - place) for place, digit in enumerate(digits[:9])) % 11
    return digits[9] == (rest if rest < 2 else 11 - rest)


def is_legal_id(text: str | None) -> bool:
    """شناسه ملی of a company: 11 digits with a check digit."""
    bare = bare_digits(text)
    if bare is None or len(bare) != 11 or len(set(bare)) == 1:
        return False
    digits = [int(digit) for digit in bare]
    shift = digits[9] + 2
    total = sum((digit + shift) * _LEGAL_WEIGHTS[place % 5] for place, digit in enumerate(digits[:10]))
    return digits[10] == total % 11 % 10


def is_postal_code(text: str | None) -> bool:
    """کد پستی: 10 digits. Which digits the post leaves out is not checked: published lists disagree."""
    bare = bare_digits(text)
    return bare is not None and len(bare) == 10
