"""Cards with a history that another system kept: every stay, hand-over and return at its own time, by its own people.

Nobody reacts to any of it and nobody is told. An update is a `Moment`: how the card stood from an instant on; what
happened is what differs between two moments.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

import sqlalchemy as sa

from app import search
from app.clock import utcnow
from app.errors import DomainError
from app.events import INTERNAL, PORTAL, Actor, PastFact, record_past
from app.extensions import db
from app.i18n import _
from app.text import clean
from cards import ranks
from cards.models import Card, Closure, Entry, StageTransition
from cards.placement import take_turn, touch
from cards.searching import doc_of_entry, docs_of_new
from cards.services.opening import TITLE_LENGTH
from contacts.models import Contact
from pipelines.models import Stage
from pipelines.sequence import lock

EVENTS = {"note": "note.added", "reply": "reply.sent", "customer_message": "message.received"}


class Said(NamedTuple):
    """Something that was written: `kind` is note, reply or customer_message."""

    kind: str
    body: str


class Moment(NamedTuple):
    """How a card stood from `at` on. `by` changed it, or somebody without an account whose name was `by_name`."""

    at: datetime
    stage: Stage
    title: str
    is_closed: bool = False
    assignee_id: int | None = None
    team_id: int | None = None
    team: str = ""
    priority: int = 2
    by: Actor | None = None
    by_name: str = ""
    said: tuple[Said, ...] = ()

    @property
    def is_done(self) -> bool:
        return self.is_closed or self.stage.is_closing


class Ends(NamedTuple):
    """When the work was done and when it was closed, where the other system keeps that apart from its updates."""

    resolved_at: datetime | None = None
    closed_at: datetime | None = None


def open_with_history(
    contact: Contact, moments: Sequence[Moment], *, number: str, ends: Ends = Ends(), channel: str = "import"
) -> Card:
    """A card that went through these moments, in the order of time; the first one opened it.

    A closed one never touches the board; any other stands at the top of its stage. Raises a `DomainError` for an
    archived stage, or for an end before the beginning.
    """
    first, last = moments[0], moments[-1]
    _check(moments)
    turn = None if last.is_closed else lock(first.stage.pipeline_id)
    card = Card(
        pipeline_id=first.stage.pipeline_id, contact_id=contact.id, title=_title(last, number), channel=channel,
        rank=ranks.START if last.is_closed else ranks.find_place(last.stage.id).rank, opened_at=first.at,
        external_id=number, imported_at=utcnow(), stage_id=last.stage.id,
    )  # fmt: skip
    _stand(card, [first, *moments], ends)
    db.session.add(card)
    db.session.flush()
    _keep_way(card, None, moments)
    data = {"stage": first.stage.id, "title": first.title, "channel": channel, "number": number}
    opened = _fact("card.opened", first, data, seq=turn.seq if turn else None)
    record_past(card, [opened, *_told(card, first), *_changes(card, moments)], by=None)
    search.put(docs_of_new(card, None))
    return card


def continue_history(card: Card, moments: Sequence[Moment], *, ends: Ends = Ends()) -> None:
    """Let a card that came with its history go on through later moments. Raises what `open_with_history` raises."""
    turn = take_turn(card)
    before = _now(card)
    way = [before, *moments]
    _check(way)
    last = moments[-1]
    if last.stage.id != card.stage_id or before.is_closed > last.is_closed:
        card.rank = ranks.find_place(last.stage.id, moving=card.id).rank
    touch(card)
    if card.closed_at and card.closed_at > moments[0].at:
        # Put away here while the other system still went on with it.
        card.closed_at = None
    if last.stage.id != card.stage_id:
        card.stage_version = card.version
    card.title = _title(last, card.title)
    _stand(card, way, ends)
    db.session.flush()
    db.session.expire(card, ["stage", "portal_step", "assignee", "team"])
    _keep_way(card, before, moments)
    facts = _changes(card, way) or [_fact("card.changed", last, {})]
    # The last of the facts carries the turn's number, so that open boards ask what they missed.
    record_past(card, [*facts[:-1], _numbered(facts[-1], turn.seq)], by=None)
    search.renew(("card",), card.id)


def _now(card: Card) -> Moment:
    return Moment(card.stage_entered_at, card.stage, card.title, card.is_closed, card.assignee_id, card.team_id,
                  card.team.name_fa if card.team else "", card.priority)  # fmt: skip


def _check(moments: Sequence[Moment]) -> None:
    board = moments[0].stage.pipeline_id
    if any(each.stage.archived_at is not None or each.stage.pipeline_id != board for each in moments[1:]):
        raise DomainError(_("There is no such stage on this board."), code="unknown_stage", field="state")
    if any(later.at < earlier.at for earlier, later in pairwise(moments)):
        raise DomainError(_("The end lies before the beginning."), code="order", field="updated_at")


def _title(moment: Moment, other: str) -> str:
    return clean(moment.title)[:TITLE_LENGTH] or other


def _stand(card: Card, way: Sequence[Moment], ends: Ends) -> None:
    """Let the row say how the card stands after the last moment; the first one is how it stood before."""
    last = way[-1]
    card.stage_id, card.assignee_id, card.team_id = last.stage.id, last.assignee_id, last.team_id
    card.priority, card.portal_changed_at = last.priority, last.at
    holders = [each.assignee_id for each in way if each.assignee_id and each.assignee_id != last.assignee_id]
    card.last_assignee_id = holders[-1] if holders else card.last_assignee_id
    for before, after in pairwise(way):
        if before.stage.id != after.stage.id or card.stage_entered_at is None:
            card.stage_entered_at = after.at
        if after.stage.portal_step_id and after.stage.portal_step_id != card.portal_step_id:
            card.portal_step_id, card.portal_step_at = after.stage.portal_step_id, after.at
        if card.started_at is None and after.stage.kind != "new":
            card.started_at = after.at
        card.reopening_count = (card.reopening_count or 0) + (before.is_done and not after.is_done)
        card.resolved_at = (card.resolved_at or after.at) if after.is_done else None
        card.closed_at = (card.closed_at or after.at) if after.is_closed else None
    _end(card, last, ends)


def _end(card: Card, last: Moment, ends: Ends) -> None:
    """Take over the ends that the other system names, where they belong to the last time the work was done."""
    if card.closed_at and ends.closed_at and ends.closed_at >= card.closed_at:
        card.closed_at = ends.closed_at
    if card.resolved_at and ends.resolved_at and card.resolved_at <= ends.resolved_at <= (card.closed_at or utcnow()):
        card.resolved_at = ends.resolved_at
    if not last.is_done:
        card.closure = None
    elif card.closure is None:
        card.closure = Closure(at=card.resolved_at, by_id=_user_id(last.by))
    if last.is_done:
        card.waiting_since = None


def _keep_way(card: Card, before: Moment | None, moments: Sequence[Moment]) -> None:
    """Write the stays: the last one known ends where the next begins."""
    open_stay = sa.select(StageTransition).where(StageTransition.card_id == card.id, StageTransition.left_at.is_(None))
    stay = db.session.scalar(open_stay) if before else None
    step = stay.portal_step_id if stay else None
    for each in moments:
        if stay is not None and stay.stage_id == each.stage.id:
            continue
        if stay is not None:
            stay.left_at = each.at
        step = each.stage.portal_step_id or step
        stay = StageTransition(
            card_id=card.id, pipeline_id=card.pipeline_id, from_stage_id=stay.stage_id if stay else None,
            stage_id=each.stage.id, portal_step_id=step, entered_at=each.at,
            actor_kind=each.by.actor_kind if each.by else None, actor_id=each.by.id if each.by else None,
        )  # fmt: skip
        db.session.add(stay)
    db.session.flush()


def _changes(card: Card, way: Sequence[Moment]) -> list[PastFact]:
    facts: list[PastFact] = []
    for before, after in pairwise(way):
        facts += _told(card, after)
        facts += _between(before, after)
    return facts


def _between(before: Moment, after: Moment) -> Iterator[PastFact]:
    """What happened between two moments."""
    stages = {"from": before.stage.id, "to": after.stage.id}
    if before.is_done and not after.is_done:
        data = {**stages, "reason": "", "was_closed": before.is_closed, "agent": after.assignee_id}
        yield _fact("card.reopened", after, data)
    elif before.stage.id != after.stage.id:
        yield _fact("card.moved", after, stages)
    if after.is_closed and not before.is_closed:
        yield _fact("card.closed", after, {})
    if after.team_id != before.team_id:
        data = {"from": before.team_id, "to": after.team_id, "team": after.team or before.team}
        yield _fact("card.team_changed", after, data)
    if after.assignee_id != before.assignee_id:
        yield _fact("card.assigned", after, {"from": before.assignee_id, "to": after.assignee_id})
    if after.priority != before.priority:
        yield _fact("card.prioritised", after, {"from": before.priority, "to": after.priority})
    if after.title != before.title:
        yield _fact("card.renamed", after, {"from": before.title, "to": after.title})


def _told(card: Card, moment: Moment) -> Iterator[PastFact]:
    """Write what was said at a moment."""
    for said in moment.said:
        is_customer = said.kind == "customer_message"
        author_id = None if is_customer else _user_id(moment.by)
        # Customers read no names of colleagues.
        is_named = said.kind != "note" or author_id is not None or not moment.by_name
        visibility = INTERNAL if said.kind == "note" else PORTAL
        entry = Entry(
            card_id=card.id, kind="system" if said.kind == "reply" and author_id is None else said.kind,
            body=clean(said.body if is_named else f"{moment.by_name}: {said.body}"), visibility=visibility,
            author_id=author_id, contact_id=card.contact_id if is_customer else None, channel=card.channel,
            created_at=moment.at,
        )  # fmt: skip
        db.session.add(entry)
        db.session.flush()
        card.last_entry_id = entry.id
        search.put([doc_of_entry(entry, card)])
        yield _fact(EVENTS[said.kind], moment, {"entry": entry.id}, visibility=visibility)


def _fact(name: str, moment: Moment, data: Mapping[str, object], *, seq: int | None = None,
          visibility: str = INTERNAL) -> PastFact:  # fmt: skip
    kept = {**data, "past": True} | ({"by_name": moment.by_name} if moment.by_name and moment.by is None else {})
    return PastFact(name, moment.at, kept, visibility, seq, moment.by)


def _numbered(fact: PastFact, seq: int) -> PastFact:
    return PastFact(fact.name, fact.at, fact.data, fact.visibility, seq, fact.by)


def _user_id(by: Actor | None) -> int | None:
    return by.id if by and by.actor_kind == "user" else None
