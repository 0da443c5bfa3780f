"""Beginning on an empty installation: whoever comes first becomes the admin, and nobody after them."""

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app import events, settings
from app.auth import services as auth
from app.auth import sessions
from app.auth.models import STAFF
from app.errors import Conflict
from app.events import record
from app.extensions import db
from app.i18n import _
from app.settings import Setting
from app.users import services
from app.users.models import User

events.define("setup.begun")


def begin(email: str, name: str, password: str, *, locale: str) -> User:
    """Make the first admin and sign the browser in as them. Who hears `setup.begun` fills the empty installation.

    Raises `Conflict` when somebody has an account already, a `DomainError` for a weak password.
    """
    _claim()
    user = services.create(email, name, "admin", locale=locale, by=None)
    auth.set_password(user, password)
    settings.put("business.language", locale, by=user)
    record("setup.begun", None, by=user)
    sessions.open_session(STAFF, user_id=user.id)
    record("user.signed_in", user, by=user)
    return user


def _claim() -> None:
    """Be the only one to begin: of two at once the unique key lets one pass, and the other waits and is refused."""
    try:
        with db.session.begin_nested():
            db.session.execute(sa.insert(Setting).values(key="setup.begun", value=True))
    except IntegrityError:
        raise _late() from None
    if services.exist():
        raise _late()


def _late() -> Conflict:
    return Conflict(_("Kariz has been set up already. Please sign in."), code="set_up")
