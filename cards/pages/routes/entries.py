"""Writing on a card: notes inside, replies to the customer; taking a reply back; whom one may ask."""

from typing import Any

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.errors import Conflict, Denied, DomainError, NotFound, problem, wants_json
from app.extensions import db
from app.forms import refuse
from app.i18n import _
from app.text import initials
from app.users.pictures import picture_url
from cards import services
from cards.models import Card, Entry
from cards.pages import page as pages
from cards.pages.blueprint import bp, done, get_card, me, require_open, require_write
from cards.pages.forms import NoteForm, ReplyForm, WritingForm, uploads
from cards.pages.people import load_people
from cards.pages.routes.card import draw
from cards.policies import can_reply, can_withdraw
from cards.services.meanwhile import missed, refuse_if_stale


@bp.post("/<code>/notes")
def create_note(code: str) -> ResponseReturnValue:
    card = get_card(code)
    require_write(card)
    form = NoteForm.from_request()
    if not form.validate():
        return refuse_note(card, form)
    try:
        entry = services.add_note(card, form.body.data or "", by=current_user, mentions=form.mentions.data or (),
                                  files=uploads(form.files), op_id=form.op_id.data or None)  # fmt: skip
    except DomainError as error:
        db.session.rollback()
        return refuse_note(card, form, error)
    return written(card, entry)


@bp.post("/<code>/replies")
def create_reply(code: str) -> ResponseReturnValue:
    card = get_card(code)
    require_reply(card)
    form = ReplyForm.from_request()
    if not form.validate():
        return refuse_reply(card, form)
    try:
        if form.last_seen_entry_id.data is not None and not form.send_anyway.data and not is_known(form):
            refuse_if_stale(card, by=current_user, seen_up_to=form.last_seen_entry_id.data)
        entry = services.add_reply(card, form.body.data or "", by=current_user, files=uploads(form.files),
                                   op_id=form.op_id.data or None)  # fmt: skip
    except DomainError as error:
        db.session.rollback()
        return refuse_reply(card, form, error)
    return written(card, entry)


def require_reply(card: Card) -> None:
    """Raise `Denied` or `Conflict` with the reason unless the current user may answer the customer."""
    require_write(card)
    require_open(card)
    if not can_reply(current_user, card):
        raise Denied(_("This is a request of colleagues: it has no customer to answer."))


def is_known(form: WritingForm) -> bool:
    """Whether this very act of writing was kept already: its answer was lost on the way, so it is given again."""
    return bool(form.op_id.data) and db.session.query(Entry.id).filter_by(op_id=form.op_id.data).first() is not None


def written(card: Card, entry: Entry) -> ResponseReturnValue:
    """Commit, and answer with the entry. The number of an act of writing belongs to one card and one author."""
    if entry.card_id != card.id or entry.author_id != current_user.id:
        db.session.rollback()
        raise Conflict(_("This was already written somewhere else. Please load the page again."), code="op_taken")
    db.session.commit()
    return done(card, entry=entry.id)


def refuse_note(card: Card, form: NoteForm, error: DomainError | None = None) -> ResponseReturnValue:
    """The refusal beside the note, which is kept as it was typed."""
    if wants_json():
        return refuse(form, error=error)
    if error is not None:
        form.take(error)
    return draw(pages.load(card.code, me()), note=form, status=error.status if error else 422,
                problem=error.message if error else None)  # fmt: skip


def refuse_reply(card: Card, form: ReplyForm, error: DomainError | None = None) -> ResponseReturnValue:
    """The refusal beside the reply, which is kept; a stale one comes with what was missed."""
    if error is not None and error.code == "stale" and wants_json():
        return problem(409, "stale", error.message, **what_was_missed(card, form))
    if wants_json():
        return refuse(form, error=error)
    if error is not None:
        form.take(error)
    return draw(pages.load(card.code, me()), reply=form, status=error.status if error else 422,
                problem=error.code if error else None)  # fmt: skip


def what_was_missed(card: Card, form: ReplyForm) -> dict[str, Any]:
    """{"missed": the entries as HTML, "last_entry_id": the newest of them}."""
    page = pages.load(card.code, me())
    found = missed(card, by=current_user, seen_up_to=form.last_seen_entry_id.data)
    items = [page.thread.message(entry) for entry in found]
    html = render_template("cards/_thread.html", page=page, card=card, items=items)
    return {"missed": html, "last_entry_id": max((entry.id for entry in found), default=0)}


@bp.post("/<code>/entries/<int:entry_id>/withdrawal")
def create_withdrawal(code: str, entry_id: int) -> ResponseReturnValue:
    card = get_card(code)
    entry = db.session.query(Entry).filter_by(id=entry_id, card_id=card.id).first()
    if entry is None:
        raise NotFound
    require_write(card)
    if entry.withdrawn_at is None and entry.kind == "reply" and not can_withdraw(current_user, card, entry):
        raise Denied(_("Only who wrote a reply, or a manager of the board, withdraws it."))
    services.withdraw_reply(card, entry, by=current_user)
    db.session.commit()
    return done(card, entry=entry.id)


@bp.get("/<code>/colleagues")
def colleagues(code: str) -> ResponseReturnValue:
    """Colleagues who reach this card's board, for a mention: {"colleagues": [{"id", "name", "initials",
    "picture"}]}."""
    card = get_card(code)
    found = load_people(card.pipeline_id).find(request.args.get("q", "")[:60], but=current_user)
    people = [
        {
            "id": user.id,
            "name": user.shown_name,
            "initials": initials(user.shown_name),
            "picture": picture_url(user.id, user.picture_id),
        }
        for user in found
    ]
    return jsonify({"colleagues": people})
