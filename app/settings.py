"""Settings kept in the database: one row a key, defaults in code."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import g, has_app_context
from sqlalchemy.orm import Mapped, mapped_column

from app import events
from app.clock import utcnow
from app.db import table_of
from app.events import Actor, record
from app.extensions import Model, db

events.define("setting.changed")
_defaults: dict[str, Any] = {}
# Values that are never written to the history of changes.
_secret: set[str] = set()


class Setting(Model):
    """The value an admin chose for a key; no row means the default."""

    __tablename__ = "settings"

    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(sa.JSON)
    changed_at: Mapped[datetime] = mapped_column(default=utcnow, onupdate=utcnow)


def define(key: str, default: Any, *, secret: bool = False) -> None:
    """Make a key known. An unknown key cannot be read or written."""
    _defaults[key] = default
    if secret:
        _secret.add(key)


def default_of(key: str) -> Any:
    """What a known key means when nothing is stored."""
    return _defaults[key]


_ROWS = table_of(Setting)
_ALL = sa.select(_ROWS.c.key, _ROWS.c.value)


def _stored() -> dict[str, Any]:
    """All stored values, read once for each request or task."""
    if "settings" not in g:
        g.settings = {row.key: row.value for row in db.session.execute(_ALL)}
    values: dict[str, Any] = g.settings
    return values


def assume_defaults() -> None:
    """For the rest of this request nothing counts as stored, unless it was read before."""
    g.setdefault("settings", {})


def get(key: str) -> Any:
    """The value of a known key; its default outside an application context or when nothing is stored."""
    default = _defaults[key]
    return _stored().get(key, default) if has_app_context() else default


def put(key: str, value: Any, *, by: Actor | None) -> None:
    """Store a value; equal values change and record nothing."""
    before = get(key)
    if before == value:
        return
    db.session.merge(Setting(key=key, value=value, changed_at=utcnow()))
    shown = {} if key in _secret else {"from": before, "to": value}
    record("setting.changed", None, by=by, data={"key": key, **shown})
    _stored()[key] = value


def keep(key: str, value: Any) -> None:
    """Store what the machine notes for itself, such as the version of something that is cached: no fact for people."""
    get(key)
    db.session.merge(Setting(key=key, value=value, changed_at=utcnow()))
    _stored()[key] = value


define("business.name_fa", "کسب‌وکار من")
define("business.name_en", "My business")
define("business.phone", "")
define("business.address_fa", "")
define("business.address_en", "")
define("business.color", "#1f6244")
define("business.logo", None)
define("business.hours", {day: [["09:00", "17:00"]] for day in ("sat", "sun", "mon", "tue", "wed")}
       | {"thu": [["09:00", "13:00"]]})  # fmt: skip
define("business.language", "fa")
define("business.unit", "toman")
define("business.timezone", "Asia/Tehran")
define("setup.finished", False)
