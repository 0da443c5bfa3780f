"""Changing what stands in the head of a card: who is responsible, priority, tags, title; and having read it."""

from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.errors import DomainError
from app.extensions import db
from app.i18n import _
from app.inbox import tell_unread
from app.users.models import User
from cards import services
from cards.models import Card
from cards.pages.blueprint import bp, checked, done, get_card, require_open, require_write
from cards.pages.forms import AssignmentForm, PriorityForm, ReadForm, TagsForm, TitleForm
from cards.policies import can_write
from cards.services.meanwhile import refuse_if_taken
from cards.services.reading import mark_read


def get_changeable(code: str) -> Card:
    """An open card that the current user may change."""
    card = get_card(code)
    require_write(card)
    require_open(card)
    return card


@bp.post("/<code>/assignment")
def create_assignment(code: str) -> ResponseReturnValue:
    card = get_changeable(code)
    form = checked(AssignmentForm.from_request())
    user = db.session.get(User, form.assignee_id.data) if form.assignee_id.data else None
    if form.assignee_id.data and user is None:
        # The same words as for a colleague of another board: who exists is not told.
        raise DomainError(_("This colleague does not work on this board."), code="no_access", field="assignee_id")
    if form.if_free.data:
        refuse_if_taken(card, by=current_user)
    services.assign(card, user, by=current_user)
    db.session.commit()
    return done(card)


@bp.post("/<code>/priority")
def create_priority(code: str) -> ResponseReturnValue:
    card = get_changeable(code)
    form = checked(PriorityForm.from_request())
    services.set_priority(card, form.priority.data, by=current_user)
    db.session.commit()
    return done(card)


@bp.post("/<code>/tags")
def create_tags(code: str) -> ResponseReturnValue:
    card = get_changeable(code)
    form = checked(TagsForm.from_request())
    services.set_tags(card, form.tags.data or (), by=current_user)
    db.session.commit()
    return done(card)


@bp.post("/<code>/title")
def create_title(code: str) -> ResponseReturnValue:
    card = get_changeable(code)
    form = checked(TitleForm.from_request())
    services.rename(card, form.title.data or "", by=current_user)
    db.session.commit()
    return done(card, title=card.title)


@bp.post("/<code>/reads")
def create_read(code: str) -> ResponseReturnValue:
    """Note that the current user has read up to an entry. Sent by the page's script, for reading changes nothing."""
    card = get_card(code)
    form = checked(ReadForm.from_request())
    settled = mark_read(card, by=current_user, up_to=form.entry_id.data or 0,
                        counts_as_seen=can_write(current_user, card))  # fmt: skip
    if settled:
        tell_unread(current_user)
    db.session.commit()
    return done(card)
