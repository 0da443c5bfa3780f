"""Who gets what from the portal's addresses; see tests/app/test_route_matrix.py.

"anyone": open without signing in. "customer": behind the portal's guard, nobody and staff are sent to sign in.
"own": the same, and what belongs to another customer is not there.
"""

ANYONE, CUSTOMER, OWN = "anyone", "customer", "own"

MATRIX = {
    "portal.sign_in": {"access": ANYONE},
    "portal.create_code": {"access": ANYONE},
    "portal.code": {"access": ANYONE},
    "portal.create_session": {"access": ANYONE},
    "portal.question": {"access": ANYONE},
    "portal.create_answer": {"access": ANYONE},
    "portal.end_session": {"access": ANYONE},
    "portal.choose_language": {"access": ANYONE},
    "portal.brand": {"access": ANYONE},
    "portal.logo": {"access": ANYONE},
    "portal.help": {"access": ANYONE},
    "portal.survey": {"access": ANYONE},
    "portal.create_answer_of_survey": {"access": ANYONE},
    "portal.home": {"access": CUSTOMER},
    "portal.requests": {"access": CUSTOMER},
    "portal.new_request": {"access": CUSTOMER},
    "portal.create_request": {"access": CUSTOMER},
    "portal.orders": {"access": CUSTOMER},
    "portal.account": {"access": CUSTOMER},
    "portal.end_all_sessions": {"access": CUSTOMER},
    "portal.show_request": {"access": OWN},
    "portal.create_message": {"access": OWN},
    "portal.file": {"access": OWN},
    "portal.show_order": {"access": OWN},
}
