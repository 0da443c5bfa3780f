"""Codes of an authenticator app (RFC 6238): six digits, a new one every half minute, each taken once."""

import hmac

import pyotp
import segno
import sqlalchemy as sa

from app.auth.models import Authenticator
from app.business import setting
from app.clock import utcnow
from app.db import table_of
from app.extensions import db
from app.text import ascii_digits
from app.users.models import User
from app.vault import seal, unseal

STEP_SECONDS = 30
# Clocks of phones differ: the code before and the one after the present are taken too.
WINDOW = (0, -1, 1)


def of_user(user: User) -> Authenticator | None:
    """The user's app, confirmed or about to be."""
    return db.session.get(Authenticator, user.id)


def is_on(user: User) -> bool:
    """Whether codes of an app are asked of the user."""
    row = of_user(user)
    return row is not None and row.confirmed_at is not None


def begin(user: User) -> Authenticator:
    """Make a secret for the user's app; it counts from `confirm` on. An earlier one that never did is replaced."""
    row = of_user(user) or Authenticator(user_id=user.id)
    row.secret, row.created_at, row.confirmed_at, row.last_step = seal(pyotp.random_base32()), utcnow(), None, 0
    db.session.add(row)
    db.session.flush()
    return row


def confirm(row: Authenticator, code: str) -> bool:
    """Whether the code shows that the app has the secret; from then on the secret counts."""
    if row.confirmed_at is not None or not take(row, code):
        return False
    row.confirmed_at = utcnow()
    return True


def take(row: Authenticator, code: str) -> bool:
    """Whether the code is right now and was not taken before; of two who send it at once, one gets in."""
    secret, given = unseal(row.secret), ascii_digits("".join(code.split()))
    if not secret or len(given) != 6 or not (given.isascii() and given.isdecimal()):
        return False
    present, app = int(utcnow().timestamp()) // STEP_SECONDS, pyotp.TOTP(secret)
    for step in (present + offset for offset in WINDOW):
        if hmac.compare_digest(app.generate_otp(step), given):
            return _spend(row, step)
    return False


def _spend(row: Authenticator, step: int) -> bool:
    table = table_of(Authenticator)
    mine = sa.and_(table.c.user_id == row.user_id, table.c.last_step < step)
    spent = db.session.execute(sa.update(table).where(mine).values(last_step=step))
    db.session.expire(row, ["last_step"])
    return bool(spent.rowcount == 1)  # type: ignore[attr-defined]


def forget(user: User) -> None:
    """Ask no codes of the user any more."""
    row = of_user(user)
    if row is not None:
        db.session.delete(row)
        db.session.flush()


def secret_text(row: Authenticator) -> str:
    """The secret as a person types it, in groups of four."""
    secret = unseal(row.secret)
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def picture(row: Authenticator, user: User) -> str:
    """The QR code that an app scans, as the address of a picture (data:)."""
    address = pyotp.TOTP(unseal(row.secret)).provisioning_uri(name=user.email, issuer_name=setting("business.name"))
    return segno.make(address, micro=False).svg_data_uri(scale=5, border=4, light="#fff", dark="#000")
