"""Who asks the API: the bearer of a token, in the header and nowhere else. Cookies open nothing here."""

from typing import Any, cast

import structlog
from flask import Response, g, request
from sqlalchemy.exc import SQLAlchemyError

from app.api import tokens
from app.api.models import ApiToken
from app.auth.sessions import digest
from app.errors import Denied, NotFound, problem
from app.extensions import db
from app.i18n import _
from app.users.models import User

log = structlog.get_logger()


def authenticate() -> Response | None:
    """Let the bearer of a live token in; answer 401 to everybody else."""
    if "\x00" in request.path:
        raise NotFound
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    token = tokens.find(secret.strip()) if scheme.lower() == "bearer" else None
    if token is None:
        answer = problem(401, "unauthenticated", _("Send a valid token in the header Authorization, after “Bearer”."))
        answer.headers["WWW-Authenticate"] = 'Bearer realm="Kariz"'
        return answer
    g.api_token, g.api_user = token, token.user
    return None


def note_use(_error: BaseException | None) -> None:
    """After the answer: when the token was used last. It may fail silently."""
    token = g.pop("api_token", None)
    g.pop("api_user", None)
    if token is None:
        return
    try:
        tokens.touch(token)
    except SQLAlchemyError as error:
        db.session.rollback()
        log.warning("token.not_touched", error=type(error).__name__)


def the_token() -> ApiToken:
    """The token of this request."""
    return cast("ApiToken", g.api_token)


def me() -> User:
    """The user as whom the bearer acts."""
    return cast("User", g.api_user)


def has_scope(scope: str) -> bool:
    """Whether the token is for this too."""
    return scope in the_token().scopes


def require_scope(scope: str | None) -> None:
    """Raise `Denied` unless the token is for this."""
    if scope is not None and not has_scope(scope):
        raise Denied(_("This token is not for that. It needs the scope %(scope)s.", scope=scope))


def key_of_limit() -> str:
    """Whose requests are counted together: those of one token, else those of one address."""
    given: Any = request.headers.get("Authorization")
    return f"token:{digest(given)}" if given else f"address:{request.remote_addr}"
