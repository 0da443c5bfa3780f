"""Who gets what from the audit; see tests/app/test_route_matrix.py."""

from tests.access import admins

MATRIX = {
    "audit.index": admins(200),
    "audit.create_export": admins(200),
    "audit.update_retention": admins(422),
}
