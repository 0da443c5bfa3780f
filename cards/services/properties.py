"""Assignee, priority, title, tags, amount: each change is one fact with its old and new value."""

from collections.abc import Iterable

import sqlalchemy as sa

from app import events
from app.clock import utcnow
from app.errors import DomainError
from app.events import Actor
from app.extensions import db
from app.i18n import _
from app.text import clean, fold
from app.users.models import User
from cards.models import PRIORITIES, Card, CardTag, Tag
from cards.placement import record_on, take_turn, touch
from cards.promises import clock
from cards.services.opening import checked_title
from pipelines.models.membership import member_ids
from pipelines.sequence import give_back

events.define("card.assigned", "card.team_changed", "card.prioritised", "card.renamed", "card.tagged",
              "card.amount_changed")  # fmt: skip
MOST_TAGS = 12


def assign(card: Card, user: User | None, *, by: Actor | None) -> None:
    """Make a colleague responsible, or nobody. Raises a `DomainError` for somebody who does not work on the board."""
    turn = take_turn(card)
    if card.assignee_id == (user.id if user else None):
        give_back(card.pipeline_id)
        return
    if user is not None and not _can_hold(user, card):
        raise DomainError(_("This colleague does not work on this board."), code="no_access", field="assignee_id")
    before = card.assignee_id
    card.assignee_id = user.id if user else None
    card.assignee = user
    card.last_assignee_id = before or card.last_assignee_id
    touch(card)
    db.session.flush()
    record_on("card.assigned", card, turn, by=by, data={"from": before, "to": card.assignee_id})


def _can_hold(user: User, card: Card) -> bool:
    return user.is_active and (user.is_admin or user.id in member_ids(card.pipeline_id, "member"))


def set_priority(card: Card, priority: int, *, by: Actor | None) -> None:
    """Set one of the four priorities by hand."""
    turn = take_turn(card)
    if priority not in PRIORITIES:
        raise DomainError(_("There is no such priority."), code="unknown", field="priority")
    if card.priority == priority:
        give_back(card.pipeline_id)
        return
    before, card.priority = card.priority, priority
    step = None if clock.is_by_hand(card) else clock.rescale(card, utcnow(), priority)
    clock.take(card, step)
    touch(card)
    db.session.flush()
    record_on("card.prioritised", card, turn, by=by, data={"from": before, "to": priority})
    clock.write(step, card, by=by, at=utcnow())


def rename(card: Card, title: str, *, by: Actor | None) -> None:
    """Give the card another title."""
    turn = take_turn(card)
    title = checked_title(title)
    if card.title == title:
        give_back(card.pipeline_id)
        return
    before, card.title = card.title, title
    touch(card)
    db.session.flush()
    record_on("card.renamed", card, turn, by=by, data={"from": before, "to": title})


def set_amount(card: Card, amount_rials: int | None, *, by: Actor | None) -> None:
    """Keep the amount that faces and sums show, in whole rials."""
    turn = take_turn(card)
    if card.amount_rials == amount_rials:
        give_back(card.pipeline_id)
        return
    before, card.amount_rials = card.amount_rials, amount_rials
    touch(card)
    db.session.flush()
    record_on("card.amount_changed", card, turn, by=by, data={"from": before, "to": amount_rials})


def set_tags(card: Card, names: Iterable[str], *, by: Actor | None) -> None:
    """Let the card carry exactly these tags; unknown words become new tags. Two spellings of a word are one tag."""
    turn = take_turn(card)
    wanted = {fold(name): clean(name)[:40] for name in names if fold(name)}
    if len(wanted) > MOST_TAGS:
        raise DomainError(_("A card carries at most %(num)s tags.", num=MOST_TAGS), code="too_many", field="tags")
    before = {tag.key: tag.name for tag in card.tags}
    if before.keys() == wanted.keys():
        give_back(card.pipeline_id)
        return
    known = {tag.key: tag for tag in db.session.scalars(sa.select(Tag).where(Tag.key.in_(wanted)))}
    new = [Tag(key=key, name=name) for key, name in wanted.items() if key not in known]
    db.session.add_all(new)
    db.session.flush()
    tags = [*known.values(), *new]
    db.session.execute(sa.delete(CardTag).where(CardTag.card_id == card.id))
    db.session.add_all([CardTag(card_id=card.id, tag_id=tag.id) for tag in tags])
    touch(card)
    db.session.flush()
    db.session.expire(card, ["tags"])
    record_on(
        "card.tagged", card, turn, by=by, data={"from": sorted(before.values()), "to": sorted(t.name for t in tags)}
    )
