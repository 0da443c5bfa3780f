"""The archive, for programs: people and companies go there and come back alike."""

from collections.abc import Callable
from typing import TypeVar

from app.api.access import me
from app.policies import require
from contacts.models import Company, Contact
from contacts.policies import can_archive

Subject = TypeVar("Subject", Contact, Company)


def moved(subject: Subject, verb: Callable[..., None]) -> Subject:
    """The person or company after `verb`, which archives it or brings it back. The token's user is a manager."""
    require(can_archive(me(), subject))
    verb(subject, by=me())
    return subject
