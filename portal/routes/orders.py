"""Orders: the list, and the page of one."""

from flask import request
from flask.typing import ResponseReturnValue

from app.dates import today
from app.errors import NotFound
from portal import lists
from portal.access import signed_in
from portal.blueprint import bp
from portal.pages import render
from portal.queries import orders as queries
from portal.queries.steps import reached_by_card, steps_by_pipeline
from portal.serialisers import order_of, steps_of


@bp.get("/orders")
def orders() -> ResponseReturnValue:
    found, after = queries.orders_of(signed_in(), after=request.args.get("after", "")[:60])
    _requests, rows = lists.rows(signed_in(), (), found)
    return render("orders", orders=rows, after=after)


@bp.get("/orders/<number>")
def show_order(number: str) -> ResponseReturnValue:
    found = queries.find_order(signed_in(), number)
    if found is None:
        raise NotFound
    order, promise = found
    card = order.card
    steps = steps_of(card, steps_by_pipeline([card.pipeline_id])[card.pipeline_id], reached_by_card([card.id])[card.id],
                     promised_on=order.promised_on)  # fmt: skip
    return render("order", order=order_of(order, signed_in(), steps, promise=promise, today=today()))
