"""Who gets what from the addresses of people and companies; see tests/app/test_route_matrix.py."""

from tests.access import all_staff, staff

MATRIX = {
    "contacts.index": all_staff(200),
    "contacts.choices": all_staff(200),
    "contacts.new": all_staff(200),
    "contacts.create": all_staff(422),
    "contacts.show": all_staff(200),
    "contacts.create_profile": all_staff(422),
    "contacts.create_archival": staff(403, 403, 303, 303),
    "contacts.create_restoration": staff(403, 403, 303, 303),
    "contacts.create_membership": all_staff(422),
    "contacts.show_membership": all_staff(200),
    "contacts.create_rights": all_staff(303),
    "contacts.create_ending": all_staff(303),
    "contacts.create_point": all_staff(422),
    "contacts.create_point_removal": all_staff(303),
    "contacts.create_point_primacy": all_staff(303),
    "companies.index": all_staff(200),
    "companies.choices": all_staff(200),
    "companies.new": all_staff(200),
    "companies.create": all_staff(422),
    "companies.show": all_staff(200),
    "companies.create_profile": all_staff(422),
    "companies.create_person": all_staff(422),
    "companies.create_archival": staff(403, 403, 303, 303),
    "companies.create_restoration": staff(403, 403, 303, 303),
}
