"""Who gets what from the addresses of questions and answers; see tests/app/test_route_matrix.py."""

from tests.access import admins

MATRIX = {
    "faq.index": admins(200),
    "faq.new": admins(200),
    "faq.create": admins(422),
    "faq.show": admins(200),
    "faq.update": admins(422),
    "faq.create_position": admins(422),
}
