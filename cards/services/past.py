"""Cards whose way is known already, from files of the time before Kariz: nobody reacts to them and nobody is told."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

import sqlalchemy as sa

from app import search
from app.errors import DomainError
from app.events import Actor, PastFact, record_past
from app.extensions import db
from app.i18n import _
from cards import ranks
from cards.models import Card, Closure, StageTransition
from cards.placement import take_turn, touch
from cards.searching import docs_of_new
from cards.services.opening import checked_title
from contacts.models import Company, Contact
from pipelines.models import Stage
from pipelines.sequence import lock


class Stay(NamedTuple):
    """A stage, and since when the card stood there."""

    stage: Stage
    since: datetime


def open_past_card(
    contact: Contact,
    way: Sequence[Stay],
    *,
    title: str,
    by: Actor | None,
    company: Company | None = None,
    channel: str = "import",
    amount_rials: int | None = None,
) -> Card:
    """A card that went this way, in the order of time.

    One that ends in a closing stage is closed since then and never touches the board; any other stands at the top of
    its stage. Raises a `DomainError` for an empty title, an archived stage, or an end before the beginning.
    """
    first, last, title = way[0], way[-1], checked_title(title)
    _check(way)
    closed_at = last.since if last.stage.is_closing else None
    turn = None if closed_at else lock(first.stage.pipeline_id)
    steps = _shown_steps(way)
    shown_since = next((stay.since for stay, step in zip(way, steps, strict=True) if step == steps[-1]), None)
    card = Card(
        pipeline_id=first.stage.pipeline_id, stage_id=last.stage.id, contact_id=contact.id, title=title,
        rank=ranks.START if closed_at else ranks.find_place(last.stage.id).rank, channel=channel,
        company_id=company.id if company else None, amount_rials=amount_rials, opened_at=first.since,
        stage_entered_at=last.since, started_at=next((stay.since for stay in way if stay.stage.kind != "new"), None),
        resolved_at=closed_at, closed_at=closed_at, portal_step_id=steps[-1], portal_changed_at=last.since,
        portal_step_at=shown_since if steps[-1] else None,
    )  # fmt: skip
    if closed_at:
        card.closure = Closure(at=closed_at, by_id=_user_id(by))
    db.session.add(card)
    db.session.flush()
    _write_transitions(card, way, steps, by=by)
    opened = PastFact("card.opened", first.since, {"stage": first.stage.id, "title": title, "channel": channel},
                      seq=turn.seq if turn else None)  # fmt: skip
    record_past(card, [opened, *_moves(way), *_ends(closed_at)], by=by)
    search.put(docs_of_new(card, None))
    return card


def continue_past_card(card: Card, stay: Stay, *, by: Actor | None) -> None:
    """Let an open card go on to a stage at that time; a closing stage closes it. A closed card stays as it is."""
    turn = take_turn(card)
    if card.is_closed or card.stage_id == stay.stage.id:
        return
    _check([Stay(stay.stage, card.stage_entered_at), stay])
    was = Stay(card.stage, card.stage_entered_at)
    step = stay.stage.portal_step_id or card.portal_step_id
    open_stay = sa.select(StageTransition).where(StageTransition.card_id == card.id, StageTransition.left_at.is_(None))
    for known in db.session.scalars(open_stay):
        known.left_at = stay.since
    _write_transitions(card, [was, stay], [card.portal_step_id, step], by=by, skip=1)
    touch(card)
    card.stage_id, card.stage_entered_at, card.stage_version = stay.stage.id, stay.since, card.version
    card.started_at = card.started_at or stay.since
    if step != card.portal_step_id:
        card.portal_step_id, card.portal_step_at, card.portal_changed_at = step, stay.since, stay.since
    if stay.stage.is_closing:
        card.resolved_at = card.closed_at = stay.since
        card.waiting_since = None
        card.closure = card.closure or Closure(at=stay.since, by_id=_user_id(by))
    else:
        card.rank = ranks.find_place(stay.stage.id, moving=card.id).rank
    db.session.flush()
    db.session.expire(card, ["stage", "portal_step"])
    *rest, end = [*_moves([was, stay]), *_ends(card.closed_at)]
    # The last of the facts carries the turn's number, so that open boards ask what they missed.
    record_past(card, [*rest, PastFact(end.name, end.at, end.data, seq=turn.seq)], by=by)


def _check(way: Sequence[Stay]) -> None:
    if any(stay.stage.archived_at is not None or stay.stage.pipeline_id != way[0].stage.pipeline_id for stay in way):
        raise DomainError(_("There is no such stage on this board."), code="unknown_stage", field="stage_id")
    if any(later.since < earlier.since for earlier, later in pairwise(way)):
        raise DomainError(_("The end lies before the beginning."), code="order", field="at")


def _shown_steps(way: Sequence[Stay]) -> list[int | None]:
    """What customers saw during each stay: a hidden stage shows the step before it."""
    steps: list[int | None] = []
    for stay in way:
        steps.append(stay.stage.portal_step_id or (steps[-1] if steps else None))
    return steps


def _write_transitions(
    card: Card, way: Sequence[Stay], steps: Sequence[int | None], *, by: Actor | None, skip: int = 0
) -> None:
    ends = [stay.since for stay in way[1:]] + [None]
    origins = [None] + [stay.stage.id for stay in way[:-1]]
    actor = {"actor_kind": by.actor_kind if by else None, "actor_id": by.id if by else None}
    rows = [
        StageTransition(card_id=card.id, pipeline_id=card.pipeline_id, from_stage_id=origin, stage_id=stay.stage.id,
                        portal_step_id=step, entered_at=stay.since, left_at=end, **actor)
        for stay, step, origin, end in zip(way, steps, origins, ends, strict=True)
    ]  # fmt: skip
    db.session.add_all(rows[skip:])
    db.session.flush()


def _moves(way: Sequence[Stay]) -> list[PastFact]:
    return [
        PastFact("card.moved", after.since, {"from": before.stage.id, "to": after.stage.id})
        for before, after in pairwise(way)
    ]


def _ends(closed_at: datetime | None) -> list[PastFact]:
    return [PastFact("card.closed", closed_at)] if closed_at else []


def _user_id(by: Actor | None) -> int | None:
    return by.id if by and by.actor_kind == "user" else None
