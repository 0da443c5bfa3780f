"""What colleagues are told in the app: the bell, live and kept until read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, Select
from sqlalchemy.orm import Mapped, mapped_column

from app import events
from app.clock import utcnow
from app.db import UTCDateTime, table_of
from app.errors import DomainError
from app.events import Event, record
from app.extensions import Model, db
from app.hooks import after_commit
from app.i18n import _
from app.realtime import STAFF, emit
from app.users.models import User

events.define("user.notices_changed")


class Notification(Model):
    """That a user is told of an event. What it says is rendered when it is read, with the reader's rights of then."""

    __tablename__ = "notifications"
    __table_args__ = (
        sa.UniqueConstraint("user_id", "event_id", "kind"),
        sa.Index("ix_notifications_bell", "user_id", "read_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    kind: Mapped[str]
    card_id: Mapped[int | None] = mapped_column(ForeignKey("cards.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    read_at: Mapped[datetime | None]
    # When it was put into a mail.
    mailed_at: Mapped[datetime | None]

    @classmethod
    def unread_of(cls, user: User) -> Select[Notification]:
        """What the user has not read yet, newest first."""
        return sa.select(cls).where(cls.user_id == user.id, cls.read_at.is_(None)).order_by(cls.id.desc())


class NoticeChoice(Model):
    """How a user wants to hear of a kind. No row: the bell alone."""

    __tablename__ = "notice_choices"
    __table_args__ = (sa.CheckConstraint("level IN ('nothing', 'bell', 'mail')", name="level"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[str]


@dataclass(frozen=True)
class Kind:
    """A kind of news, as people choose how to hear of it. What somebody asks of one personally cannot be silenced."""

    name: str
    label: Any
    can_be_silent: bool = True


LEVELS = ("nothing", "bell", "mail")
_kinds: dict[str, Kind] = {}


def define(name: str, label: Any, *, can_be_silent: bool = True) -> None:
    """Let people choose how they hear of news of this kind; one that is not defined rings the bell."""
    _kinds[name] = Kind(name, label, can_be_silent)


def kinds() -> list[Kind]:
    """Every kind that can be chosen for, in the order of their definition."""
    return list(_kinds.values())


def levels_of(user: User) -> dict[str, str]:
    """How the user hears of each kind: "nothing", "bell", or "mail" (the bell, and a mail when it stays unread)."""
    query = sa.select(NoticeChoice.kind, NoticeChoice.level).where(NoticeChoice.user_id == user.id)
    chosen: dict[str, str] = {row.kind: row.level for row in db.session.execute(query)}
    return {name: chosen.get(name, "bell") for name in _kinds}


def choose(user: User, levels: Mapping[str, str], quiet: tuple[str | None, str | None]) -> None:
    """Keep how the user wants to hear of things, and between which hours ("22:00", "07:00") no mail is to come.

    Raises a `DomainError` for a personal question that is to be silenced, and for hours of which one is missing.
    """
    if any(levels.get(kind.name) == "nothing" and not kind.can_be_silent for kind in kinds()):
        raise DomainError(_("What a colleague asks you cannot be silenced."), code="not_silent")
    if bool(quiet[0]) != bool(quiet[1]) or (quiet[0] and quiet[0] == quiet[1]):
        raise DomainError(_("Quiet hours need a beginning and another end."), code="hours", field="quiet_until")
    before = {**levels_of(user), "quiet": [user.quiet_from, user.quiet_until]}
    after = {**before, **{name: levels[name] for name in _kinds if name in levels}, "quiet": list(quiet)}
    changed = [name for name in after if after[name] != before[name]]
    if not changed:
        return
    user.quiet_from, user.quiet_until = quiet
    for name in set(changed) - {"quiet"}:
        db.session.merge(NoticeChoice(user_id=user.id, kind=name, level=after[name]))
    db.session.flush()
    facts = {"from": {name: before[name] for name in changed}, "to": {name: after[name] for name in changed}}
    record("user.notices_changed", user, by=user, data=facts)


def notify(user_ids: Iterable[int], kind: str, event: Event) -> None:
    """Tell these users of an event, each once, never the one who caused it nor who wants to hear nothing of this kind.
    One statement for all of them."""
    told = set(user_ids) - {_causer(event)}
    if told:
        _write(_TOLD, kind, event, {"told": list(told)})


def notify_all(who: sa.ColumnElement[bool], kind: str, event: Event, values: Mapping[str, Any]) -> None:
    """Like `notify`, for the users of whom `who` is true: a condition that is built once, and its values."""
    _write(who, kind, event, values)


def _causer(event: Event) -> int:
    """The user who did it; 0 where it was nobody of the house."""
    return event.actor_id or 0 if event.actor_kind == "user" else 0


def _write(who: sa.ColumnElement[bool], kind: str, event: Event, values: Mapping[str, Any]) -> None:
    fixed = {"event": event.id, "kind": kind, "card": event.card_id, "at": event.at, "causer": _causer(event)}
    for row in db.session.execute(_written(who), {**fixed, **values}):
        _announce(row.id, row.user_id)


_TOLD = User.id.in_(sa.bindparam("told", expanding=True))


@cache
def _written(who: sa.ColumnElement[bool]) -> Any:
    """The statement that tells some users, built once for each way to say who they are."""
    kind = sa.bindparam("kind", type_=sa.String)
    silent = sa.exists().where(NoticeChoice.user_id == User.id, NoticeChoice.kind == kind,
                               NoticeChoice.level == "nothing")  # fmt: skip
    rows = sa.select(User.id, sa.bindparam("event", type_=sa.Integer), kind, sa.bindparam("card", type_=sa.Integer),
                     sa.bindparam("at", type_=UTCDateTime))  # fmt: skip
    rows = rows.where(who, User.id != sa.bindparam("causer", type_=sa.Integer), ~silent).order_by(User.id)
    columns = ["user_id", "event_id", "kind", "card_id", "created_at"]
    written = sa.insert(table_of(Notification)).from_select(columns, rows, include_defaults=False)
    return written.returning(Notification.id, Notification.user_id)


def _announce(notification_id: int, user_id: int) -> None:
    payload: dict[str, Any] = {"id": notification_id}
    after_commit(lambda: emit("notification", payload, f"user:{user_id}", STAFF))
