"""Cards on a stage that is archived go on to another one, in their order, and no customer is told."""

from collections.abc import Collection

import sqlalchemy as sa

from app.events import Actor
from app.extensions import db
from cards.models import Card
from cards.placement import Anchor, Cause, move, open_counts
from pipelines import contents
from pipelines.models import Stage

REDESIGN = "redesign"


def count(stage_ids: Collection[int]) -> dict[int, int]:
    """Open cards on each of these stages."""
    return {stage_id: found["total"] for stage_id, found in open_counts(*stage_ids).items()} if stage_ids else {}


def move_on(stage: Stage, target: Stage, by: Actor | None) -> None:
    """Take every open card of `stage` to the end of `target`, the first one first."""
    query = sa.select(Card).where(Card.stage_id == stage.id, Card.closed_at.is_(None)).order_by(Card.rank, Card.id)
    for card in db.session.scalars(query).all():
        move(card, target.id, by=by, to=Anchor(at_end=True), cause=Cause(reason=REDESIGN, data={"reason": REDESIGN}))


contents.add(count, move_on)
