"""Slowing guessers down without locking the victim out.

Counts are per (account, source), per source and per account. A browser that has signed in to the account before carries
a signed device mark and has a bucket of its own, so that a flood from elsewhere does not keep its owner out.
"""

import hashlib
from collections.abc import Iterable
from datetime import timedelta

import sqlalchemy as sa
from flask import Response, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from app.auth.models import Attempt
from app.clock import utcnow
from app.errors import TooMany
from app.extensions import db
from app.i18n import _

WINDOW = timedelta(minutes=15)
LIMITS = {"pair": 5, "source": 30, "account": 50, "device": 10}
DEVICE_COOKIE = "kariz_device"
YEAR_SECONDS = 31_536_000


def check(account: str) -> list[str]:
    """The buckets to charge if this try fails. Raises `TooMany` (429) when one of them is full."""
    buckets = _buckets(account)
    since = utcnow() - WINDOW
    counts = dict(
        db.session.execute(
            sa.select(Attempt.bucket, sa.func.count())
            .where(Attempt.bucket.in_([name for _kind, name in buckets]), Attempt.at > since)
            .group_by(Attempt.bucket)
        ).all()
    )
    for kind, name in buckets:
        if counts.get(name, 0) >= LIMITS[kind]:
            raise TooMany(_("Too many tries. Please wait a quarter of an hour and try again."), code="throttled")
    return [name for _kind, name in buckets]


def charge(buckets: Iterable[str]) -> None:
    """Count a failed try."""
    db.session.add_all([Attempt(bucket=name, at=utcnow()) for name in buckets])


def forget(buckets: Iterable[str]) -> None:
    """A success clears the pair's own count, and old rows with it."""
    db.session.execute(sa.delete(Attempt).where(Attempt.bucket.in_(list(buckets)[:1])))
    db.session.execute(sa.delete(Attempt).where(Attempt.at < utcnow() - timedelta(days=2)))


def _buckets(account: str) -> list[tuple[str, str]]:
    source = request.remote_addr or "unknown"
    if is_known_device(account):
        return [("device", _digest("device", account, source))]
    return [
        ("pair", _digest("pair", account, source)),
        ("source", _digest("source", source)),
        ("account", _digest("account", account)),
    ]


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="device")


def device_mark(account: str) -> str:
    """The cookie value for a browser that has just signed in to the account."""
    accounts = [*_known_accounts(), _digest("known", account)]
    return str(_signer().dumps(list(dict.fromkeys(accounts))[-10:]))


def mark_device(response: Response, account: str) -> None:
    """Let the browser be known for having signed in to the account."""
    response.set_cookie(DEVICE_COOKIE, device_mark(account), max_age=YEAR_SECONDS, httponly=True, samesite="Lax",
                        secure=request.is_secure)  # fmt: skip


def is_known_device(account: str) -> bool:
    """Whether this browser has signed in to the account before."""
    return _digest("known", account) in _known_accounts()


def _known_accounts() -> list[str]:
    try:
        known = _signer().loads(request.cookies.get(DEVICE_COOKIE, ""))
    except BadSignature:
        return []
    return known if isinstance(known, list) else []
