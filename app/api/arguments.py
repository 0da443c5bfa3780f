"""What the document says of the parts of addresses, and of the groups of operations."""

from typing import Any

from app.api.shapes import LARGEST_ID

TAGS = {
    "Token": "Who the token's user is and what the token is for.",
    "Contacts": "People we serve.",
    "Companies": "Companies that buy, and the people who act for them.",
    "Products": "What we sell, and how many lie where.",
    "Orders": "Orders, what was shipped, billed and paid. Where an order stands is the stage of its card.",
    "Pipelines": "Boards, their stages, and who works on them.",
    "Cards": "Tickets, deals, orders and tasks on their way through a pipeline.",
    "Events": "What happened, in order.",
}


def _text(about: str, example: str, pattern: str = "^[^/]{1,64}$") -> dict[str, Any]:
    return {"description": about, "schema": {"type": "string", "pattern": pattern}, "example": example}


def _number(about: str) -> dict[str, Any]:
    return {"description": about, "schema": {"type": "integer", "minimum": 1, "maximum": LARGEST_ID}, "example": 1}


ARGUMENTS = {
    "code": _text("The code, in any spelling.", "7KQD3XHT4"),
    "slug": _text("The name of the board in its address.", "support"),
    "number": _text("The order's number.", "10001"),
    "invoice_number": _text("The invoice's number.", "F-1405-0001"),
    "sku": _text("The product's code.", "KEY-01"),
    "entry_id": _number("The id of the entry."),
    "shipment_id": _number("The id of the shipment."),
    "point_id": _number("The id of the point of contact."),
    "membership_id": _number("The id of the membership."),
}
