"""Checks of cards: where they stand, what their history says, and what customers see of it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.checks import BAD, WARN, Finding, House, add_repair, check, fine
from app.checks.registry import FULL, _n
from app.db import table_of
from app.events import Event
from app.extensions import db
from app.i18n import _, _l
from cards.models import Attachment, Card, StageTransition
from pipelines.models import Pipeline, PortalStep, Stage

CARDS, STAGES, STEPS, PIPELINES = table_of(Card), table_of(Stage), table_of(PortalStep), table_of(Pipeline)
TRANSITIONS, EVENTS, ATTACHMENTS = table_of(StageTransition), table_of(Event), table_of(Attachment)
NAMED = 3


def _codes(house: House, query: sa.Select[Any]) -> tuple[int, str]:
    """How many cards a query of codes finds, and the first of them."""
    found = house.connection.scalars(query.limit(NAMED + 1)).all()
    count = len(found) if len(found) <= NAMED else house.count(query)
    return count, ", ".join(found[:NAMED])


def _advice(codes: str) -> str:
    return _("Open them and move them to a stage of their board: %(codes)s", codes=codes)


@check("data.stages", _l("Places of cards"), "data", FULL)
def stages(house: House) -> Finding:
    """I1: every card is in exactly one stage, and an open one in a stage that its board shows."""
    query = sa.select(CARDS.c.code).join(STAGES, STAGES.c.id == CARDS.c.stage_id)
    hidden = sa.and_(STAGES.c.archived_at.is_not(None), CARDS.c.closed_at.is_(None))
    count, codes = _codes(house, query.where(sa.or_(STAGES.c.pipeline_id != CARDS.c.pipeline_id, hidden)))
    if count:
        return Finding(
            BAD,
            _n(
                "%(num)s card is in a stage that its board does not show.",
                "%(num)s cards are in stages that their boards do not show.",
                count,
            ),
            _advice(codes),
        )
    return fine(_("Every card is in a stage of its board."))


@check("data.order", _l("Order of cards"), "data", FULL)
def order(house: House) -> Finding:
    """I1: no two open cards of a stage have the same place."""
    place = sa.select(CARDS.c.stage_id).where(CARDS.c.closed_at.is_(None)).group_by(CARDS.c.stage_id, CARDS.c.rank)
    count = house.count(place.having(sa.func.count() > 1))
    if count:
        return Finding(
            WARN,
            _n(
                "%(num)s place on a board is taken by several cards.",
                "%(num)s places on boards are taken by several cards.",
                count,
            ),
            _("Drag one of them somewhere else and back."),
        )
    return fine(_("Every open card has a place of its own."))


@check("data.stays", _l("Ways of cards"), "data", FULL)
def stays(house: House) -> Finding:
    """I2: of every card exactly one stay goes on, in the stage where the card is."""
    now = sa.select(
        TRANSITIONS.c.card_id, sa.func.count().label("stays"), sa.func.max(TRANSITIONS.c.stage_id).label("at")
    )
    now = now.where(TRANSITIONS.c.left_at.is_(None)).group_by(TRANSITIONS.c.card_id)
    here = now.subquery()
    query = sa.select(CARDS.c.code).outerjoin(here, here.c.card_id == CARDS.c.id)
    wrong = sa.or_(here.c.stays.is_(None), here.c.stays != 1, here.c.at != CARDS.c.stage_id)
    count, codes = _codes(house, query.where(wrong))
    if count:
        return Finding(
            BAD,
            _n(
                "The history of %(num)s card does not lead to where it is.",
                "The histories of %(num)s cards do not lead to where they are.",
                count,
            ),
            _advice(codes),
        )
    return fine(_("The history of every card leads to where it is."))


@check("data.sequence", _l("Order of events"), "data", FULL)
def sequence(house: House) -> Finding:
    """I2: the events of a board are numbered without holes, up to the board's own number."""
    numbers = sa.select(
        EVENTS.c.pipeline_id,
        sa.func.count().label("count"),
        sa.func.min(EVENTS.c.seq).label("first"),
        sa.func.max(EVENTS.c.seq).label("last"),
    )
    by_board = numbers.where(EVENTS.c.seq.is_not(None)).group_by(EVENTS.c.pipeline_id).subquery()
    board = by_board.c
    query = sa.select(PIPELINES.c.name_fa).join(by_board, board.pipeline_id == PIPELINES.c.id)
    has_hole = board.last - board.first + 1 != board["count"]
    wrong = house.connection.scalars(query.where(sa.or_(has_hole, board.last > PIPELINES.c.seq))).all()
    if wrong:
        return Finding(
            BAD,
            _("The history of the board %(name)s has a hole or runs ahead.", name=wrong[0]),
            _("Open pages load such a board anew. Restore a backup if changes are missing."),
        )
    return fine(_("The histories of the boards have no holes."))


@check("data.steps", _l("What customers see"), "data", FULL)
def steps(house: House) -> Finding:
    """No card and no stage shows customers a step of another board."""
    shown = sa.select(CARDS.c.code).join(STEPS, STEPS.c.id == CARDS.c.portal_step_id)
    count, codes = _codes(house, shown.where(STEPS.c.pipeline_id != CARDS.c.pipeline_id))
    if count:
        return Finding(
            BAD,
            _n(
                "%(num)s card shows its customer a step of another board.",
                "%(num)s cards show their customers steps of other boards.",
                count,
            ),
            _("Move them to another stage and back: %(codes)s", codes=codes),
        )
    stage = sa.select(STAGES.c.name_fa).join(STEPS, STEPS.c.id == STAGES.c.portal_step_id)
    wrong = house.connection.scalars(stage.where(STEPS.c.pipeline_id != STAGES.c.pipeline_id)).first()
    if wrong:
        return Finding(
            BAD,
            _("The stage %(name)s shows customers a step of another board.", name=wrong),
            _("Choose its step anew in the design of the board."),
        )
    return fine(_("Customers see steps of the right boards only."))


def _attached() -> Any:
    files = sa.select(sa.func.count()).where(ATTACHMENTS.c.card_id == CARDS.c.id)
    return files.correlate(CARDS).scalar_subquery()


@check("data.counters", _l("Counters"), "data", FULL)
def counters(house: House) -> Finding:
    """The number of files on a card's face."""
    counts = sa.select(ATTACHMENTS.c.card_id, sa.func.count().label("files")).group_by(ATTACHMENTS.c.card_id).subquery()
    query = sa.select(CARDS.c.id).outerjoin(counts, counts.c.card_id == CARDS.c.id)
    count = house.count(query.where(sa.func.coalesce(counts.c.files, 0) != CARDS.c.attachment_count))
    if count:
        return Finding(
            WARN,
            _n("%(num)s card shows a wrong number of files.", "%(num)s cards show a wrong number of files.", count),
            _("kariz check --repair counts anew."),
        )
    return fine(_("The numbers on the cards are right."))


def count_anew() -> list[str]:
    """Write the right number of files on every card."""
    wrong = sa.update(CARDS).where(CARDS.c.attachment_count != _attached())
    mended: int = db.session.execute(wrong.values(attachment_count=_attached())).rowcount  # type: ignore[attr-defined]
    db.session.commit()
    if not mended:
        return []
    return [_n("Counted the files of %(num)s card anew.", "Counted the files of %(num)s cards anew.", mended)]


add_repair("data.counters", count_anew)
