"""Recovery codes: the way in when the phone is lost. Each works once; we keep hashes only."""

import secrets

import sqlalchemy as sa

from app.auth.models import RecoveryCode
from app.auth.sessions import digest
from app.clock import utcnow
from app.db import table_of
from app.extensions import db
from app.text import ascii_digits
from app.users.models import User

COUNT = 10
# Without letters and digits that look alike. Sixteen of these are 79 bits: their hashes cannot be tried out.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
LENGTH, GROUP = 16, 4


def renew(user: User) -> list[str]:
    """Ten fresh codes to be shown once; the earlier ones stop working."""
    forget(user)
    codes = ["".join(secrets.choice(ALPHABET) for _place in range(LENGTH)) for _code in range(COUNT)]
    db.session.add_all([RecoveryCode(user_id=user.id, code_hash=digest(code), created_at=utcnow()) for code in codes])
    db.session.flush()
    return ["-".join(code[start : start + GROUP] for start in range(0, LENGTH, GROUP)) for code in codes]


def left(user: User) -> int:
    """How many codes the user has left."""
    unused = sa.select(sa.func.count()).where(RecoveryCode.user_id == user.id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(unused) or 0


def spend(user: User, text: str) -> bool:
    """Whether this is an unused code of the user; then it is used. Spaces, dashes and capitals do not matter."""
    code = "".join(letter for letter in ascii_digits(text).lower() if letter.isascii() and letter.isalnum())
    if len(code) != LENGTH:
        return False
    table = table_of(RecoveryCode)
    mine = sa.and_(table.c.user_id == user.id, table.c.code_hash == digest(code), table.c.used_at.is_(None))
    spent = db.session.execute(sa.update(table).where(mine).values(used_at=utcnow()))
    return bool(spent.rowcount == 1)  # type: ignore[attr-defined]


def forget(user: User) -> None:
    """Take all codes away."""
    table = table_of(RecoveryCode)
    db.session.execute(sa.delete(table).where(table.c.user_id == user.id))
