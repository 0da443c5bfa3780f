"""The list of checks, and how they are asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import structlog
from flask import current_app
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from app import i18n
from app.dates import in_digits
from app.db import reading
from app.extensions import db
from app.i18n import _, _l

log = structlog.get_logger()

OK, WARN, BAD = "ok", "warn", "bad"
GROUPS = {"settings": _l("Settings of the server"), "running": _l("What is running"), "data": _l("The data")}
# How long a check may take: at once, as long as the tables are, or as long as all files are.
QUICK, FULL, DEEP = 0, 1, 2


@dataclass(frozen=True)
class House:
    """What is asked: a database, the files beside it, and the settings it runs under."""

    connection: Connection
    config: Mapping[str, Any]
    # The size of a stored content; None when it is not there.
    size_of: Callable[[str], int | None]
    # May other servers be called?
    is_online: bool = False

    def scalar(self, query: Any) -> Any:
        return self.connection.scalar(query)

    def count(self, query: sa.Select[Any]) -> int:
        """How many rows a query has."""
        return self.connection.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0

    def setting(self, key: str) -> Any:
        """A stored setting, read on this connection; its default when nothing is stored."""
        from app.settings import Setting, default_of

        row = self.connection.execute(sa.select(Setting.value).where(Setting.key == key)).first()
        return default_of(key) if row is None else row[0]


@dataclass(frozen=True)
class Finding:
    """What a check found: a sentence, and what to do where something is to be done."""

    state: str
    sentence: str
    advice: str = ""


@dataclass(frozen=True)
class Check:
    """One question. `name` is for programs, `label` for people."""

    name: str
    label: Any
    group: str
    depth: int
    run: Callable[[House], Finding]


@dataclass(frozen=True)
class Result:
    """A question and its answer."""

    check: Check
    finding: Finding

    @property
    def state(self) -> str:
        return self.finding.state

    def as_json(self) -> dict[str, str]:
        return {
            "name": self.check.name,
            "state": self.finding.state,
            "label": str(self.check.label),
            "sentence": self.finding.sentence,
            "advice": self.finding.advice,
        }


Repair = Callable[[], Iterable[str]]
_checks: dict[str, Check] = {}
_repairs: dict[str, Repair] = {}


def check(name: str, label: Any, group: str, depth: int = QUICK) -> Callable[[Callable[[House], Finding]], Check]:
    """Add the decorated function to the questions."""

    def register(fn: Callable[[House], Finding]) -> Check:
        _checks[name] = Check(name, label, group, depth, fn)
        return _checks[name]

    return register


def add_repair(name: str, repair: Repair) -> None:
    """Offer to mend what the check of this name finds. Only what is surely safe; the function commits, and says in
    sentences what it did."""
    _repairs[name] = repair


def repair_all() -> list[str]:
    """Mend what is surely safe to mend; says what was done."""
    return [sentence for name in sorted(_repairs) for sentence in _repairs[name]()]


def all_checks(groups: Iterable[str] = GROUPS, depth: int = FULL) -> list[Check]:
    """Those of these groups that take no longer than `depth`, in order."""
    wanted = [check for check in _checks.values() if check.group in set(groups) and check.depth <= depth]
    return sorted(wanted, key=lambda check: (list(GROUPS).index(check.group), check.depth, check.name))


def ask(house: House, checks: Iterable[Check]) -> list[Result]:
    """Ask them all. A check that fails to find out is bad news too, and the others are asked all the same."""
    return [Result(check, _ask(house, check)) for check in checks]


def _ask(house: House, check: Check) -> Finding:
    try:
        with house.connection.begin_nested():
            return check.run(house)
    except (SQLAlchemyError, OSError, ValueError, LookupError) as error:
        log.warning("check.failed", check=check.name, error=type(error).__name__)
        sentence = _("This could not be found out (%(reason)s).", reason=type(error).__name__)
        return Finding(BAD, sentence, _("Look into the log. If the database was not upgraded, run ./kariz db upgrade."))


def worst(results: Iterable[Result]) -> str:
    """The worst of the states."""
    states = {result.state for result in results}
    return next((state for state in (BAD, WARN) if state in states), OK)


def _n(singular: str, plural: str, num: int) -> str:
    """The sentence for this number, in the reader's digits."""
    return in_digits(i18n.ngettext(singular, plural, num))


def fine(sentence: str) -> Finding:
    """All is well."""
    return Finding(OK, sentence)


@contextmanager
def here(*, is_online: bool = False) -> Iterator[House]:
    """This installation, at one instant."""
    with reading(), db.engine.connect() as connection:
        yield House(connection, current_app.config, size_in(current_app.config["FILES_DIR"]), is_online)


def size_in(folder: Path) -> Callable[[str], int | None]:
    """How a folder of files answers `House.size_of`."""

    def size(sha256: str) -> int | None:
        try:
            return (folder / sha256[:2] / sha256).stat().st_size
        except FileNotFoundError:
            return None

    return size
