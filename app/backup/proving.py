"""Proving an archive: it is restored to a place of its own, looked at, and thrown away."""

from collections.abc import Callable, Mapping
from pathlib import Path

from flask import current_app
from sqlalchemy.engine import Connection

from app.backup.places import SQLitePlace
from app.backup.restoring import NoKeeper, Restored, Verified, restore
from app.checks import House, Result, all_checks, ask


def prove(verified: Verified, folder: Path, *, say: Callable[[str], None]) -> tuple[Restored, list[Result]]:
    """Restore to an empty SQLite file in `folder` and ask what can be asked of the data."""
    results: list[Result] = []

    def look(connection: Connection) -> None:
        say("looking at what came back")
        house = House(connection, current_app.config, _sizes(verified))
        results.extend(ask(house, all_checks(("data",))))

    done = restore(verified, SQLitePlace(folder / "kariz.db"), NoKeeper(), say=say, then=look)
    return done, results


def _sizes(verified: Verified) -> Callable[[str], int | None]:
    sizes: Mapping[str, int] = verified.files
    # What was missing already when the backup was made is no fault of the backup.
    known = set(verified.manifest["missing"])

    def size(sha256: str) -> int | None:
        return None if sha256 in known else sizes.get(sha256)

    return size
