"""The promise of a card: why it says what it says, and promising another time."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.dates import local_day, to_local
from app.errors import DomainError
from app.extensions import db
from app.forms import refuse
from app.i18n import _
from cards.models import Card
from cards.pages.blueprint import bp, get_card, require_open, require_write
from cards.pages.forms import PromiseForm
from cards.pages.promise import story_of, suggestion
from cards.policies import can_write
from cards.promises import words
from cards.promises.clock import hours_of
from cards.services.promising import promise_by_hand

PAGE = "cards/promise.html"


@bp.get("/<code>/promise")
def promise(code: str) -> ResponseReturnValue:
    card = get_card(code)
    at = suggestion(card)
    form = PromiseForm(day=local_day(at), time=to_local(at).hour * 60 + to_local(at).minute)
    return render_template(PAGE, form=form, **_context(card))


@bp.post("/<code>/promise")
def create_promise(code: str) -> ResponseReturnValue:
    card = get_card(code)
    require_write(card)
    require_open(card)
    form = PromiseForm.from_request()
    if not form.validate():
        return refuse(form, PAGE, **_context(card))
    zone = ZoneInfo(hours_of(card).timezone)
    at = datetime.combine(form.day.data, time(), zone) + timedelta(minutes=form.time.data)
    try:
        promise_by_hand(card, at, reason=form.reason.data or "", by=current_user)
    except DomainError as error:
        db.session.rollback()
        return refuse(form, PAGE, error=error, **_context(get_card(code)))
    db.session.commit()
    flash(_("Promised for %(when)s. The customer reads it with your reason.", when=words.by_when(at)))
    return redirect(url_for("cards.show", code=card.code), 303)


def _context(card: Card) -> dict[str, Any]:
    can_promise = can_write(current_user, card) and card.is_request and not card.is_resolved and not card.is_closed
    return {"card": card, "story": story_of(card), "shown": words.on_card(card), "can_promise": can_promise}
