"""Staff sign-in."""

from flask import Flask, g

from app.auth import sessions
from app.auth.models import STAFF
from app.auth.routes import BLUEPRINTS
from app.extensions import login
from app.links import is_api
from app.users.models import User


def load_user(_request: object) -> User | None:
    """The staff user of this request; asked by Flask-Login once a request. Programs show tokens, never cookies."""
    if is_api():
        bearer: User | None = g.get("api_user")
        return bearer
    row = sessions.current_session(STAFF)
    return row.user if row else None


def init_app(app: Flask) -> None:
    """Register sign-in, and note the use of sessions after each answer."""
    login.init_app(app)
    login.request_loader(load_user)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)

    @app.teardown_request
    def touch(_error: BaseException | None) -> None:
        row = g.get(f"session_{STAFF}")
        if row is not None:
            sessions.touch(row)
