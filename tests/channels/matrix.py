"""Who gets what from the addresses of messages; see tests/app/test_route_matrix.py."""

from tests.access import admins

MATRIX = {
    "mail_server.show": admins(200),
    "mail_server.update": admins(422),
    "mail_server.create_test": admins(422),
    "message_texts.index": admins(200),
    "message_texts.show": admins(200),
    "message_texts.update": admins(303),
    "sent.index": admins(200),
    "sent.decide": admins(422),
    "sent.decide_held": admins(422),
}
