"""Tracking codes that customers quote: 8 random characters and a check character, readable in Persian on the phone.

The alphabet has 23 characters, none of which looks like another: no 0, 1, A, B, E, G, I, L, O, S, U, V, Z. 23 is a
prime, so the weighted sum below changes with every single wrong character and with every two characters exchanged.
"""

from __future__ import annotations

import re
import secrets

from app.text import BIDI_CONTROLS, ZWNJ, ascii_digits

ALPHABET = "23456789CDFHJKMNPQRTWXY"
LENGTH = 9
_VALUE = {character: value for value, character in enumerate(ALPHABET)}
# What a reader may take for a character of the alphabet.
_LOOK_ALIKES = str.maketrans("SBZG0OVU", "5826QQYY")
_BETWEEN = re.compile(rf"[\s\-_.\u00ad\u2010-\u2015\u2212{ZWNJ}\u200d{BIDI_CONTROLS}]+")
_LONGEST_INPUT = 64


def new_code() -> str:
    """A fresh code as it is stored: 9 characters, upper case, no hyphens. A unique index guards the rest."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return body + _check_character(body)


def _check_character(body: str) -> str:
    total = sum(weight * _VALUE[character] for weight, character in zip(range(LENGTH, 1, -1), body, strict=True))
    return ALPHABET[-total % len(ALPHABET)]


def parse_code(text: str | None) -> str | None:
    """The stored form of a typed code; None when it is none.

    Takes digits of any script, any case, spaces, hyphens, half-spaces, direction marks, a leading # and look-alikes.
    """
    if not text or len(text) > _LONGEST_INPUT:
        return None
    bare = _BETWEEN.sub("", ascii_digits(text)).removeprefix("#")
    if not bare.isascii():
        return None
    bare = bare.upper().translate(_LOOK_ALIKES)
    if len(bare) != LENGTH or any(character not in _VALUE for character in bare):
        return None
    return bare if _check_character(bare[:-1]) == bare[-1] else None


def show_code(code: str) -> str:
    """The code as people read it: 7KQD-3XHT-4. Anything but a stored code is returned as it is."""
    return f"{code[:4]}-{code[4:8]}-{code[8:]}" if len(code) == LENGTH else code
