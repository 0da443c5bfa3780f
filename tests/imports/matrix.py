"""Who gets what from the addresses of imports; see tests/app/test_route_matrix.py."""

from tests.access import admins

MATRIX = {
    "imports.index": admins(200),
    "imports.new": admins(200),
    "imports.create": admins(422),
    "imports.mapping": admins(200),
    "imports.create_reading": admins(422),
    "imports.create_check": admins(422),
    "imports.create_run": admins(303),
    "imports.show": admins(303),
    "imports.progress": admins(200),
    "imports.create_error_file": admins(200),
    "imports.undo": admins(303),
    "imports.create_undo": admins(409),
}
