"""The blueprint of the card's page, and what all its routes begin and end with."""

from typing import Any, TypeVar

from flask import Blueprint, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.auth.guards import require_staff
from app.codes import parse_code
from app.errors import Conflict, Denied, DomainError, NotFound, wants_json
from app.extensions import db
from app.forms import Form
from app.i18n import _
from app.links import own_path
from app.users.models import User
from cards.models import Card
from cards.policies import can_write

bp = Blueprint("cards", __name__, url_prefix="/cards")
bp.before_request(require_staff)

F = TypeVar("F", bound=Form)


def me() -> User:
    """The signed-in user itself: a page asks for it hundreds of times, and the proxy looks it up each time."""
    user: User = current_user._get_current_object()  # noqa: SLF001
    return user


def stored(code: str) -> str:
    """The stored form of a typed code. Raises `NotFound` when it is none."""
    found = parse_code(code)
    if found is None:
        raise NotFound
    return found


def get_card(code: str) -> Card:
    """The card with this tracking code, typed in any form; `NotFound` when the current user cannot reach it."""
    card = db.session.scalar(Card.visible_to(current_user).where(Card.code == stored(code)))
    if card is None:
        raise NotFound
    return card


def require_write(card: Card) -> None:
    """Raise `Denied` unless the current user works on the card's board."""
    if not can_write(current_user, card):
        raise Denied(_("You can read this board; its members write and change things here."))


def require_open(card: Card) -> None:
    """Raise `Conflict` when the card is in the archive."""
    if card.is_closed:
        raise Conflict(_("This card is closed. Reopen it first."), code="closed")


def checked(form: F) -> F:
    """The form when it is valid. Raises a `DomainError` with its first sentence otherwise: for forms of one field."""
    if form.validate():
        return form
    name, sentence = next(iter(form.sentences.items()), (None, form.refusal))
    raise DomainError(sentence or _("Something in the form needs another look."), field=name)


def done(card: Card, **more: Any) -> ResponseReturnValue:
    """The answer to a change: JSON for scripts, the way back to the page for forms."""
    if wants_json():
        mark = {"id": card.id, "version": card.version, "stage": card.stage_id}
        return jsonify({"ok": True, "card": mark, **more})
    return redirect(way_back(url_for("cards.show", code=card.code)), 303)


def way_back(default: str) -> str:
    """Where the form was: a path of ours named by the field `back`, else the default."""
    return own_path(request.form.get("back"), default)
