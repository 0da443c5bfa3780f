"""Tickets and deals, told step by step."""

import re
from dataclasses import dataclass
from typing import Literal

Channel = Literal["portal", "phone", "email"]


@dataclass(frozen=True, slots=True)
class Said:
    """The customer wrote."""

    after_hours: float
    text: str
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Replied:
    """A colleague answered; the customer reads it."""

    after_hours: float
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class Noted:
    """A colleague's internal note; `@key` in the text mentions a colleague."""

    after_hours: float
    by: str
    text: str

    @property
    def mentions(self) -> tuple[str, ...]:
        """Keys of the colleagues mentioned, in order of appearance, each once."""
        return tuple(dict.fromkeys(re.findall(r"@([a-z]+)", self.text)))


@dataclass(frozen=True, slots=True)
class Moved:
    """A colleague moved the card to a stage that does not close it."""

    after_hours: float
    by: str
    stage: str


@dataclass(frozen=True, slots=True)
class Assigned:
    """`to` took the card over; `by` may be the same person."""

    after_hours: float
    by: str
    to: str


@dataclass(frozen=True, slots=True)
class Prioritised:
    after_hours: float
    by: str
    priority: int


@dataclass(frozen=True, slots=True)
class Closing:
    """The closing form was filled in and the card entered `stage`, of a closing kind.

    `wrong` is empty where nothing was.
    """

    after_hours: float
    by: str
    stage: str
    done: str
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Reopening:
    """The card came back, to the first active stage and the last assignee.

    `by` None: the customer did it in the portal.
    """

    after_hours: float
    by: str | None
    reason: str


Step = Said | Replied | Noted | Moved | Assigned | Prioritised | Closing | Reopening


@dataclass(frozen=True, slots=True)
class Survey:
    """Marks from 1 to 5, given this long after the last closing."""

    after_hours: float
    speed: int
    usefulness: int
    behaviour: int
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A ticket or a deal.

    `text` is the customer's opening message; with `opened_by` it is that colleague's internal note.
    `assignee` is who had the card when it was opened; None: nobody. `priority` is 1 low, 2 normal, 3 high, 4 critical.
    A card whose last closing is older than the grace time is closed and off the board.
    """

    key: str
    pipeline: str
    contact: str
    title: str
    text: str
    age_hours: float
    department: str | None = None
    company: str | None = None
    order: str | None = None
    assignee: str | None = None
    opened_by: str | None = None
    channel: Channel = "portal"
    priority: int = 2
    tags: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    survey: Survey | None = None
    amount_rials: int | None = None

    @property
    def length_hours(self) -> float:
        """Hours from the opening to the last step."""
        return sum(step.after_hours for step in self.steps)
