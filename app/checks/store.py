"""Checks of the folder of files: every content that rows speak of is there, and nothing else is."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa
from flask import current_app

from app.checks.registry import BAD, DEEP, FULL, WARN, Finding, House, _n, add_repair, check, fine
from app.db import table_of
from app.extensions import db
from app.files import StoredFile
from app.i18n import _, _l

FILES = table_of(StoredFile)
# An upload has its file before it has its row: what is younger may belong to somebody who is sending it.
ORPHAN_DAYS = 7
NAMED = 3


@check("data.files", _l("Files"), "data", FULL)
def files(house: House) -> Finding:
    missing, other, count = [], [], 0
    for sha256, size in house.connection.execute(sa.select(FILES.c.sha256, FILES.c.size_bytes).order_by(FILES.c.id)):
        found = house.size_of(sha256)
        count += 1
        if found is None:
            missing.append(sha256)
        elif found != size:
            other.append(sha256)
    advice = _(
        "Put them back from a backup. Until then their links say that the file is missing: %(names)s",
        names=", ".join([*missing, *other][:NAMED]),
    )
    if missing:
        return Finding(
            BAD,
            _n("%(num)s file is missing from the store.", "%(num)s files are missing from the store.", len(missing)),
            advice,
        )
    if other:
        return Finding(
            BAD,
            _n("%(num)s file is not as it was stored.", "%(num)s files are not as they were stored.", len(other)),
            advice,
        )
    return fine(_n("%(num)s file is stored.", "%(num)s files are stored.", count))


@check("data.contents", _l("Contents of files"), "data", DEEP)
def contents(house: House) -> Finding:
    """Reads every file; only here, where there is a folder to read."""
    folder = Path(house.config["FILES_DIR"])
    wrong = []
    for sha256 in house.connection.scalars(sa.select(FILES.c.sha256).order_by(FILES.c.id)):
        path = folder / sha256[:2] / sha256
        if path.exists():
            with path.open("rb") as source:
                if hashlib.file_digest(source, "sha256").hexdigest() != sha256:
                    wrong.append(sha256)
    if wrong:
        return Finding(
            BAD,
            _n("%(num)s file is not as it was stored.", "%(num)s files are not as they were stored.", len(wrong)),
            _(
                "Put them back from a backup. Until then their links say that the file is missing: %(names)s",
                names=", ".join(wrong[:NAMED]),
            ),
        )
    return fine(_("Every file is as it was stored."))


@check("running.orphans", _l("Files of nobody"), "running", FULL)
def orphans(house: House) -> Finding:
    known = set(house.connection.scalars(sa.select(FILES.c.sha256)))
    found = list(_strangers(Path(house.config["FILES_DIR"]), known))
    if not found:
        return fine(_("Every file in the store belongs to something."))
    return Finding(
        WARN,
        _n(
            "%(num)s file in the store belongs to nothing: an upload that broke off.",
            "%(num)s files in the store belong to nothing: uploads that broke off.",
            len(found),
        ),
        _("kariz check --repair removes those that are older than a week."),
    )


def _strangers(folder: Path, known: set[str]) -> Iterator[Path]:
    """Files that no row names and that nobody is sending now."""
    newest = time.time() - 3600
    for path in folder.rglob("*"):
        if path.is_file() and path.name not in known and path.stat().st_mtime < newest:
            yield path


def remove_orphans() -> list[str]:
    """Remove files that have belonged to nothing for a week."""
    known = set(db.session.scalars(sa.select(FILES.c.sha256)))
    oldest = time.time() - ORPHAN_DAYS * 24 * 3600
    said = []
    for path in list(_strangers(Path(current_app.config["FILES_DIR"]), known)):
        if path.stat().st_mtime < oldest:
            path.unlink()
            said.append(_("Removed %(path)s, which belonged to nothing.", path=path))
    return said


add_repair("running.orphans", remove_orphans)
