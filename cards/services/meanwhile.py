"""What others did while somebody was looking or writing."""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.errors import Conflict
from app.extensions import db
from app.i18n import _
from app.users.models import User
from cards.models import Card, Entry
from pipelines.models import Pipeline

MOST_MISSED = 20


def hold_board(pipeline_id: int) -> None:
    """Lock a board until the transaction ends: nothing slips in after this look. It takes no number of its order."""
    db.session.execute(sa.select(Pipeline.id).where(Pipeline.id == pipeline_id).with_for_update())


def hold(card: Card) -> None:
    """Lock the card's board and read the card again."""
    hold_board(card.pipeline_id)
    db.session.refresh(card)


def refuse_if_taken(card: Card, *, by: User) -> None:
    """Raise a `Conflict` ("taken") when somebody else is responsible for the card by now."""
    hold(card)
    if card.assignee_id not in {None, by.id}:
        raise Conflict(_("Somebody took this card just before you."), code="taken")


def refuse_if_stale(card: Card, *, by: User, seen_up_to: int) -> None:
    """Raise a `Conflict` ("stale") when somebody else wrote on the card after the entry `seen_up_to`."""
    hold(card)
    if missed(card, by=by, seen_up_to=seen_up_to):
        raise Conflict(_("Somebody wrote here while you were writing. Read it, then send yours if it still fits."),
                       code="stale")  # fmt: skip


def missed(card: Card, *, by: User, seen_up_to: int) -> list[Entry]:
    """What others wrote after the entry `seen_up_to`, oldest first; what Kariz itself sent does not count."""
    query = sa.select(Entry).where(Entry.card_id == card.id, Entry.id > seen_up_to, Entry.kind != "system")
    query = query.where(sa.or_(Entry.author_id.is_(None), Entry.author_id != by.id))
    options = (joinedload(Entry.attachments), joinedload(Entry.mentions), joinedload(Entry.contact))
    return list(db.session.scalars(query.order_by(Entry.id).limit(MOST_MISSED).options(*options)).unique())
