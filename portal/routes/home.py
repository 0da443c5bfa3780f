"""The first page: what is under way, and what one can do."""

from flask.typing import ResponseReturnValue

from portal import lists
from portal.access import signed_in
from portal.blueprint import bp
from portal.pages import render
from portal.queries.orders import orders_of
from portal.queries.requests import latest_requests

SHOWN = 4


@bp.get("/")
def home() -> ResponseReturnValue:
    contact = signed_in()
    cards = latest_requests(contact, SHOWN)
    orders, _more = orders_of(contact, limit=SHOWN)
    requests, rows = lists.rows(contact, cards, orders)
    return render("home", requests=requests, orders=rows)
