"""The verbs of orders, invoices and stock. Pages, imports and the demo all call these; none of them commits."""

from orders.services.invoicing import add_payment, issue_invoice, void_invoice
from orders.services.linking import link_card_to_order, unlink_card_from_order
from orders.services.ordering import Delivery, NewLine, change_delivery, create_order
from orders.services.products import (
    add_warehouse,
    archive_product,
    create_product,
    restore_product,
    update_product,
)
from orders.services.shipping import add_shipment, add_shipment_event, set_tracking_code
from orders.services.stock import move_stock, set_stock

__all__ = ["Delivery", "NewLine", "add_payment", "add_shipment", "add_shipment_event", "add_warehouse",
           "archive_product", "change_delivery", "create_order", "create_product", "issue_invoice",
           "link_card_to_order", "move_stock", "restore_product", "set_stock", "set_tracking_code",
           "unlink_card_from_order", "update_product", "void_invoice"]  # fmt: skip
