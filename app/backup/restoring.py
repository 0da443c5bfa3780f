"""Restoring a backup into an empty place, and proving one by doing so in a place that is thrown away."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from app import held, schema
from app.auth.models import Session
from app.backup.archive import FORMAT, HEADER, MANIFEST, SECRETS, Member, opened
from app.backup.errors import BackupError, explained
from app.backup.places import Place
from app.backup.sealing import DAMAGED, HALF
from app.backup.tables import Table, digest_of, tables_of
from app.clock import utcnow
from app.db import table_of

Say = Callable[[str], None]
CHUNK = 1 << 20
NEWER = (
    "The backup is of a newer Kariz ({kariz}, tables {revision}) than this one. Fetch that version, run "
    "`make set-up`, and try again."
)

FILLED = (
    "The folder of files is not empty ({path}). A backup is restored into an empty place only: set INSTANCE_DIR or "
    "FILES_DIR to a new folder, or move the old one away."
)


@dataclass(frozen=True)
class Verified:
    """An archive that was read to its end and found whole."""

    path: Path
    passphrase: str | None
    header: dict[str, Any]
    manifest: dict[str, Any]
    # Sizes by name.
    files: dict[str, int]
    secret_key: str | None

    @property
    def revision(self) -> str:
        return str(self.header["revision"])

    @property
    def tables(self) -> dict[str, Table]:
        return {name: Table.parse(name, data) for name, data in self.header["tables"].items()}


@dataclass
class Restored:
    """What came back."""

    rows: dict[str, int] = field(default_factory=dict)
    files: int = 0
    held: int = 0
    sessions_ended: int = 0


class FileKeeper(Protocol):
    """Where contents go."""

    def keep(self, sha256: str, member: Member) -> None: ...
    def undo(self) -> None: ...


def verify(path: Path, passphrase: str | None = None) -> Verified:
    """Read a whole archive and compare all that is in it with its manifest. Raises `BackupError`."""
    header: dict[str, Any] = {}
    manifest: dict[str, Any] | None = None
    tables: dict[str, Any] = {}
    rows: Counter[str] = Counter()
    files: dict[str, int] = {}
    secret: bytes | None = None
    wrong: list[str] = []
    with opened(path, passphrase) as members:
        for member in members:
            if member.name == HEADER:
                header = member.json()
                _check_version(header)
                tables = {name: hashlib.sha256() for name in header["tables"]}
            elif member.name == MANIFEST:
                manifest = member.json()
            elif member.name == SECRETS:
                secret = member.read()
            elif member.table:
                data = member.read()
                tables.setdefault(member.table, hashlib.sha256()).update(data)
                rows[member.table] += data.count(b"\n")
            elif member.sha256:
                files[member.sha256] = member.size
                if _weigh(member) != member.sha256:
                    wrong.append(member.sha256)
    if manifest is None:
        raise BackupError(HALF)
    found = {name: {"rows": rows[name], "sha256": digest.hexdigest()} for name, digest in tables.items()}
    secret_sha256 = hashlib.sha256(secret).hexdigest() if secret is not None else None
    if (found, len(files), sorted(wrong), secret_sha256) != (
        manifest["tables"],
        manifest["files"],
        sorted(manifest["damaged"]),
        manifest["secrets_sha256"],
    ):
        raise BackupError(DAMAGED)
    key = str(json.loads(secret)["SECRET_KEY"]) if secret is not None else None
    return Verified(path, passphrase, header, manifest, files, key)


def _weigh(member: Member) -> str:
    digest = hashlib.sha256()
    while data := member.stream.read(CHUNK):
        digest.update(data)
    return digest.hexdigest()


def _check_version(header: dict[str, Any]) -> None:
    try:
        is_ours = header["format"] == FORMAT and schema.knows(str(header["revision"]))
        for name, data in header["tables"].items():
            Table.parse(name, data)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BackupError(DAMAGED) from error
    if not is_ours:
        raise BackupError(NEWER.format(kariz=header.get("kariz"), revision=header["revision"]))


def restore(
    verified: Verified, place: Place, files: FileKeeper, *, say: Say, then: Callable[[Connection], None] | None = None
) -> Restored:
    """Load a verified archive into an empty place and bring it up to this version; nothing of it is sent again.

    All or nothing: whatever fails leaves the place as it was. `then` sees the result before it is final.
    """
    done = Restored()
    try:
        with place.transaction() as connection:
            place.make_tables(connection, verified.revision)
            _load(verified, place, connection, files=files, done=done, say=say)
            place.finish(connection)
            _compare(verified, connection, say)
            if verified.revision != schema.head():
                say(f"bringing the tables from {verified.revision} to {schema.head()}")
                schema.upgrade("head", connection)
            done.held = held.hold_all(connection)
            if verified.secret_key is None:
                done.sessions_ended = _end_sessions(connection)
            if then:
                then(connection)
    except BaseException:
        files.undo()
        raise
    return done


def _load(
    verified: Verified, place: Place, connection: Connection, *, files: FileKeeper, done: Restored, say: Say
) -> None:
    known = _fitting(verified.tables, connection)
    with opened(verified.path, verified.passphrase) as members:
        for name, parts in groupby(members, key=lambda member: member.table):
            if name is None:
                for member in parts:
                    if member.sha256:
                        files.keep(member.sha256, member)
                        done.files += 1
                        if done.files % 500 == 0:
                            say(f"files: {done.files}")
                continue
            done.rows[name] = place.load(connection, known[name], _lines(parts))
            say(f"{name}: {done.rows[name]} rows")
    if done.files:
        say(f"files: {done.files}")


def _lines(parts: Iterator[Member]) -> Iterator[bytes]:
    for part in parts:
        yield from part.read().splitlines()


def _fitting(tables: dict[str, Table], connection: Connection) -> dict[str, Table]:
    """The archive's tables, whose names and columns are used in statements: all of them must be known here."""
    here = {table.name: dict(table.columns) for table in tables_of(connection)}
    for name, table in tables.items():
        if not dict(table.columns).keys() <= here.get(name, {}).keys() or not set(table.key) <= here[name].keys():
            raise BackupError(f"The archive has a table {name} or columns of it that its version does not have.")
    return tables


def _compare(verified: Verified, connection: Connection, say: Say) -> None:
    """Read everything back: what is in the database is what was in the other one."""
    say("comparing")
    for name, table in verified.tables.items():
        if digest_of(connection, table) != verified.manifest["tables"][name]["sha256"]:
            raise BackupError(f"The table {name} did not come back as it was saved. Nothing was restored.")


def _end_sessions(connection: Connection) -> int:
    """Without the key no cookie is valid any more; the list of devices says so too."""
    sessions = table_of(Session)
    ended = sa.update(sessions).where(sessions.c.ended_at.is_(None)).values(ended_at=utcnow())
    return connection.execute(ended).rowcount


class FolderKeeper:
    """Keeps contents in a folder; what is there already under its own name is left."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: list[Path] = []

    def check_empty(self, known: dict[str, int]) -> None:
        """Raise `BackupError` when the folder holds files that this archive does not know."""
        strangers = [path for path in self.folder.rglob("*") if path.is_file() and path.name not in known]
        if strangers:
            raise BackupError(FILLED.format(path=strangers[0]))

    def keep(self, sha256: str, member: Member) -> None:
        path = self.folder / sha256[:2] / sha256
        with explained(path):
            if path.exists() and path.stat().st_size == member.size and _sum(path) == sha256:
                return
            path.parent.mkdir(parents=True, exist_ok=True)
            partial = path.with_name(f".{sha256}.partial")
            self.made += [partial, path]
            with partial.open("wb") as out:
                while data := member.stream.read(CHUNK):
                    out.write(data)
                out.flush()
                os.fsync(out.fileno())
            partial.replace(path)

    def undo(self) -> None:
        """Remove what was written."""
        for path in self.made:
            path.unlink(missing_ok=True)


class NoKeeper:
    """For a proof: contents were weighed when the archive was verified, and are not written a second time."""

    def keep(self, sha256: str, member: Member) -> None:
        """Nothing to do."""

    def undo(self) -> None:
        """Nothing to undo."""


def _sum(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
