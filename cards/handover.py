"""Open cards of a colleague whose account is closed: board by board they go to somebody who works there."""

import sqlalchemy as sa

from app.errors import DomainError
from app.events import Actor
from app.extensions import db
from app.i18n import _
from app.users import holdings
from app.users.holdings import Holding
from app.users.models import User
from cards.models import Card
from cards.services import assign
from pipelines.models import Pipeline
from pipelines.models.membership import member_ids

PREFIX = "board_"


def find(user: User) -> list[Holding]:
    """What the user holds on each board, archived boards included, in the order of the boards."""
    query = sa.select(Pipeline, sa.func.count(Card.id)).join(Card, Card.pipeline_id == Pipeline.id)
    query = query.where(Card.assignee_id == user.id, Card.closed_at.is_(None)).group_by(Pipeline.id)
    rows = db.session.execute(query.order_by(Pipeline.position, Pipeline.id)).all()
    return [Holding(f"{PREFIX}{board.id}", board.name, number, _candidates(board, user)) for board, number in rows]


def _candidates(board: Pipeline, leaving: User) -> tuple[User, ...]:
    working = sa.or_(User.id.in_(member_ids(board.id, "member")), User.role == "admin")
    return tuple(db.session.scalars(User.active().where(working, User.id != leaving.id)))


def hand_over(user: User, key: str, to: User | None, by: Actor) -> None:
    """Give the user's open cards of a board to a colleague, or to nobody. Raises what `assign` raises."""
    if not key.startswith(PREFIX):
        raise DomainError(_("There is no such board."), code="unknown")
    board_id = int(key.removeprefix(PREFIX))
    query = sa.select(Card).where(Card.pipeline_id == board_id, Card.assignee_id == user.id, Card.closed_at.is_(None))
    for card in db.session.scalars(query.order_by(Card.id)).all():
        assign(card, to, by=by)


holdings.add(find, hand_over)
