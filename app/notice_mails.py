"""Mail about what stayed unread: one for everything that waits, after a few minutes and outside of quiet hours."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.celery import every
from app.clock import utcnow
from app.dates import to_local
from app.db import table_of
from app.extensions import db
from app.notifications import NoticeChoice, Notification
from app.outbox import enqueue
from app.users.models import User

# Who is at work reads it in the app within this time, and is spared the mail.
PATIENCE = timedelta(minutes=5)
# What waited longer (quiet hours, a stopped worker) is no news any more.
STALE = timedelta(days=2)
MOST_IN_A_MAIL = 50


def is_quiet(start: str | None, end: str | None, at: datetime) -> bool:
    """Whether `at` lies in the quiet hours, which may reach over midnight; they count in the business's time zone."""
    if not start or not end:
        return False
    clock = f"{to_local(at):%H:%M}"
    return start <= clock < end if start < end else clock >= start or clock < end


def waiting(now: datetime) -> dict[int, list[Any]]:
    """What is to be mailed, by user: rows of (id, user_id, created_at, quiet_from, quiet_until), the oldest first."""
    chosen = sa.and_(NoticeChoice.user_id == Notification.user_id, NoticeChoice.kind == Notification.kind)
    query = (
        sa.select(Notification.id, Notification.user_id, Notification.created_at, User.quiet_from, User.quiet_until)
        .join(NoticeChoice, chosen)
        .join(User, User.id == Notification.user_id)
        .where(NoticeChoice.level == "mail", Notification.read_at.is_(None), Notification.mailed_at.is_(None))
        .where(Notification.created_at > now - STALE, User.deactivated_at.is_(None))
        .order_by(Notification.id)
    )
    found: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(query):
        found[row.user_id].append(row)
    return found


def mail_due() -> int:
    """Put what is due into mails; answers how many. Written with the mark that it was, so nothing is mailed twice."""
    now, table, count = utcnow(), table_of(Notification), 0
    for user_id, rows in waiting(now).items():
        first = rows[0]
        if now - first.created_at < PATIENCE or is_quiet(first.quiet_from, first.quiet_until, now):
            continue
        ids = [row.id for row in rows]
        unmailed = sa.and_(table.c.id.in_(ids), table.c.mailed_at.is_(None))
        db.session.execute(sa.update(table).where(unmailed).values(mailed_at=now))
        key = f"notices:{user_id}:{ids[-1]}"
        if enqueue("staff_mail.notices", key=key, user_id=user_id, payload={"ids": ids[-MOST_IN_A_MAIL:]}):
            count += 1
    db.session.commit()
    return count


@every(60, name="notices.mail")
def mail_task() -> None:
    """Look for what is due; run by the clock."""
    mail_due()
