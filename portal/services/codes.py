"""One-time codes: asking for one within the limits, and entering it.

Whether anybody is known under the point changes neither the answer, nor the statements, nor the work that is queued: a
code that must not leave has a queued message without an address.
"""

import hashlib
import hmac
import ipaddress
import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog
from flask import current_app, request
from sqlalchemy.exc import IntegrityError

from app import settings
from app.clock import utcnow
from app.dates import in_digits
from app.db import table_of
from app.errors import DomainError, TooMany
from app.extensions import db
from app.i18n import _, viewer
from app.outbox import enqueue
from portal.models import ANSWER_TIME, LIFETIME, MOST_TRIES, SIGN_IN, Code
from portal.services.identity import is_known

log = structlog.get_logger()

# Off: only people we know already get a code. The whole installation sends at most so many codes an hour.
settings.define("portal.self_registration", True)
settings.define("portal.codes_an_hour", 1000)

COOLDOWN = timedelta(seconds=60)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# (column, window, most): mobile networks put thousands of people behind one address, so those limits are wide.
LIMITS = (
    ("point", timedelta(minutes=10), 3),
    ("point", HOUR, 5),
    ("point", DAY, 10),
    ("source", HOUR, 30),
    ("source", DAY, 100),
    ("network", HOUR, 150),
)
# Clocks of several hosts differ by a little; a clock that was set back does not revive a code.
SKEW = timedelta(seconds=30)
CODES = table_of(Code)


def ask(kind: str, point: str, *, instead_of: str = "") -> str:
    """Make a code for a mobile number or e-mail address and queue its message; answers the browser's half of it.

    `instead_of` is the browser's half of an earlier code, which dies. Raises `TooMany` beyond the limits.
    """
    now, (source, network) = utcnow(), _origin()
    _check_limits({"point": point, "source": source, "network": network}, now)
    may_send = is_known(kind, point) or settings.get("portal.self_registration")
    browser, digits = secrets.token_urlsafe(32), f"{secrets.randbelow(10**6):06d}"
    _finish(instead_of, now)
    row = Code(
        purpose=SIGN_IN, kind=kind, point=point, minute=int(now.timestamp() // 60), source=source, network=network,
        browser_hash=_digest("browser", browser), code_hash=_code_hash(point, browser, digits),
        created_at=now, expires_at=now + LIFETIME,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        raise _too_soon(COOLDOWN) from None
    enqueue("message.code", key=f"code:{row.id}", payload={
        "to": point if may_send else None, "kind": kind, "code": digits, "language": viewer().locale,
        "host": request.host, "expires_at": row.expires_at.isoformat(),
    })  # fmt: skip
    return browser


def redeem(browser: str, digits: str) -> Code:
    """Enter the code in the browser that asked for it; right once. The caller commits in any case: a try is counted.

    Raises `TooMany` when the fifth try failed, a `DomainError` for wrong digits and for a code that is no longer good.
    """
    now = utcnow()
    mark = _digest("browser", browser)
    is_open = sa.and_(CODES.c.used_at.is_(None), CODES.c.finished_at.is_(None), CODES.c.tries < MOST_TRIES,
                      CODES.c.expires_at > now, CODES.c.created_at <= now + SKEW)  # fmt: skip
    # One UPDATE counts the try before anything is compared: a hundred guesses at once are five guesses.
    counted = db.session.execute(
        sa.update(CODES)
        .where(CODES.c.browser_hash == mark, CODES.c.purpose == SIGN_IN, is_open)
        .values(tries=CODES.c.tries + 1)
        .returning(CODES.c.id, CODES.c.point, CODES.c.code_hash, CODES.c.tries)
    ).first()
    if counted is None:
        raise _spent() if _tries(mark) >= MOST_TRIES else no_longer_good()
    if not hmac.compare_digest(counted.code_hash, _code_hash(counted.point, browser, digits)):
        if counted.tries >= MOST_TRIES:
            raise _spent()
        raise DomainError(_("This is not the code that was sent. Please look again."), code="wrong", field="code")
    row = db.session.get_one(Code, counted.id, populate_existing=True)
    row.used_at = now
    return row


def waiting(browser: str) -> Code | None:
    """The code this browser asked for and has not entered yet, for the page that asks for it; expired ones too."""
    query = sa.select(Code).where(Code.browser_hash == _digest("browser", browser))
    return db.session.scalar(query.where(Code.used_at.is_(None), Code.finished_at.is_(None))) if browser else None


def passed(browser: str) -> Code | None:
    """The code this browser entered rightly a few minutes ago, while a question is still open."""
    now = utcnow()
    query = sa.select(Code).where(Code.browser_hash == _digest("browser", browser), Code.finished_at.is_(None))
    return (
        db.session.scalar(query.where(Code.used_at > now - ANSWER_TIME, Code.used_at <= now + SKEW))
        if browser
        else None
    )


def sweep(now: datetime) -> int:
    """Forget codes that no limit counts any more; answers how many. The caller commits."""
    gone = db.session.execute(sa.delete(CODES).where(CODES.c.created_at < now - 2 * DAY))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _check_limits(marks: dict[str, str], now: datetime) -> None:
    """Raise `TooMany` when a limit is reached. One query, whoever asks."""
    counts = [_asked(now - window, CODES.c[name] == marks[name]) for name, window, _most in LIMITS]
    last = sa.select(sa.func.max(CODES.c.created_at)).where(CODES.c.point == marks["point"]).scalar_subquery()
    row = db.session.execute(sa.select(last, _asked(now - HOUR, sa.true()), *counts)).one()
    if row[0] is not None and now - COOLDOWN < row[0] <= now:
        raise _too_soon(row[0] + COOLDOWN - now)
    if row[1] >= settings.get("portal.codes_an_hour"):
        log.error("codes.budget_spent", count=row[1])
        raise _too_many()
    if any(count >= most for count, (_name, _window, most) in zip(row[2:], LIMITS, strict=True)):
        raise _too_many()


def _asked(since: datetime, condition: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count()).where(CODES.c.created_at > since, condition).scalar_subquery()


def _too_soon(left: timedelta) -> TooMany:
    sentence = _("A code was asked for a moment ago. You can ask for another one in %(num)s seconds.",
                 num=in_digits(str(max(int(left.total_seconds()), 1))))  # fmt: skip
    return TooMany(sentence, code="too_soon", field="address")


def _too_many() -> TooMany:
    sentence = _("Codes were asked for too often. Please wait a while and try again, or call us.")
    return TooMany(sentence, code="too_many", field="address")


def _spent() -> TooMany:
    return TooMany(
        _("Five wrong codes: this one is no longer good. Please ask for a new one."), code="spent", field="code"
    )


def no_longer_good() -> DomainError:
    """What is said of a code that is used, replaced, too old or unknown."""
    return DomainError(_("This code is no longer good. Please ask for a new one."), code="expired", field="code")


def _tries(mark: str) -> int:
    return db.session.scalar(sa.select(CODES.c.tries).where(CODES.c.browser_hash == mark)) or 0


def _finish(browser: str, now: datetime) -> None:
    mark = _digest("browser", browser)
    db.session.execute(sa.update(CODES).where(CODES.c.browser_hash == mark).values(finished_at=now))


def _origin() -> tuple[str, str]:
    """Digests of the asking address and of the network around it."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return _digest("source", ""), _digest("network", "")
    network = ipaddress.ip_network((address, 24 if address.version == 4 else 48), strict=False)
    return _digest("source", str(address)), _digest("network", str(network))


def _code_hash(point: str, browser: str, digits: str) -> str:
    return _digest("code", SIGN_IN, point, browser, digits)


def _digest(*parts: str) -> str:
    """Keyed, so that six digits cannot be found by trying all of them on a copy of the table."""
    key = str(current_app.secret_key).encode()
    return hmac.new(key, "\0".join(("portal", *parts)).encode(), hashlib.sha256).hexdigest()
