"""Files that people attach: kept once by content, typed by content, given out only by the page that owns them."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import sqlalchemy as sa
import structlog
from flask import Response, current_app, send_file
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.datastructures import FileStorage

from app.clock import utcnow
from app.db import table_of
from app.errors import DomainError, NotFound
from app.extensions import Model, db
from app.hooks import after_commit
from app.i18n import _

log = structlog.get_logger()

# Shown inside the page; everything else is only ever downloaded.
IMAGES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}
OTHERS = {b"%PDF-": "application/pdf", b"PK\x03\x04": "application/zip"}
CHUNK = 256 * 1024

Holds = Callable[[int], bool]
_holders: list[Holds] = []


class StoredFile(Model):
    """One content. Its name and its right to be read belong to whoever attaches it."""

    __tablename__ = "files"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(unique=True)
    size_bytes: Mapped[int]
    content_type: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)

    @property
    def path(self) -> Path:
        return path_of(self.sha256)

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")


def path_of(sha256: str) -> Path:
    """Where a content is, or would be."""
    folder: Path = current_app.config["FILES_DIR"]
    return folder / sha256[:2] / sha256


def sniff(head: bytes) -> str:
    """The type told by the first bytes; what the sender claims is not asked."""
    for magic, content_type in {**IMAGES, **OTHERS}.items():
        if head.startswith(magic):
            return content_type
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return "application/octet-stream"


def store(upload: FileStorage) -> StoredFile:
    """Keep an upload. Raises a `DomainError` when it is empty or too large; equal content is kept once."""
    limit: int = current_app.config["MAX_FILE_BYTES"]
    folder: Path = current_app.config["FILES_DIR"]
    folder.mkdir(parents=True, exist_ok=True)
    digest, size, head = hashlib.sha256(), 0, b""
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as target:
        temporary = Path(target.name)
        try:
            while chunk := upload.stream.read(CHUNK):
                head = head or chunk[:16]
                size += len(chunk)
                if size > limit:
                    raise DomainError(_("%(name)s is larger than %(size)s MB.", name=upload.filename or "",
                                        size=limit // (1024 * 1024)), code="too_large", field="files")  # fmt: skip
                digest.update(chunk)
                target.write(chunk)
            if not size:
                raise DomainError(_("%(name)s is empty.", name=upload.filename or ""), code="empty", field="files")
            target.flush()
            os.fsync(target.fileno())
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    return _keep(temporary, digest.hexdigest(), size, sniff(head))


def _keep(temporary: Path, sha256: str, size: int, content_type: str) -> StoredFile:
    known = db.session.scalar(sa.select(StoredFile).where(StoredFile.sha256 == sha256))
    row = known or StoredFile(sha256=sha256, size_bytes=size, content_type=content_type)
    row.path.parent.mkdir(parents=True, exist_ok=True)
    temporary.replace(row.path)
    if not known:
        db.session.add(row)
        db.session.flush()
    return row


@lru_cache(maxsize=4096)
def _is_whole(sha256: str, size: int, _changed_at: int) -> bool:
    """Whether the disk still has what was stored; looked at anew only where the file has changed since."""
    path = path_of(sha256)
    if path.stat().st_size != size:
        return False
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest() == sha256


def send(stored: StoredFile, name: str, *, inline: bool = False) -> Response:
    """Answer with a file's content, safe to open: never run as a page of ours, never cached by others.

    A content that is gone, cannot be read or is not what was stored is a `NotFound` that says so.
    """
    try:
        is_whole = _is_whole(stored.sha256, stored.size_bytes, stored.path.stat().st_mtime_ns)
    except OSError as error:
        log.error("file.unreadable", file=stored.id, reason=error.strerror)
        raise NotFound(_("This file is missing from our store. Ask for it to be sent again.")) from error
    if not is_whole:
        log.error("file.damaged", file=stored.id)
        raise NotFound(_("This file is damaged in our store and cannot be opened. Ask for it to be sent again."))
    inline = inline and stored.is_image
    response = send_file(stored.path, mimetype=stored.content_type, as_attachment=not inline, download_name=name,
                         conditional=True, etag=stored.sha256)  # fmt: skip
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def hold_with(fn: Holds) -> None:
    """Keep a file while the function says that it is needed: for those who name it other than by a foreign key."""
    if fn not in _holders:
        _holders.append(fn)


def release(file_id: int) -> bool:
    """Remove a file that nobody needs any more, its content after the commit; answers whether it went.

    Content is kept once: what somebody else has attached too stays.
    """
    row = db.session.get(StoredFile, file_id)
    if row is None or _is_named(file_id) or any(holds(file_id) for holds in _holders):
        return False
    path = row.path
    db.session.delete(row)
    db.session.flush()
    after_commit(lambda: path.unlink(missing_ok=True))
    return True


def _is_named(file_id: int) -> bool:
    """Whether a row of any table points at the file."""
    own = table_of(StoredFile).c.id
    named = [
        sa.exists().where(column == file_id)
        for table in db.metadata.sorted_tables for column in table.c for key in column.foreign_keys if key.column is own
    ]  # fmt: skip
    return bool(db.session.scalar(sa.select(sa.or_(*named)))) if named else False
