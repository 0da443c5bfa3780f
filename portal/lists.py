"""Lists of requests and orders, ready for a template."""

from collections.abc import Sequence

from cards.models import Card
from contacts.models import Contact
from orders.models import Order
from portal.queries.orders import goods_of
from portal.queries.requests import last_entries
from portal.queries.steps import reached_by_card, steps_by_pipeline
from portal.serialisers import OrderRow, RequestRow, order_row_of, request_row_of, steps_of


def rows(reader: Contact, cards: Sequence[Card], orders: Sequence[Order]) -> tuple[list[RequestRow], list[OrderRow]]:
    """What the reader may see of these, in the given order. At most four queries, whatever their number."""
    on_boards = [*cards, *(order.card for order in orders)]
    if not on_boards:
        return [], []
    steps = steps_by_pipeline(card.pipeline_id for card in on_boards)
    reached = reached_by_card(card.id for card in on_boards)
    last = last_entries(card.id for card in cards) if cards else {}
    goods = goods_of(orders) if orders else {}
    requests = [
        request_row_of(card, reader, steps_of(card, steps[card.pipeline_id], reached[card.id]), last.get(card.id))
        for card in cards
    ]
    order_rows = [
        order_row_of(order, reader, steps_of(order.card, steps[order.card.pipeline_id], reached[order.card_id],
                                             promised_on=order.promised_on), goods.get(order.id, ("", 0)))
        for order in orders
    ]  # fmt: skip
    return requests, order_rows
