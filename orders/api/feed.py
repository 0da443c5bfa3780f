"""Orders and products in the feed of events."""

from app.api import feed

feed.tell("orders:read", {
    "order.created": ("order", "total_rials"), "order.changed": ("order", "fields"),
    "order.promised": ("order", "from", "to"), "order.shipped": ("order", "shipment", "carrier", "tracking_code"),
    "shipment.changed": ("order", "shipment", "delivered"), "invoice.issued": ("order", "invoice", "total_rials"),
    "invoice.voided": ("order", "invoice"),
    "payment.received": ("order", "invoice", "payment", "amount_rials", "covers"),
})  # fmt: skip
feed.tell("products:read", {
    "product.created": ("sku",), "product.updated": (), "product.archived": (), "product.restored": (),
})  # fmt: skip
