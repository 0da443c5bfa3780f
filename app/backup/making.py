"""Making a backup: everything as it stands at one instant, while people go on working."""

from __future__ import annotations

import hashlib
import json
import os
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.engine import Connection

from app.backup.archive import FORMAT, HEADER, MANIFEST, SECRETS, Writer
from app.backup.errors import BackupError, explained
from app.backup.tables import Table, lines_of, revision_of, tables_of
from app.clock import utcnow
from app.config import ROOT
from app.db import reading
from app.extensions import db
from app.files import path_of

PART_BYTES = 8 << 20
NAME = "kariz-{:%Y%m%d-%H%M%S}.tar.gz"
Say = Callable[[str], None]


@dataclass
class Made:
    """What an archive holds."""

    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: int = 0
    file_bytes: int = 0
    # Contents that rows speak of and the disk does not have, or has otherwise.
    missing: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    secrets_sha256: str | None = None

    @property
    def rows(self) -> int:
        return sum(table["rows"] for table in self.tables.values())

    def as_json(self) -> dict[str, Any]:
        return dict(vars(self))


def version() -> str:
    """The version of this Kariz."""
    project: str = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    return project


@contextmanager
def snapshot() -> Iterator[Connection]:
    """One instant of the database, for as long as it takes; nobody waits for it.

    SQLite: a reading transaction of the write-ahead log. PostgreSQL: a repeatable, read-only one.
    """
    with reading(), db.engine.connect() as connection:
        yield connection


def write(out: BinaryIO, *, passphrase: str | None, with_secrets: bool, say: Say) -> Made:
    """Write a whole archive to `out`, front to end. Raises `BackupError`."""
    moment = utcnow()
    writer = Writer(out, passphrase, moment=int(moment.timestamp()))
    try:
        made = _write(writer, moment, with_secrets=with_secrets, say=say)
        writer.finish()
    except BaseException:
        writer.give_up()
        raise
    return made


def _write(writer: Writer, moment: datetime, *, with_secrets: bool, say: Say) -> Made:
    made = Made()
    with snapshot() as connection:
        revision = revision_of(connection)
        if revision is None:
            raise BackupError("There is nothing to save: the database has no tables yet.")
        tables = tables_of(connection)
        writer.add_json(
            HEADER,
            {
                "format": FORMAT,
                "kariz": version(),
                "revision": revision,
                "made_at": moment.isoformat(),
                "database": connection.dialect.name,
                "tables": {table.name: table.as_json() for table in tables},
            },
        )
        for table in tables:
            made.tables[table.name] = _write_table(writer, connection, table)
            if made.tables[table.name]["rows"]:
                say(f"{table.name}: {made.tables[table.name]['rows']} rows")
        _write_files(writer, connection, made, say)
    if with_secrets:
        made.secrets_sha256 = _write_secrets(writer)
    writer.add_json(MANIFEST, made.as_json())
    return made


def _write_table(writer: Writer, connection: Connection, table: Table) -> dict[str, Any]:
    digest, rows, part, number = hashlib.sha256(), 0, bytearray(), 0
    for line in lines_of(connection, table):
        part += line
        rows += 1
        if len(part) >= PART_BYTES:
            number += 1
            digest.update(part)
            writer.add(f"tables/{table.name}/{number:06}.jsonl", bytes(part))
            part.clear()
    if part:
        digest.update(part)
        writer.add(f"tables/{table.name}/{number + 1:06}.jsonl", bytes(part))
    return {"rows": rows, "sha256": digest.hexdigest()}


def _write_files(writer: Writer, connection: Connection, made: Made, say: Say) -> None:
    """The contents that this instant's rows refer to. A content is never changed, so it is read as it is now."""
    files = sa.table("files", sa.column("sha256"), sa.column("id"))
    for sha256 in connection.scalars(sa.select(files.c.sha256).order_by(files.c.sha256)).all():
        path = path_of(sha256)
        if not path.is_file():
            made.missing.append(sha256)
            continue
        with explained(path), path.open("rb") as source:
            size = os.fstat(source.fileno()).st_size
            passing = _Passing(source)
            writer.stream(f"files/{sha256}", passing, size)  # type: ignore[arg-type]  # all that is asked of it is read
        if passing.digest.hexdigest() != sha256:
            made.damaged.append(sha256)
        made.files += 1
        made.file_bytes += size
        if made.files % 500 == 0:
            say(f"files: {made.files}")
    if made.files:
        say(f"files: {made.files}")


class _Passing:
    """A file that is weighed while somebody reads it."""

    def __init__(self, source: BinaryIO) -> None:
        self.source, self.digest = source, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self.source.read(size)
        self.digest.update(data)
        return data


def _write_secrets(writer: Writer) -> str:
    """The key under which cookies and links are signed and passwords of other services are kept."""
    data = json.dumps({"SECRET_KEY": current_app.config["SECRET_KEY"]}).encode()
    writer.add(SECRETS, data)
    return hashlib.sha256(data).hexdigest()


def write_file(target: Path, *, passphrase: str | None, with_secrets: bool, say: Say) -> Made:
    """Write an archive that only this account may read; it has its name only once it is whole and on the disk."""
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    with explained(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        partial.unlink(missing_ok=True)
        try:
            with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                made = write(out, passphrase=passphrase, with_secrets=with_secrets, say=say)
                out.flush()
                os.fsync(out.fileno())
            partial.replace(target)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
    return made


def forget_old(folder: Path, keep: int) -> list[Path]:
    """Remove all but the newest archives that were named by us in a folder; answers which."""
    ours = sorted(folder.glob("kariz-[0-9]*-[0-9]*.tar.gz*"), key=lambda path: path.name, reverse=True)
    old = ours[keep:]
    with explained(folder):
        for path in old:
            path.unlink(missing_ok=True)
    return old
