"""Shapes of cards and what is written on them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from app.api.access import has_scope
from app.api.people import Person
from app.api.shapes import Code, Id, Line, Listing, LongText, Moment, Rials, Shape, Text, asked, one_of
from app.links import external
from cards.models import CHANNELS, PRIORITIES, Card, Closure, Entry
from cards.services.opening import TITLE_LENGTH
from contacts.api.shapes import CompanyMark, ContactMark
from pipelines.api.boards import PortalStepAnswer
from pipelines.models.stage import STAGE_KINDS

State = Literal["open", "resolved", "closed"]
Priority = Annotated[int, Field(ge=min(PRIORITIES), le=max(PRIORITIES), description="1 low, 2 normal, 3 high, 4 critical.")]  # fmt: skip # noqa: E501
Title = Annotated[Text, Field(max_length=TITLE_LENGTH)]
Tag = Annotated[Text, Field(max_length=40)]


class StageMark(Shape):
    """The stage that a card is in."""

    id: int
    name_fa: str
    name_en: str
    kind: Annotated[str, one_of(STAGE_KINDS)]


class ClosureAnswer(Shape):
    """How the work ended."""

    at: datetime
    cause: str | None
    """What was wrong. Null without the scope `notes:read`."""
    solution: str | None
    """What was done. Null without the scope `notes:read`."""

    @classmethod
    def of(cls, closure: Closure) -> ClosureAnswer:
        is_shown = has_scope("notes:read")
        return cls(at=closure.at, cause=closure.cause if is_shown else None,
                   solution=closure.solution if is_shown else None)  # fmt: skip


class CardAnswer(Shape):
    """A ticket, deal, order or task."""

    code: str
    title: str
    pipeline: str
    """The name of the board in its address."""
    stage: StageMark
    state: State
    version: int
    """Rises with every change of the card."""
    priority: int
    contact: ContactMark
    company: CompanyMark | None
    department: str | None
    assignee: Person | None
    tags: list[str]
    amount_rials: int | None
    channel: Annotated[str, one_of(CHANNELS)]
    is_internal: bool
    """Whether it is a request of colleagues, which no customer sees."""
    portal_step: PortalStepAnswer | None
    """The last step that the customer sees; null: «ثبت شد», received."""
    closure: ClosureAnswer | None
    opened_at: datetime
    seen_at: datetime | None
    started_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    stage_entered_at: datetime
    waiting_since: datetime | None
    """Since when the customer waits for a word from us."""
    url: str
    """The page of the card, for colleagues."""

    @classmethod
    def of(cls, card: Card) -> CardAnswer:
        stage, step = card.stage, card.portal_step
        same = ("code", "title", "version", "priority", "amount_rials", "channel", "is_internal", "opened_at",
                "seen_at", "started_at", "resolved_at", "closed_at", "stage_entered_at", "waiting_since")  # fmt: skip
        return cls(
            **{name: getattr(card, name) for name in same}, pipeline=card.pipeline.slug, state=state_of(card),
            stage=StageMark(id=stage.id, name_fa=stage.name_fa, name_en=stage.name_en, kind=stage.kind),
            contact=ContactMark.of(card.contact), company=CompanyMark.of(card.company) if card.company else None,
            department=card.department.slug if card.department else None,
            assignee=Person.of(card.assignee) if card.assignee else None, tags=[tag.name for tag in card.tags],
            portal_step=PortalStepAnswer.of(step) if step else None, url=external(f"/cards/{card.code}"),
            closure=ClosureAnswer.of(card.closure) if card.closure else None,
        )  # fmt: skip


def state_of(card: Card) -> State:
    """Whether the work goes on, is said to be done, or is in the archive."""
    return "closed" if card.is_closed else "resolved" if card.is_resolved else "open"


class CardList(Shape):
    items: list[CardAnswer]
    next: str | None


class CardFilters(Listing):
    pipeline: Annotated[Text, Field(max_length=64)] | None = None
    stage_id: Id | None = None
    state: State | None = None
    contact: Code | None = None
    company: Code | None = None
    assignee_id: Id | None = None
    department: Annotated[Text, Field(max_length=64)] | None = None
    priority: Priority | None = None
    tag: Tag | None = None
    opened_from: Moment | None = None
    """Cards opened at this moment or later."""
    opened_until: Moment | None = None
    """Cards opened before this moment."""


class Attached(Shape):
    """A file beside an entry; colleagues open it on the page of the card."""

    code: str
    name: str


class EntryAnswer(Shape):
    """Something written on a card."""

    id: int
    kind: Annotated[str, one_of(("note", "reply", "customer_message", "system"))]
    visibility: Annotated[str, one_of(("internal", "portal"))]
    """`portal`: the customer reads it."""
    body: str
    author: Person | None
    contact: ContactMark | None
    created_at: datetime
    withdrawn_at: datetime | None
    """When a reply was taken back: the customer does not read it any more."""
    attachments: list[Attached]

    @classmethod
    def of(cls, entry: Entry) -> EntryAnswer:
        return cls(
            id=entry.id, kind=entry.kind, visibility=entry.visibility, body=entry.body, created_at=entry.created_at,
            withdrawn_at=entry.withdrawn_at, author=Person.of(entry.author) if entry.author else None,
            contact=ContactMark.of(entry.contact) if entry.contact else None,
            attachments=[Attached(code=row.code, name=row.name) for row in entry.attachments],
        )  # fmt: skip


class EntryList(Shape):
    items: list[EntryAnswer]
    next: str | None


class Customer(Shape):
    """Whom a card is for. Somebody known by code; else found by number in the shop, mobile or e-mail, or added."""

    code: Code | None = None
    name: Annotated[Text, Field(max_length=120)] = ""
    """Needed for somebody new."""
    external_id: Annotated[Text, Field(max_length=80)] = ""
    """Their number in your shop. Who is found otherwise gets it."""
    mobile: Annotated[Text, Field(max_length=40)] = ""
    email: Annotated[Text, Field(max_length=255)] = ""


class NewCard(Shape):
    """A new card, in the first stage of its board."""

    pipeline: Line = asked(description="The name of the board in its address.", examples=["support"])
    title: Title = asked(examples=["کلید سه‌راهی جرقه می‌زند"])
    contact: Customer
    body: LongText = ""
    """What the customer said, as their first message: they read it in the portal."""
    note: LongText = ""
    """What colleagues should know, as an internal note. It needs the scope `notes:write`."""
    company: Code | None = None
    department: Annotated[Text, Field(max_length=64)] | None = None
    """Its default assignee gets the card, unless one is named."""
    assignee_id: Id | None = None
    priority: Priority = 2
    tags: Annotated[list[Tag], Field(max_length=20)] = []
    amount_rials: Rials | None = None
    channel: Literal["phone", "email", "in_person", "agent"] = "agent"
    """How the customer came."""


class NewPlacement(Shape):
    """Where a card goes: into a stage, below or above another card there, else on top."""

    stage_id: Id
    after: Code | None = None
    """The card below which it stands."""
    before: Code | None = None
    """The card above which it stands."""
    at_end: bool = False
    base_version: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None
    """The version that was read: when the stage changed since, the move is refused with 409."""


class NewNote(Shape):
    """Words for colleagues."""

    body: LongText = asked(examples=["با انبار هماهنگ شد."])
    mentions: Annotated[list[Id], Field(max_length=50)] = []
    """Ids of colleagues who are asked."""


class NewReply(Shape):
    """Words for the customer."""

    body: LongText = asked(examples=["سلام، کلید تازه امروز فرستاده شد."])
    last_seen_entry_id: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None
    """The newest entry that was read: when somebody else wrote since, the reply is refused with 409."""


class NewAssignment(Shape):
    assignee_id: Id | None
    """Null: nobody."""
    if_free: bool = False
    """Only when nobody else has taken it meanwhile."""


class NewPriority(Shape):
    priority: Priority


class NewTags(Shape):
    tags: Annotated[list[Tag], Field(max_length=20)]
    """All tags that the card shall carry."""


class NewTitle(Shape):
    title: Title = asked()


class NewAmount(Shape):
    amount_rials: Rials | None


class NewClosure(Shape):
    """How the work ended. Of a ticket the customer reads both texts."""

    stage_id: Id | None = None
    """A stage that ends the work; null: the first one that ends it well."""
    cause: LongText = ""
    solution: LongText = ""
    """What was done. A resolved ticket needs it."""
    base_version: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None


class NewReopening(Shape):
    reason: Annotated[Text, Field(max_length=200)] = ""
