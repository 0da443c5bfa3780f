"""The board: its page, its pieces, its live stream."""

from flask import Flask, url_for

from app import navigation
from app.navigation import Item
from app.sockets import on_closed
from app.users.models import User
from cards.board import routes, sockets
from cards.board.counts import open_by_stage, pipelines_of

KINDS = {"waiting_customer": "waiting", "waiting_other": "waiting", "new": "new", "active": "active"}


def kind_of(stage: object) -> str:
    """The well that stands on the column's head: new, active, waiting or resolved."""
    return KINDS.get(getattr(stage, "kind", ""), "resolved")


def boards(user: User) -> list[Item]:
    """The boards in the side navigation, with their open cards."""
    counts = open_by_stage(user)
    return [
        Item(board.name, url_for("boards.show", slug=board.slug), board.icon, sum(counts[board.id].values()))
        for board in pipelines_of(user)
    ]


def first_board(user: User) -> str | None:
    """Where a day begins that has no better place."""
    found = pipelines_of(user)
    return url_for("boards.show", slug=found[0].slug) if found else None


def init_app(app: Flask) -> None:
    """Register the board."""
    app.register_blueprint(routes.bp)
    app.register_blueprint(routes.placement)
    app.jinja_env.globals["kind_of"] = kind_of
    navigation.add("boards", 0, boards)
    navigation.add_start_page(first_board)
    on_closed(sockets.leave_all)
