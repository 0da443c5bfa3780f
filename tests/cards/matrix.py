"""Who gets what from boards and cards, asked for a request of the support board; see tests/app/test_route_matrix.py."""

from tests.access import all_staff, staff

MATRIX = {
    "cards.attachment": staff(404, 200, 200, 200),
    "cards.show": staff(404, 200, 200, 200),
    "cards.entries": staff(404, 200, 200, 200),
    "cards.customer_view": staff(404, 200, 200, 200),
    "cards.closure": staff(404, 200, 200, 200),
    "cards.create_closure": staff(404, 422, 422, 422),
    "cards.create_reopening": staff(404, 422, 422, 422),
    "cards.create_note": staff(404, 422, 422, 422),
    "cards.create_reply": staff(404, 422, 422, 422),
    "cards.create_withdrawal": staff(404, 303, 303, 303),
    "cards.colleagues": staff(404, 200, 200, 200),
    "cards.new": all_staff(200),
    "cards.create": all_staff(422),
    "cards.create_assignment": staff(404, 303, 303, 303),
    "cards.create_priority": staff(404, 422, 422, 422),
    "cards.create_tags": staff(404, 303, 303, 303),
    "cards.create_title": staff(404, 422, 422, 422),
    "cards.create_read": staff(404, 303, 303, 303),
    "boards.show": staff(404, 200, 200, 200),
    "boards.more": staff(404, 422, 422, 422),
    "boards.faces": staff(404, 200, 200, 200),
    "boards.sync": staff(404, 422, 422, 422),
    "work.index": all_staff(200),
    "notifications.index": all_staff(200),
    "notifications.create_read": all_staff(303),
    "placement.create_placement": staff(404, 422, 422, 422),
}
