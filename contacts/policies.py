"""Who may do what with people and companies. Every member of staff serves every customer, so all may edit."""

from app.users.models import User
from contacts.models import Company, Contact


def can_edit(user: User, subject: Contact | Company) -> bool:
    """Names, points of contact, tier, memberships. What is archived is brought back first."""
    return user.is_active and subject.archived_at is None


def can_archive(user: User, subject: Contact | Company) -> bool:
    """Take off the lists, or bring back. Who was forgotten does not come back."""
    return user.is_manager and not (isinstance(subject, Contact) and subject.erased_at is not None)


def can_export(user: User, contact: Contact) -> bool:
    """Make the archive of a person's data, to be given to them: who leads the work answers such wishes."""
    return user.is_manager and contact.erased_at is None


def can_erase(user: User) -> bool:
    """Forget a person for good."""
    return user.is_admin
