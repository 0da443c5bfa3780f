"""People, departments and their answered questions, as customers know them."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.users.models import User
from contacts.models import Contact, ContactPoint
from knowledge.models import FaqEntry
from pipelines.models import Department as DepartmentRow


@dataclass(frozen=True, slots=True)
class Me:
    """The signed-in customer, for the frame of the page."""

    name: str
    # How a letter to them begins: the honorific with the name, else the name.
    greeting: str


@dataclass(frozen=True, slots=True)
class Faq:
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Department:
    slug: str
    name: str
    icon: str
    faq: tuple[Faq, ...] = ()


@dataclass(frozen=True, slots=True)
class Point:
    """A way to reach the customer. `kind`: mobile, phone, email, address."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Account:
    name: str
    points: tuple[Point, ...]
    companies: tuple[str, ...]


def account_of(contact: Contact, points: Iterable[ContactPoint]) -> Account:
    companies = tuple(membership.company.shown_name for membership in contact.active_memberships)
    return Account(contact.shown_name, tuple(Point(row.kind, row.normalised) for row in points), companies)


def me_of(contact: Contact) -> Me:
    name = contact.shown_name
    return Me(name, f"{contact.honorific} {name}".strip())


def agent_name(user: User | None) -> str:
    """The only name of a colleague that leaves the house: the display name, else the first name; "" for nobody."""
    if user is None:
        return ""
    return user.display_name or (user.shown_name.split() or [""])[0]


def faq_of(row: FaqEntry) -> Faq:
    return Faq(row.question, row.answer)


def department_of(row: DepartmentRow, faq: Iterable[FaqEntry] = ()) -> Department:
    return Department(row.slug, row.name, row.icon, tuple(faq_of(entry) for entry in faq))
