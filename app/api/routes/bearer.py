"""What a token is."""

from typing import Annotated

from app.api.access import me, the_token
from app.api.models import KINDS
from app.api.people import Person
from app.api.resource import Resource
from app.api.shapes import Moment, Shape, one_of
from app.users.models import ROLES

bp = Resource("bearer", __name__, tag="Token")


class Bearer(Shape):
    """A token and its user."""

    name: str
    kind: Annotated[str, one_of(KINDS)]
    prefix: str
    """The first letters of the token, to tell it from others."""
    scopes: list[str]
    user: Person
    role: Annotated[str, one_of(ROLES)]
    expires_at: Moment | None


@bp.operation("GET", "/token", scope=None, summary="Read what the token is", answer=Bearer)
def show_token() -> Bearer:
    """A good first request: it shows whether the token works, as whom it acts and what it is for."""
    token, user = the_token(), me()
    return Bearer(
        name=token.name, kind=token.kind, prefix=token.prefix, scopes=token.scopes, role=user.role,
        user=Person.of(user), expires_at=token.expires_at,
    )  # fmt: skip
