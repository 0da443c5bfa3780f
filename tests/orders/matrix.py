"""Who gets what from the addresses of orders, products and stock; see tests/app/test_route_matrix.py."""

from tests.access import all_staff, staff

MATRIX = {
    "orders.index": all_staff(200),
    "orders.new": staff(403, 200, 403, 200),
    "orders.create": staff(403, 422, 403, 422),
    "orders.show": all_staff(200),
    "orders.create_delivery": staff(403, 303, 403, 303),
    "orders.create_invoice": staff(403, 409, 403, 409),
    "orders.create_voidance": staff(403, 409, 403, 409),
    "orders.create_payment": staff(403, 422, 403, 422),
    "orders.create_shipment": staff(403, 422, 403, 422),
    "orders.create_tracking_code": staff(403, 422, 403, 422),
    "orders.create_shipment_event": staff(403, 422, 403, 422),
    "products.index": all_staff(200),
    "products.choices": all_staff(200),
    "products.new": staff(403, 403, 200, 200),
    "products.create": staff(403, 403, 422, 422),
    "products.show": all_staff(200),
    "products.create_profile": staff(403, 403, 422, 422),
    "products.create_stock_move": staff(403, 422, 422, 422),
    "products.create_archival": staff(403, 403, 303, 303),
    "products.create_restoration": staff(403, 403, 303, 303),
    "order_links.create_order_link": staff(404, 422, 422, 422),
    "order_links.create_order_link_removal": staff(404, 422, 422, 422),
    "warehouses.create": staff(403, 403, 422, 422),
}
