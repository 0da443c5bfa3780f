"""In which alphabet of bytes a file is written.

Own code, because the question is narrower than what detection libraries answer, and must be answered the same way for a
file of twenty rows: is it Unicode, else is it Persian or Western text of one byte a letter?
"""

import codecs
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from app.i18n import _l

ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1256": _l("Windows-1256 (Persian, Arabic)"),
    "cp1252": _l("Windows-1252 (Western)"),
    "latin-1": _l("Latin-1 (Western)"),
}
CHUNK = 1024 * 1024
SAMPLE = 64 * 1024
UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Bytes that mean nothing in Windows-1252.
_NOT_1252 = bytes((0x81, 0x8D, 0x8F, 0x90, 0x9D))


def detect_encoding(path: Path) -> str:
    """The likeliest key of `ENCODINGS`. A person sees a preview and may choose another."""
    with path.open("rb") as file:
        head = file.read(SAMPLE)
    if head.startswith(UTF16_MARKS) or _order_of_bytes(head):
        return "utf-16"
    if _is_utf8(path):
        return "utf-8"
    if _is_persian(_high_bytes(path)):
        return "cp1256"
    return "latin-1" if any(byte in head for byte in _NOT_1252) else "cp1252"


def codec_of(encoding: str, path: Path) -> str:
    """Python's name for reading this file in an encoding; marks at its beginning are not part of the text."""
    if encoding == "utf-8":
        return "utf-8-sig"
    if encoding == "utf-16":
        with path.open("rb") as file:
            head = file.read(SAMPLE)
        return "utf-16" if head.startswith(UTF16_MARKS) else f"utf-16-{_order_of_bytes(head) or 'le'}"
    return encoding


def _order_of_bytes(head: bytes) -> str | None:
    """ "le" or "be" for UTF-16 without a mark: separators, digits and line ends have a zero byte on one side."""
    pairs = len(head) // 2
    if pairs < 2:
        return None
    low, high = head[0 : pairs * 2 : 2].count(0), head[1 : pairs * 2 : 2].count(0)
    if max(low, high) < pairs / 20:
        return None
    return "le" if high > low else "be"


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for chunk in _chunks(path):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _high_bytes(path: Path) -> bytes:
    """The first chunk that has letters beyond ASCII."""
    return next((chunk for chunk in _chunks(path) if not chunk.isascii()), b"")


def _is_persian(text: bytes) -> bool:
    """Persian words are runs of high bytes; in Western words accented letters stand alone among plain ones."""
    high = neighbours = 0
    for before, byte in pairwise(text):
        if byte >= 0x80:
            high += 1
            neighbours += before >= 0x80
    return neighbours * 2 > high
