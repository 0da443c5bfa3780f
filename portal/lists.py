"""Lists of requests and orders, ready for a template."""

from collections.abc import Sequence
from datetime import date

from cards.models import Card
from contacts.models import Contact
from portal.queries.orders import Listed
from portal.queries.requests import last_entries
from portal.queries.steps import reached_by_card, steps_by_pipeline
from portal.serialisers import OrderRow, RequestRow, Step, order_row_of, request_row_of, steps_of


def rows(reader: Contact, cards: Sequence[Card], orders: Sequence[Listed]) -> tuple[list[RequestRow], list[OrderRow]]:
    """What the reader may see of these, in the given order. At most three queries, whatever their number."""
    on_boards = [*cards, *(row.order.card for row in orders)]
    if not on_boards:
        return [], []
    steps = steps_by_pipeline(card.pipeline_id for card in on_boards)
    reached = reached_by_card(card.id for card in on_boards)
    last = last_entries(card.id for card in cards) if cards else {}

    def rail(card: Card, promised_on: date | None = None) -> tuple[Step, ...]:
        return steps_of(card, steps[card.pipeline_id], reached[card.id], promised_on=promised_on)

    requests = [request_row_of(card, reader, rail(card), last.get(card.id)) for card in cards]
    order_rows = [order_row_of(row, reader, rail(row.order.card, row.order.promised_on)) for row in orders]
    return requests, order_rows
