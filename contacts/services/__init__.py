"""The verbs of people and companies. HTML forms, the portal, channels and imports all call these; none commits."""

from contacts.queries import find_by_point
from contacts.services.companies import archive_company, create_company, restore_company, update_company
from contacts.services.finding import find_or_create_contact
from contacts.services.memberships import add_membership, change_membership, end_membership
from contacts.services.people import archive_contact, create_contact, restore_contact, update_contact
from contacts.services.points import add_point, make_primary, normalise, remove_point

__all__ = ["add_membership", "add_point", "archive_company", "archive_contact", "change_membership", "create_company",
           "create_contact", "end_membership", "find_by_point",
           "find_or_create_contact", "make_primary", "normalise", "remove_point",
           "restore_company", "restore_contact", "update_company", "update_contact"]  # fmt: skip
