"""What happened with orders, in words: for the timeline of a contact, and for the history on a card's page."""

from __future__ import annotations

from datetime import date

from flask import url_for
from markupsafe import Markup

from app.dates import format_date
from app.events import Event
from app.filters import digits, toman
from app.i18n import _
from cards.pages import sentences
from cards.pages.sentences import Names
from contacts.timeline import Known, Line, say, words
from orders.models.invoice import METHODS


def link(number: str) -> Markup:
    """The number of an order, leading to its page."""
    return Markup('<a class="link" href="{}"><bdi class="code">{}</bdi></a>').format(
        url_for("orders.show", number=number), number
    )


def code(value: object) -> Markup:
    """A number that is copied: an invoice's, a parcel's."""
    return Markup('<bdi class="code">{}</bdi>').format(value)


def day(text: str | None) -> str:
    """A stored day as people read it; a word for none."""
    return format_date(date.fromisoformat(text), "medium") if text else _("no day")


def sentence_of(event: Event) -> Markup | None:
    """One sentence for what happened to an order, its parcels, bills and payments."""
    data, number = event.data, link(event.data.get("order", ""))
    if event.name == "order.created":
        return say(_("Order %(order)s was placed, %(amount)s"), order=number, amount=toman(data.get("total_rials")))
    if event.name == "order.shipped":
        tracking = data.get("tracking_code")
        if tracking:
            return say(
                _("A parcel of order %(order)s went out, tracking code %(code)s"), order=number, code=code(tracking)
            )
        return say(_("A parcel of order %(order)s went out"), order=number)
    if event.name == "shipment.changed":
        if data.get("delivered"):
            return say(_("A parcel of order %(order)s was delivered"), order=number)
        return say(_("There is news of a parcel of order %(order)s"), order=number)
    if event.name == "order.changed":
        return say(_("The delivery of order %(order)s was changed"), order=number)
    if event.name == "order.promised":
        return say(_("Order %(order)s is promised for %(day)s now; before, for %(before)s"), order=number,
                   day=day(data.get("to")), before=day(data.get("from")))  # fmt: skip
    return None


def sentence_of_money(event: Event) -> Markup:
    """One sentence for a bill or a payment."""
    data, number = event.data, link(event.data.get("order", ""))
    invoice = code(data.get("invoice", ""))
    if event.name == "invoice.issued":
        return say(_("Invoice %(invoice)s for order %(order)s was issued, %(amount)s"), invoice=invoice, order=number,
                   amount=toman(data.get("total_rials")))  # fmt: skip
    if event.name == "invoice.voided":
        return say(_("Invoice %(invoice)s was taken back"), invoice=invoice)
    places = {"amount": toman(data.get("amount_rials")), "invoice": invoice,
              "method": METHODS.get(data.get("method", ""), "")}  # fmt: skip
    if data.get("reference"):
        places["reference"] = code(digits(data["reference"]))
        return say(_("Payment of %(amount)s for invoice %(invoice)s (%(method)s, reference %(reference)s)"), **places)
    return say(_("Payment of %(amount)s for invoice %(invoice)s (%(method)s)"), **places)


ICONS = {"order.created": "bag", "order.shipped": "truck", "shipment.changed": "truck", "order.changed": "edit",
         "order.promised": "clock", "invoice.issued": "receipt", "invoice.voided": "receipt",
         "payment.received": "card"}  # fmt: skip
ORDERS = ("order.created", "order.shipped", "shipment.changed", "order.changed", "order.promised")
MONEY = ("invoice.issued", "invoice.voided", "payment.received")


@words(*ORDERS, group="orders")
def _order(event: Event, _known: Known) -> Line | None:
    text = sentence_of(event)
    return Line(ICONS[event.name], text, event.data.get("reason", "")) if text else None


@words(*MONEY, group="orders")
def _money(event: Event, _known: Known) -> Line:
    return Line(ICONS[event.name], sentence_of_money(event))


@sentences.on(*ORDERS)
def _on_card(event: Event, _names: Names) -> str | None:
    text = sentence_of(event)
    return text.striptags() if text else None


@sentences.on(*MONEY)
def _money_on_card(event: Event, _names: Names) -> str:
    return sentence_of_money(event).striptags()


@sentences.on("card.linked", "card.unlinked")
def _linked(event: Event, names: Names) -> str:
    actor, number = names.actor(event), event.data.get("order", "")
    if event.name == "card.linked":
        return _("%(actor)s linked the card to order %(number)s", actor=actor, number=number)
    return _("%(actor)s took the link to order %(number)s off", actor=actor, number=number)
