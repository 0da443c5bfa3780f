"""Requests: following one, and writing on it."""

from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.clock import utcnow
from app.codes import parse_code
from app.errors import DomainError, NotFound
from app.extensions import db
from app.files import send
from app.forms import refuse
from app.policies import require
from cards.models import Attachment, Entry
from cards.surveys import token_for
from portal import lists
from portal.access import signed_in
from portal.blueprint import bp
from portal.forms import MessageForm, uploads
from portal.pages import render
from portal.policies import can_write_on
from portal.queries import requests as queries
from portal.queries.steps import reached_by_card, steps_by_pipeline
from portal.serialisers import request_of, steps_of
from portal.services.requests import write_message


@bp.get("/requests")
def requests() -> ResponseReturnValue:
    cards, after = queries.requests_of(signed_in(), after=parse_code(request.args.get("after")))
    rows, _orders = lists.rows(signed_in(), cards, ())
    return render("requests", requests=rows, after=after)


@bp.get("/requests/<code>")
def show_request(code: str) -> ResponseReturnValue:
    return render("request", form=MessageForm(op_id=str(uuid4())), **_page(_get_request(code)))


@bp.post("/requests/<code>/messages")
def create_message(code: str) -> ResponseReturnValue:
    found = _get_request(code, whole=True)
    card = found.card
    require(can_write_on(signed_in(), card))
    form = MessageForm.from_request()
    if not form.validate():
        return refuse(form, "portal/request.html", **_page(found))
    try:
        write_message(
            signed_in(), card, form.body.data or "", files=uploads(form.files.data), op_id=form.op_id.data or ""
        )
    except DomainError as error:
        db.session.rollback()
        return refuse(form, "portal/request.html", error=error, **_page(_get_request(code)))
    db.session.commit()
    return redirect(url_for("portal.show_request", code=card.code, _anchor="newest"), 303)


@bp.get("/requests/<code>/files/<file_code>")
def file(code: str, file_code: str) -> ResponseReturnValue:
    card = _get_request(code).card
    query = sa.select(Attachment).join(Entry, Entry.id == Attachment.entry_id)
    query = query.where(Attachment.card_id == card.id, Attachment.code == file_code, Attachment.visibility == "portal")
    attachment = db.session.scalar(query.where(Entry.visibility == "portal", Entry.withdrawn_at.is_(None)))
    if attachment is None:
        raise NotFound
    return send(attachment.file, attachment.name, inline=True)


def _get_request(code: str, *, whole: bool = False) -> queries.Found:
    """The request with this tracking code in any spelling; `NotFound` when the customer cannot reach it."""
    found = queries.find_request(signed_in(), parse_code(code) or "", whole=whole)
    if found is None:
        raise NotFound
    return found


def _page(found: queries.Found) -> dict[str, Any]:
    """What the page of a request shows, ready for its template. Four queries."""
    card, survey, changes = found
    reader = signed_in()
    entries, has_earlier = queries.thread_of(card, whole="all" in request.args)
    steps = steps_of(card, steps_by_pipeline([card.pipeline_id])[card.pipeline_id], reached_by_card([card.id])[card.id])
    is_open = survey is not None and not survey.is_answered and survey.expires_at > utcnow()
    shown = request_of(
        card, reader, steps=steps, entries=entries, has_earlier=has_earlier, orders=queries.linked_orders(reader, card),
        survey=survey, survey_is_open=is_open, promises=changes,
    )  # fmt: skip
    token = token_for(survey) if survey is not None and shown.survey == "ask" else ""
    return {"shown": shown, "survey_token": token, "is_new": "sent" in request.args}
