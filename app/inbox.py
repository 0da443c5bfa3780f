"""The inbox: what a colleague was told, grouped by card, said with the reader's rights of this moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from flask import Blueprint, Flask, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import Select

from app import navigation
from app.auth.guards import require_staff
from app.clock import utcnow
from app.db import table_of
from app.errors import wants_json
from app.extensions import db
from app.forms import DigitsIntegerField, Form
from app.hooks import after_commit
from app.i18n import _
from app.navigation import Item
from app.notifications import Notification
from app.realtime import STAFF, emit
from app.users.models import User

bp = Blueprint("notifications", __name__, url_prefix="/inbox")
bp.before_request(require_staff)

PAGE = 60
ROWS = table_of(Notification)


@dataclass(frozen=True)
class Told:
    """One notification in words."""

    id: int
    icon: str
    sentence: str
    at: datetime
    is_unread: bool
    # The beginning of what was written, where something was.
    excerpt: str = ""


@dataclass
class Group:
    """What happened on one card, newest first."""

    card_id: int
    title: str
    code: str
    place: str
    url: str
    lines: list[Told] = field(default_factory=list)

    @property
    def is_unread(self) -> bool:
        return any(line.is_unread for line in self.lines)

    @property
    def at(self) -> datetime:
        return self.lines[0].at


@dataclass(frozen=True)
class Teller:
    """What the kernel does not know: whether a user reaches a notification's card, and how their notifications read."""

    is_reached: Callable[[User], sa.ColumnElement[bool]]
    tell: Callable[[User, Iterable[Notification]], list[Group]]


_tellers: list[Teller] = []


def set_teller(teller: Teller) -> None:
    """Let the package of the cards speak for its notifications."""
    _tellers[:] = [teller]


def _in_reach(user: User) -> sa.ColumnElement[bool]:
    """Notifications of cards that are out of the user's reach by now are as if they had never been."""
    return sa.or_(*(teller.is_reached(user) for teller in _tellers)) if _tellers else sa.false()


def count_unread(user: User) -> Select[int]:
    """The query that counts the user's unread notifications, to be asked together with others."""
    query = sa.select(sa.func.count()).select_from(Notification)
    return query.where(Notification.user_id == user.id, Notification.read_at.is_(None), _in_reach(user))


def unread_of(user: User) -> int:
    """How many unread notifications the user has. One query."""
    return db.session.scalar(count_unread(user)) or 0


def unread_count() -> int:
    """The current user's unread notifications, for the bell. One query a request."""
    if not current_user.is_authenticated:
        return 0
    if "unread_count" not in g:
        remember_unread(unread_of(current_user))
    count: int = g.unread_count
    return count


def remember_unread(count: int) -> None:
    """Spare the bell its query: the count was read together with something else in this request."""
    g.unread_count = count


def tell_unread(user: User) -> None:
    """Bring the bells of all the user's pages up to date, once what was read is committed."""
    payload, room = {"id": None, "unread": unread_of(user)}, f"user:{user.id}"
    after_commit(lambda: emit("notification", payload, room, STAFF))


def groups_of(user: User, rows: Iterable[Notification]) -> list[Group]:
    """These notifications in words, by card; those out of the user's reach are left out."""
    rows = list(rows)
    return [group for teller in _tellers for group in teller.tell(user, rows)]


def _before(mark: str | None) -> int | None:
    return int(mark) if mark and mark.isascii() and mark.isdigit() and len(mark) < 17 else None


@bp.get("")
def index() -> ResponseReturnValue:
    """The newest notifications by card, those with something unread first."""
    query = sa.select(Notification).where(Notification.user_id == current_user.id, _in_reach(current_user))
    before = _before(request.args.get("before"))
    if before is not None:
        query = query.where(Notification.id < before)
    rows = list(db.session.scalars(query.order_by(Notification.id.desc()).limit(PAGE + 1)))
    groups = groups_of(current_user, rows[:PAGE])
    groups.sort(key=lambda group: (group.is_unread, group.at), reverse=True)
    older = url_for("notifications.index", before=rows[PAGE - 1].id) if len(rows) > PAGE else None
    return render_template("app/inbox.html", groups=groups, older=older, unread=unread_count())


class ReadForm(Form):
    """Which notifications were read: those of one card, or all."""

    card_id = DigitsIntegerField(least=1)


@bp.post("/reads")
def create_read() -> ResponseReturnValue:
    """Mark what the user was told as read: of the card `card_id`, else everything."""
    form = ReadForm.from_request()
    change = sa.update(ROWS).where(ROWS.c.user_id == current_user.id, ROWS.c.read_at.is_(None))
    if form.card_id.data:
        change = change.where(ROWS.c.card_id == form.card_id.data)
    if form.validate():
        db.session.execute(change.values(read_at=utcnow()))
        tell_unread(current_user)
        db.session.commit()
    return jsonify({"ok": True}) if wants_json() else redirect(url_for("notifications.index"), 303)


def _navigation(_user: User) -> list[Item]:
    return [Item(_("Notifications"), url_for("notifications.index"), "bell", unread_count(), is_new=True)]


def init_app(app: Flask) -> None:
    """Register the inbox and its bell."""
    app.register_blueprint(bp)
    app.jinja_env.globals["unread_count"] = unread_count
    navigation.add("", 20, _navigation)
