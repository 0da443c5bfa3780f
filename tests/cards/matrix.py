"""Who gets what from the addresses of cards; see tests/app/test_route_matrix.py.

Asked for is a card of the support board, with nothing in the form. `anon` has not signed in, `contact` is signed in to
the portal only, `agent` works on the board, `stranger` on another one, `manager` is a manager of the board.
"""

_SIGN_IN = {"anon": 303, "contact": 303}
_PAGE = _SIGN_IN | {"agent": 200, "stranger": 404, "manager": 200, "admin": 200}
_OWN = _SIGN_IN | {"agent": 200, "stranger": 200, "manager": 200, "admin": 200}
_CHANGE = _SIGN_IN | {"agent": 303, "stranger": 404, "manager": 303, "admin": 303}
_FILLED_IN = _SIGN_IN | {"agent": 422, "stranger": 404, "manager": 422, "admin": 422}
_NOTHING = _SIGN_IN | {"agent": 404, "stranger": 404, "manager": 404, "admin": 404}
# Strangers have a board of their own on which they may open cards.
_OPENING = _SIGN_IN | {"agent": 422, "stranger": 422, "manager": 422, "admin": 422}
_TOLD = _SIGN_IN | {"agent": 303, "stranger": 303, "manager": 303, "admin": 303}

MATRIX = {
    "cards.show": _PAGE,
    "cards.entries": _PAGE,
    "cards.customer_view": _PAGE,
    "cards.colleagues": _PAGE,
    "cards.closure": _PAGE,
    "cards.attachment": _NOTHING,
    "cards.new": _OWN,
    "cards.create": _OPENING,
    "cards.create_note": _FILLED_IN,
    "cards.create_reply": _FILLED_IN,
    "cards.create_withdrawal": _NOTHING,
    "cards.create_closure": _FILLED_IN,
    "cards.create_reopening": _FILLED_IN,
    "cards.create_assignment": _CHANGE,
    "cards.create_priority": _FILLED_IN,
    "cards.create_tags": _CHANGE,
    "cards.create_title": _FILLED_IN,
    "cards.create_read": _CHANGE,
    "work.index": _OWN,
    "notifications.index": _OWN,
    "notifications.create_read": _TOLD,
}
