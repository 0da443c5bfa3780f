"""People, companies, how to reach them, and who belongs where."""

from contacts.models.company import Company, Membership
from contacts.models.contact import TIERS, Contact
from contacts.models.point import ContactPoint
from contacts.models.privacy import DataExport, Erasure

__all__ = ["TIERS", "Company", "Contact", "ContactPoint", "DataExport", "Erasure", "Membership"]
