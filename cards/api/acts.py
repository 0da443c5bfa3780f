"""What is done on a card: written, assigned, changed, finished, reopened."""

from app.api.access import me
from app.api.resource import Answer
from app.errors import Conflict, DomainError
from app.extensions import db
from app.i18n import _
from app.users.models import User
from cards import services
from cards.api.cards import bp
from cards.api.loading import get_card, shown
from cards.api.shapes import (
    CardAnswer,
    EntryAnswer,
    NewAmount,
    NewAssignment,
    NewClosure,
    NewNote,
    NewPriority,
    NewReopening,
    NewReply,
    NewTags,
    NewTitle,
)
from cards.models import Card
from cards.pages.blueprint import require_open, require_write
from cards.pages.routes.closures import closing_stages
from cards.pages.routes.entries import require_reply
from cards.services.meanwhile import refuse_if_stale, refuse_if_taken


def get_changeable(code: str) -> Card:
    """An open card that the token's user may change."""
    card = get_card(code)
    require_write(card)
    require_open(card)
    return card


@bp.operation("POST", "/cards/<code>/notes", scope="notes:write", summary="Write an internal note", body=NewNote,
              status=201, answer=EntryAnswer)  # fmt: skip
def create_note(code: str, body: NewNote) -> Answer:
    """Colleagues read it; the customer never does."""
    card = get_card(code)
    require_write(card)
    return Answer(EntryAnswer.of(services.add_note(card, body.body, by=me(), mentions=body.mentions)))


@bp.operation("POST", "/cards/<code>/replies", scope="cards:write", summary="Answer the customer", body=NewReply,
              status=201, answer=EntryAnswer)  # fmt: skip
def create_reply(code: str, body: NewReply) -> Answer:
    """The customer reads it in the portal and is told once."""
    card = get_card(code)
    require_reply(card)
    if body.last_seen_entry_id is not None:
        refuse_if_stale(card, by=me(), seen_up_to=body.last_seen_entry_id)
    return Answer(EntryAnswer.of(services.add_reply(card, body.body, by=me())))


@bp.operation("POST", "/cards/<code>/assignment", scope="cards:write", summary="Make a colleague responsible",
              body=NewAssignment, answer=CardAnswer, gives_version=True)  # fmt: skip
def create_assignment(code: str, body: NewAssignment) -> Answer:
    """Or nobody. The colleague works on the card's board."""
    card = get_changeable(code)
    user = db.session.get(User, body.assignee_id) if body.assignee_id else None
    if body.assignee_id and user is None:
        # The same words as for a colleague of another board: who exists is not told.
        raise DomainError(_("This colleague does not work on this board."), code="no_access", field="assignee_id")
    if body.if_free:
        refuse_if_taken(card, by=me())
    services.assign(card, user, by=me())
    return shown(card)


@bp.operation("POST", "/cards/<code>/priority", scope="cards:write", summary="Set the priority", body=NewPriority,
              answer=CardAnswer, gives_version=True)  # fmt: skip
def create_priority(code: str, body: NewPriority) -> Answer:
    """One of four."""
    card = get_changeable(code)
    services.set_priority(card, body.priority, by=me())
    return shown(card)


@bp.operation("POST", "/cards/<code>/tags", scope="cards:write", summary="Set the tags", body=NewTags,
              answer=CardAnswer, gives_version=True)  # fmt: skip
def create_tags(code: str, body: NewTags) -> Answer:
    """The card carries exactly these afterwards."""
    card = get_changeable(code)
    services.set_tags(card, body.tags, by=me())
    return shown(card)


@bp.operation("POST", "/cards/<code>/title", scope="cards:write", summary="Rename a card", body=NewTitle,
              answer=CardAnswer, gives_version=True)  # fmt: skip
def create_title(code: str, body: NewTitle) -> Answer:
    """Another title."""
    card = get_changeable(code)
    services.rename(card, body.title, by=me())
    return shown(card)


@bp.operation("POST", "/cards/<code>/amount", scope="cards:write", summary="Set the amount", body=NewAmount,
              answer=CardAnswer, gives_version=True)  # fmt: skip
def create_amount(code: str, body: NewAmount) -> Answer:
    """The amount that the board shows and adds up."""
    card = get_changeable(code)
    services.set_amount(card, body.amount_rials, by=me())
    return shown(card)


@bp.operation("POST", "/cards/<code>/closure", scope="cards:write", summary="Finish the work", body=NewClosure,
              answer=CardAnswer, gives_version=True)  # fmt: skip
def create_closure(code: str, body: NewClosure) -> Answer:
    """Moves the card to a stage that ends the work. The customer of a ticket reads how it ended and is asked for an
    opinion; after the grace time the card closes by itself."""
    card = get_changeable(code)
    known = closing_stages(card)
    usual = card.pipeline.resolved_stage or (known[0] if known else None)
    stage = usual if body.stage_id is None else next((row for row in known if row.id == body.stage_id), None)
    if not known:
        raise DomainError(_("This board has no stage that ends the work. A manager of the board can add one."),
                          code="no_stage")  # fmt: skip
    if stage is None:
        raise DomainError(_("This stage does not end the work."), code="not_closing", field="stage_id")
    try:
        services.resolve(card, stage, cause=body.cause, solution=body.solution, by=me(), base_version=body.base_version)
    except Conflict as error:
        error.extra["card"] = {"code": card.code}
        raise
    return shown(get_card(code))


@bp.operation("POST", "/cards/<code>/reopening", scope="cards:write", summary="Reopen a card", body=NewReopening,
              answer=CardAnswer, gives_version=True)  # fmt: skip
def create_reopening(code: str, body: NewReopening) -> Answer:
    """Back to the first active stage, and to the agent who had it last."""
    card = get_card(code)
    require_write(card)
    services.reopen(card, by=me(), reason=body.reason)
    return shown(get_card(code))
