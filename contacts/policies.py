"""Who may do what with people and companies. Every member of staff serves every customer, so all may edit."""

from app.users.models import User
from contacts.models import Company, Contact


def can_edit(user: User, subject: Contact | Company) -> bool:
    """Names, points of contact, tier, memberships. What is archived is brought back first."""
    return user.is_active and subject.archived_at is None


def can_archive(user: User, _subject: Contact | Company) -> bool:
    """Take off the lists, or bring back."""
    return user.is_manager
