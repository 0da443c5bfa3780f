"""The page of a card, opening one by hand, my work."""

from flask import Flask, url_for
from flask_login import current_user

from app import navigation
from cards.board.counts import pipelines_of
from cards.pages import routes, sockets, telling, work  # noqa: F401
from cards.pages.blueprint import bp
from cards.policies import can_open_on
from cards.promises.words import by_when


def new_card_url() -> str | None:
    """Where the button "New card" leads; None for those who open none."""
    user = current_user._get_current_object()  # noqa: SLF001  # asked for each board
    if not user.is_authenticated:
        return None
    is_useful = any(can_open_on(user, pipeline) for pipeline in pipelines_of(user))
    return url_for("cards.new") if is_useful else None


def init_app(app: Flask) -> None:
    """Register the pages of cards."""
    app.register_blueprint(bp)
    app.register_blueprint(work.bp)
    app.jinja_env.globals["new_card_url"] = new_card_url
    app.jinja_env.filters["promised"] = by_when
    navigation.add("", 10, work.navigation)
    navigation.add_start_page(work.start_page)
