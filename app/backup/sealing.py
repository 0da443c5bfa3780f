"""An archive under a passphrase: AES-256-GCM over chunks, so that any length is written and read in little memory.

After the mark come 16 bytes of salt and 16 that tell whether a passphrase fits; both and the key are of scrypt. Each
chunk is its length (four bytes, the highest bit says that it is the last), and the text with its tag. A chunk's number
is its nonce, and whether it is the last is authenticated: chunks cannot be changed, moved, or cut off.
"""

import hmac
import io
import os
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from app.backup.errors import BackupError

MARK = b"kariz backup, sealed 1\n"
SALT, CHECK, KEY = 16, 16, 32
CHUNK = 1 << 20
LAST = 1 << 31
DAMAGED = "The archive is damaged: a part of it is not as it was written. Take another one."
HALF = "The archive is not complete: its end is missing. Take another one."


def _derive(passphrase: str, salt: bytes) -> tuple[bytes, bytes]:
    derived = Scrypt(salt=salt, length=KEY + CHECK, n=2**15, r=8, p=1).derive(passphrase.encode())
    return derived[:KEY], derived[KEY:]


class Sealer(io.RawIOBase):
    """Encrypts what is written to it. Closing it writes the last chunk and leaves `out` open."""

    def __init__(self, out: BinaryIO, passphrase: str) -> None:
        super().__init__()
        salt = os.urandom(SALT)
        key, check = _derive(passphrase, salt)
        self.out, self.box, self.number = out, AESGCM(key), 0
        self.waiting = bytearray()
        out.write(MARK + salt + check)

    def writable(self) -> bool:
        return True

    def write(self, data: "bytes | bytearray | memoryview") -> int:  # type: ignore[override]
        self.waiting += data
        while len(self.waiting) > CHUNK:
            self._seal(bytes(self.waiting[:CHUNK]), 0)
            del self.waiting[:CHUNK]
        return len(data)

    def finish(self) -> None:
        """Write what is left as the last chunk; without it the archive counts as half."""
        self._seal(bytes(self.waiting), LAST)
        self.waiting.clear()

    def _seal(self, text: bytes, last: int) -> None:
        sealed = self.box.encrypt(self.number.to_bytes(12, "big"), text, last.to_bytes(4, "big"))
        self.out.write((len(sealed) | last).to_bytes(4, "big") + sealed)
        self.number += 1


class Opener(io.RawIOBase):
    """Reads what a `Sealer` wrote. Raises `BackupError` for another passphrase, and for any change or missing end."""

    def __init__(self, source: BinaryIO, passphrase: str) -> None:
        super().__init__()
        head = source.read(len(MARK) + SALT + CHECK)
        if len(head) < len(MARK) + SALT + CHECK:
            raise BackupError(HALF)
        salt, wanted = head[len(MARK) : -CHECK], head[-CHECK:]
        key, check = _derive(passphrase, salt)
        if not hmac.compare_digest(check, wanted):
            raise BackupError("The archive does not open with this passphrase.")
        self.source, self.box, self.number = source, AESGCM(key), 0
        self.text, self.is_last = b"", False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        while not self.text and not self.is_last:
            self._open()
        taken = self.text[: len(buffer)]
        buffer[: len(taken)] = taken
        self.text = self.text[len(taken) :]
        return len(taken)

    def _open(self) -> None:
        size = int.from_bytes(self._exactly(4), "big")
        last, size = size & LAST, size & ~LAST
        if size > CHUNK + 16:
            raise BackupError(DAMAGED)
        try:
            self.text = self.box.decrypt(self.number.to_bytes(12, "big"), self._exactly(size), last.to_bytes(4, "big"))
        except InvalidTag as error:
            raise BackupError(DAMAGED) from error
        self.number += 1
        self.is_last = bool(last)

    def _exactly(self, size: int) -> bytes:
        data = self.source.read(size)
        if len(data) < size:
            raise BackupError(HALF)
        return data
