"""Who gets what from the portal's addresses; see tests/app/test_route_matrix.py."""

from tests.access import customer, everybody

MATRIX = {
    "portal.account": customer(200, 200),
    "portal.choose_language": everybody(303),
    "portal.end_all_sessions": everybody(303),
    "portal.brand": everybody(200),
    "portal.logo": everybody(404),
    "portal.help": everybody(200),
    "portal.home": customer(200, 200),
    "portal.new_request": customer(200, 200),
    "portal.create_request": customer(422, 422),
    "portal.orders": customer(200, 200),
    "portal.show_order": customer(200, 404),
    "portal.requests": customer(200, 200),
    "portal.show_request": customer(200, 404),
    "portal.create_message": customer(422, 404),
    "portal.file": customer(200, 404),
    "portal.search": customer(200, 200),
    "portal.sign_in": everybody(200) | {"contact": 303},
    "portal.create_code": everybody(422),
    "portal.code": everybody(303),
    "portal.create_session": everybody(422),
    "portal.question": everybody(303),
    "portal.create_answer": everybody(422),
    "portal.end_session": everybody(303),
    "portal.survey": everybody(200),
    "portal.create_answer_of_survey": everybody(422),
}
