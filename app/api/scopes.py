"""What a token may be used for. A scope narrows the rights of the token's user and never adds to them."""

from app.i18n import _l

SCOPES = {
    "contacts:read": _l("Read contacts and companies"),
    "contacts:write": _l("Add, change and archive contacts and companies"),
    "products:read": _l("Read products and stock"),
    "products:write": _l("Add and change products, record stock"),
    "orders:read": _l("Read orders, shipments, invoices and payments"),
    "orders:write": _l("Add orders, shipments, invoices and payments"),
    "pipelines:read": _l("Read boards, stages and who works on them"),
    "cards:read": _l("Read cards and what customers read on them"),
    "cards:write": _l("Open, move, answer, assign, finish and reopen cards"),
    "notes:read": _l("Read internal notes"),
    "notes:write": _l("Write internal notes"),
    "events:read": _l("Follow events"),
}
