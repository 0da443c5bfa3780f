"""Saying who was first."""

import sqlalchemy as sa

from app.dates import relative
from app.errors import Conflict
from app.extensions import db
from app.i18n import _, localised
from app.users.models import User
from cards.models import StageTransition
from pipelines.models import Stage


def moved_meanwhile(card_id: int, version: int, stage_id: int) -> Conflict:
    """The refusal of a move from an older state: who moved the card, where to and when. One query."""
    by_user = sa.and_(StageTransition.actor_kind == "user", User.id == StageTransition.actor_id)
    query = (
        sa.select(StageTransition.entered_at, Stage.name_fa, Stage.name_en, User.name, User.name_en.label("user_en"))
        .join(Stage, Stage.id == StageTransition.stage_id)
        .outerjoin(User, by_user)
        .where(StageTransition.card_id == card_id, StageTransition.left_at.is_(None))
    )
    row = db.session.execute(query).first()
    sentence = _("Somebody has just moved this card.")
    if row is not None:
        words = {"stage": localised(row.name_fa, row.name_en), "when": relative(row.entered_at)}
        name = localised(row.name, row.user_en) if row.name else ""
        sentence = (
            _("%(name)s moved this card to “%(stage)s” %(when)s.", name=name, **words)
            if name
            else _("This card was moved to “%(stage)s” %(when)s.", **words)
        )
    return Conflict(sentence, code="conflict", card={"id": card_id, "version": version, "stage": stage_id})
