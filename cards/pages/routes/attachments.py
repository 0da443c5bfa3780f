"""Files of a card, given out through the card's reach."""

import sqlalchemy as sa
from flask.typing import ResponseReturnValue

from app.errors import NotFound
from app.extensions import db
from app.files import send
from cards.models import Attachment
from cards.pages.blueprint import bp, get_card, stored


@bp.get("/<code>/attachments/<attachment_code>")
def attachment(code: str, attachment_code: str) -> ResponseReturnValue:
    """Pictures open in the browser, everything else is downloaded."""
    card = get_card(code)
    query = sa.select(Attachment).where(Attachment.card_id == card.id, Attachment.code == stored(attachment_code))
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return send(found.file, found.name, inline=True)
