"""The page of a card, and the pieces that keep an open page up to date."""

from collections.abc import Sequence

from flask import jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.extensions import db
from cards.models import Entry
from cards.pages import page as pages
from cards.pages.blueprint import bp, me, stored
from cards.pages.forms import NoteForm, ReplyForm
from cards.pages.page import CardPage

LARGEST = 2**53


@bp.get("/<code>")
def show(code: str) -> ResponseReturnValue:
    page = pages.load(stored(code), me())
    if code != page.card.code:
        return redirect(url_for("cards.show", code=page.card.code))
    page.before = number("before")
    return draw(page)


def draw(page: CardPage, *, note: NoteForm | None = None, reply: ReplyForm | None = None, status: int = 200,
         problem: str | None = None) -> ResponseReturnValue:  # fmt: skip
    """The whole page; `note` or `reply` is what was refused, with `problem` as its sentence."""
    html = render_template("cards/show.html", page=page, card=page.card, note=note or NoteForm(), problem=problem,
                           reply=reply or ReplyForm(), is_replying=reply is not None)  # fmt: skip
    return html, status


@bp.get("/<code>/entries")
def entries(code: str) -> ResponseReturnValue:
    """JSON for an open page: with `after` (and `events_after`) what is new and the parts of the page that change; with
    `before` the stretch before that entry; with `only` one entry as it is now."""
    page = pages.load(stored(code), me())
    if (only := number("only")) is not None:
        message = page.thread.one(only)
        return jsonify({"html": _thread(page, [message]) if message else "", "entry": only})
    if (before := number("before")) is not None:
        page.before = before
        return jsonify({"html": _thread(page, page.timeline.items), "older": page.timeline.older})
    stretch = page.thread.after(entry_id=number("after") or 0, event_id=number("events_after") or 0)
    return jsonify({
        "html": _thread(page, stretch.items), "last_entry": stretch.last_entry_id, "last_event": stretch.last_event_id,
        "version": page.card.version, "is_closed": page.card.is_closed,
        "parts": render_template("cards/_parts.html", page=page, card=page.card),
    })  # fmt: skip


@bp.get("/<code>/customer-view")
def customer_view(code: str) -> ResponseReturnValue:
    """What the customer sees of this card, for the dialog that shows it to a colleague."""
    page = pages.load(stored(code), me())
    shown = db.session.scalars(Entry.visible_in_portal(page.card.id)).all()
    messages = [page.thread.message(entry) for entry in shown]
    return render_template("cards/_customer_view.html", page=page, card=page.card, messages=messages)


def _thread(page: CardPage, items: Sequence[object]) -> str:
    return render_template("cards/_thread.html", page=page, card=page.card, items=items)


def number(name: str) -> int | None:
    """A whole number of the query; None when it is missing or none."""
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 17 and int(text) < LARGEST else None
