"""A user who is not known yet, for statements that are built once and asked for everybody."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import sqlalchemy as sa

if TYPE_CHECKING:
    from app.users.models import User

PARAMETER = "user"


@dataclass(frozen=True)
class _Anyone:
    is_admin: bool
    id: sa.BindParameter[int] = field(default_factory=lambda: sa.bindparam(PARAMETER, type_=sa.Integer))


def anyone(*, is_admin: bool) -> User:
    """Takes the user's place while a statement is built; it is executed with `{"user": id}`.

    Only the id and whether it is an admin can be asked of it: whatever else shapes a statement fails at once.
    """
    return cast("User", _Anyone(is_admin))
