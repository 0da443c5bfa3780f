"""The archive: a compressed tar that any tar can read, written and read from front to end in little memory.

kariz-backup.json           what it is: version, revision of the tables, their columns
tables/<name>/000001.jsonl  rows, a JSON list each, in the order of the columns; as many parts as it takes
files/<sha256>              contents that the rows refer to
secrets.json                the installation's key, unless it was left out
manifest.json               the end: counts and checksums; an archive without it is not complete
"""

from __future__ import annotations

import gzip
import io
import json
import re
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from app.backup.errors import BackupError, explained
from app.backup.sealing import DAMAGED, HALF, MARK, Opener, Sealer

FORMAT = 1
HEADER, MANIFEST, SECRETS = "kariz-backup.json", "manifest.json", "secrets.json"
KNOWN = re.compile(
    r"kariz-backup\.json|manifest\.json|secrets\.json|tables/(\w{1,63})/\d{6}\.jsonl|files/([0-9a-f]{64})"
)
# More than any of ours: what stands in these members is read at once.
MOST_AT_ONCE = 64 << 20
NO_BACKUP = "{path} is no backup of Kariz."


class Writer:
    """Writes members one after the other; bytes only ever go forward, so `out` may be a pipe."""

    def __init__(self, out: BinaryIO, passphrase: str | None, *, moment: int) -> None:
        self.moment, self.sink = moment, _Sink(out)
        self.sealer = Sealer(cast("BinaryIO", self.sink), passphrase) if passphrase else None
        self.zip = gzip.GzipFile(
            fileobj=cast("BinaryIO", self.sealer or self.sink), mode="wb", compresslevel=6, mtime=moment
        )
        self.tar = tarfile.TarFile.open(  # closed by `finish`
            fileobj=cast("BinaryIO", self.zip), mode="w|", format=tarfile.PAX_FORMAT
        )

    def add(self, name: str, data: bytes) -> None:
        """A member from memory."""
        self.stream(name, io.BytesIO(data), len(data))

    def add_json(self, name: str, value: object) -> None:
        """A member that people may read."""
        self.add(name, json.dumps(value, ensure_ascii=False, indent=1).encode())

    def stream(self, name: str, source: IO[bytes], size: int) -> None:
        """A member from an open file, of exactly `size` bytes."""
        member = tarfile.TarInfo(name)
        member.size, member.mode, member.mtime = size, 0o600, self.moment
        self.tar.addfile(member, source)

    def finish(self) -> None:
        """Write the end. What was not finished is not a whole archive, and says so when it is read."""
        self.tar.close()
        self.zip.close()
        if self.sealer:
            self.sealer.finish()

    def give_up(self) -> None:
        """Let go after a failure: nothing more reaches `out`."""
        self.sink.out = None
        self.tar.close()
        self.zip.close()


class _Sink:
    """Where bytes go, until they are no longer wanted."""

    def __init__(self, out: BinaryIO) -> None:
        self.out: BinaryIO | None = out

    def write(self, data: bytes) -> int:
        return self.out.write(data) if self.out else len(data)

    def flush(self) -> None:
        """Nothing is kept here."""


@dataclass(frozen=True)
class Member:
    """A piece of an archive; `stream` is read before the next one is asked for."""

    name: str
    size: int
    stream: IO[bytes]

    @property
    def table(self) -> str | None:
        found = KNOWN.fullmatch(self.name)
        return found[1] if found else None

    @property
    def sha256(self) -> str | None:
        """The name of the file that this is."""
        found = KNOWN.fullmatch(self.name)
        return found[2] if found else None

    def read(self) -> bytes:
        """All of it; raises `BackupError` for what is larger than any part that Kariz writes."""
        if self.size > MOST_AT_ONCE:
            raise BackupError(f"The archive holds {self.name} of {self.size} bytes, which no backup of Kariz does.")
        return self.stream.read()

    def json(self) -> dict[str, Any]:
        """What `Writer.add_json` wrote."""
        try:
            value = json.loads(self.read())
        except ValueError as error:
            raise BackupError(DAMAGED) from error
        if not isinstance(value, dict):
            raise BackupError(DAMAGED)
        return value


def is_sealed(path: Path) -> bool:
    """Whether an archive needs a passphrase. Raises `BackupError` when it cannot be read."""
    with explained(path), path.open("rb") as source:
        return source.read(len(MARK)) == MARK


@contextmanager
def opened(path: Path, passphrase: str | None = None) -> Iterator[Iterator[Member]]:
    """The members in the order in which they were written; whatever is wrong with the archive is a `BackupError`."""
    with explained(path), path.open("rb") as raw:
        is_under_key = raw.read(len(MARK)) == MARK
        raw.seek(0)
        if is_under_key and not passphrase:
            raise BackupError("The archive is under a passphrase: say it, or name the file that holds it (--key-file).")
        plain = io.BufferedReader(Opener(raw, passphrase or ""), 1 << 20) if is_under_key else raw
        try:
            with gzip.GzipFile(fileobj=plain) as unzipped:
                yield _members(path, unzipped)
        except EOFError as error:
            raise BackupError(HALF) from error
        except (gzip.BadGzipFile, zlib.error) as error:
            raise BackupError(DAMAGED if "CRC" in str(error) else NO_BACKUP.format(path=path)) from error


def _members(path: Path, unzipped: gzip.GzipFile) -> Iterator[Member]:
    """Every member checked by name: nothing is ever written where an archive says, and what is no part of ours ends
    the reading."""
    try:
        with tarfile.open(fileobj=unzipped, mode="r|") as tar:
            for number, entry in enumerate(tar):
                if (entry.name == HEADER) != (number == 0):
                    raise BackupError(NO_BACKUP.format(path=path))
                if not entry.isreg() or not KNOWN.fullmatch(entry.name):
                    raise BackupError(f"The archive holds {entry.name!r}, which is no part of a backup of Kariz.")
                yield Member(entry.name, entry.size, cast("IO[bytes]", tar.extractfile(entry)))
            # The checksum of the whole comes after the last member.
            while unzipped.read(1 << 20):
                pass
    except tarfile.ReadError as error:
        is_cut = "unexpected end" in str(error)
        raise BackupError(HALF if is_cut else NO_BACKUP.format(path=path)) from error
