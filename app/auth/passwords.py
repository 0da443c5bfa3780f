"""Passwords: what is kept of them, which are too weak, whether one fits."""

import secrets
from base64 import b64encode

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from argon2.low_level import ARGON2_VERSION

from app.errors import DomainError
from app.i18n import _
from app.users.models import User

PASSWORD_LENGTH = 10
_hasher = PasswordHasher()


def _hash_of_nobody() -> str:
    """What hashing some password would give, at its full cost to compare with but made without that cost."""
    costs = f"m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    salt, digest = (
        b64encode(secrets.token_bytes(count)).decode().rstrip("=") for count in (_hasher.salt_len, _hasher.hash_len)
    )
    return f"$argon2id$v={ARGON2_VERSION}${costs}${salt}${digest}"


# Compared against when nobody has the address, so that both answers take the same time.
_NOBODY = _hash_of_nobody()


def set_password(user: User, password: str) -> None:
    """Give the user a new password. Raises a `DomainError` when it is too short or holds the address."""
    if len(password) < PASSWORD_LENGTH:
        raise DomainError(_("A password needs at least %(num)s characters.", num=PASSWORD_LENGTH), field="password")
    if len(set(password)) < 4 or user.email.split("@")[0].lower() in password.lower():
        raise DomainError(_("This password is too easy to guess."), field="password")
    user.password_hash = _hasher.hash(password)


def password_fits(user: User | None, password: str) -> bool:
    """Whether the password is right; takes as long for nobody as for somebody."""
    try:
        return _hasher.verify((user and user.password_hash) or _NOBODY, password) and user is not None
    except (Argon2Error, InvalidHashError, UnicodeEncodeError):
        return False


def renew_hash(user: User, password: str) -> None:
    """Keep a password that has just been right under the present cost of hashing."""
    if _hasher.check_needs_rehash(user.password_hash or ""):
        user.password_hash = _hasher.hash(password)
