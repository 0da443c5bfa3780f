"""Services: programs with an identity of their own, which an admin makes. Each is a user that never signs in."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app import settings
from app.api import tokens
from app.api.models import ApiToken
from app.clock import utcnow
from app.codes import new_code
from app.errors import DomainError
from app.events import record
from app.extensions import db
from app.i18n import _, _l
from app.users import services as accounts
from app.users.models import User

ROLES = {"agent": _l("Like a support agent"), "manager": _l("Like a manager: products and prices, the archive too")}
Boards = Callable[[], Iterable[tuple[int, str]]]
Opening = Callable[[User, Collection[int], User], None]


@dataclass
class _Reach:
    """What the package of boards offers."""

    boards: Boards = tuple
    open_to: Opening = lambda _user, _ids, _by: None


_reach = _Reach()


def offer_boards(boards: Boards, open_to: Opening) -> None:
    """Say which boards there are, as (id, name), and how they are opened to a service."""
    _reach.boards, _reach.open_to = boards, open_to


def boards() -> list[tuple[int, str]]:
    """Boards that may be opened to a service."""
    return list(_reach.boards())


def add_service(*, name: str, role: str, boards: Collection[int], scopes: Collection[str], days: int | None,
                by: User) -> tuple[ApiToken, str]:  # fmt: skip
    """Make a service that works on these boards, with its token; answers the token and its secret, kept nowhere.

    Raises a `DomainError` on `name`, `role`, `scopes` or `days`.
    """
    if role not in ROLES:
        raise DomainError(_("There is no such role."), code="unknown", field="role")
    if not name:
        raise DomainError(_("Please enter a name."), code="empty", field="name")
    # Nobody reads mail there, and nobody ever will: the name is kept free for this.
    address = f"{new_code().lower()}@service.invalid"
    user = accounts.create(address, name, role, locale=settings.get("business.language"), by=by)
    user.is_service = True
    db.session.flush()
    _reach.open_to(user, boards, by)
    return tokens.issue(user, name=name, scopes=scopes, days=days, by=by, kind="service")


def end_service(token: ApiToken, *, by: User) -> None:
    """Take its token back and close its account; what it did keeps its name."""
    tokens.revoke(token, by=by)
    if token.user.is_active:
        token.user.deactivated_at = utcnow()
        db.session.flush()
        record("user.deactivated", token.user, by=by)


def all_tokens() -> list[ApiToken]:
    """Every token in use, of services first, with its user. One query."""
    query = sa.select(ApiToken).options(joinedload(ApiToken.user)).where(ApiToken.revoked_at.is_(None))
    return list(db.session.scalars(query.order_by(ApiToken.kind.desc(), ApiToken.id.desc())))
