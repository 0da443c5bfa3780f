"""Requests and what was said on them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from cards.models import Attachment, Card, Survey
from cards.models import Entry as EntryRow
from cards.promises import words
from contacts.models import Contact
from portal.queries.requests import Told
from portal.serialisers.basics import agent_name
from portal.serialisers.steps import Step, present

SNIPPET = 140


@dataclass(frozen=True, slots=True)
class File:
    code: str
    name: str
    size_bytes: int
    is_image: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """Something said. `side`: me, colleague (another contact), them (a person here), house (Kariz itself)."""

    side: str
    author: str
    at: datetime
    body: str
    files: tuple[File, ...] = ()
    is_withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class PromiseChange:
    """Something that happened to the promised time, in a fixed sentence for its reason."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Promise:
    """By when the next answer comes. `state`: "" (nothing is promised), running, passed, waits_you, waits_others.
    `new_time`: how the present time came about, when it is not the one that was promised first."""

    state: str = ""
    text: str = ""
    at: datetime | None = None
    new_time: str = ""
    changes: tuple[PromiseChange, ...] = ()


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request in a list. `reply_state`: asked (your turn), waiting (ours), answered, done."""

    code: str
    title: str
    steps: tuple[Step, ...]
    reply_state: str
    changed_at: datetime
    # Who works on it, and who of the company asked when it was not the reader.
    agent: str
    asked_by: str
    last_author: str
    last_words: str
    promise: Promise

    @property
    def step(self) -> Step:
        return present(self.steps)


@dataclass(frozen=True, slots=True)
class Request:
    """A request on its own page. `solution` and `cause` are what the closing form told the customer."""

    code: str
    title: str
    department: str
    steps: tuple[Step, ...]
    reply_state: str
    opened_at: datetime
    changed_at: datetime
    agent: str
    asked_by: str
    is_own: bool
    finished_at: datetime | None
    cause: str
    solution: str
    entries: tuple[Entry, ...]
    has_earlier: bool
    orders: tuple[str, ...]
    # "" while nobody asks for an opinion, else "ask" or "thanks".
    survey: str
    promise: Promise

    @property
    def step(self) -> Step:
        return present(self.steps)


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SNIPPET else f"{line[:SNIPPET].rsplit(' ', 1)[0]}…"


def request_row_of(card: Card, reader: Contact, steps: tuple[Step, ...], last: EntryRow | None) -> RequestRow:
    return RequestRow(
        code=card.code, title=card.title, steps=steps, reply_state=_reply_state(card, steps, last),
        changed_at=card.portal_changed_at, agent=agent_name(card.assignee), asked_by=_asked_by(card, reader),
        last_author="" if last is None or last.kind == "customer_message" else agent_name(last.author),
        last_words="" if last is None else _shortened(last.body), promise=promise_of(card),
    )  # fmt: skip


def request_of(
    card: Card,
    reader: Contact,
    *,
    steps: tuple[Step, ...],
    entries: Sequence[EntryRow],
    has_earlier: bool,
    orders: Iterable[str],
    survey: Survey | None,
    survey_is_open: bool,
    promises: Sequence[Told] = (),
) -> Request:
    closure = card.closure
    spoken = [entry for entry in entries if entry.withdrawn_at is None]
    told = "\n\n".join(filter(None, (closure.cause, closure.solution))) if closure else ""
    return Request(
        code=card.code, title=card.title, department=card.department.name if card.department else "", steps=steps,
        reply_state=_reply_state(card, steps, spoken[-1] if spoken else None), opened_at=card.opened_at,
        changed_at=card.portal_changed_at, agent=agent_name(card.assignee), asked_by=_asked_by(card, reader),
        is_own=card.contact_id == reader.id, finished_at=card.resolved_at, has_earlier=has_earlier,
        cause=closure.cause if closure else "", solution=closure.solution if closure else "",
        # What the closing form said stands beside the rail while it holds; the thread need not say it again.
        entries=tuple(entry_of(entry, reader) for entry in entries
                      if not told or entry.body != told or entry.kind == "customer_message"),
        orders=tuple(orders), survey=_survey_state(survey, reader, is_open=survey_is_open),
        promise=promise_of(card, promises),
    )  # fmt: skip


def promise_of(card: Card, changes: Sequence[Told] = ()) -> Promise:
    """`changes` are events of the card's promises that customers may read, the oldest first."""
    state, text = words.standing(card)
    lines = tuple(PromiseChange(event.at, words.tell(event.name, event.data)) for event in changes)
    newest = changes[-1] if changes else None
    new_time = lines[-1].text if newest is not None and newest.name == "promise.changed" and state == "running" else ""
    return Promise(state, text, card.promise_told_at if state == "running" else None, new_time, lines)


def entry_of(row: EntryRow, reader: Contact) -> Entry:
    """What is left of a withdrawn reply is that it was withdrawn."""
    if row.kind == "customer_message":
        side = "me" if row.contact_id == reader.id else "colleague"
        author = row.contact.shown_name if row.contact and side == "colleague" else ""
    else:
        side, author = ("them" if row.author_id else "house"), agent_name(row.author)
    if row.withdrawn_at is not None:
        return Entry(side, author, row.created_at, "", (), is_withdrawn=True)
    files = tuple(file_of(attachment) for attachment in row.attachments if attachment.visibility == "portal")
    return Entry(side, author, row.created_at, row.body, files)


def file_of(row: Attachment) -> File:
    return File(row.code, row.name, row.file.size_bytes, row.file.is_image)


def _asked_by(card: Card, reader: Contact) -> str:
    return "" if card.contact_id == reader.id else card.contact.shown_name


def _reply_state(card: Card, steps: tuple[Step, ...], last: EntryRow | None) -> str:
    if card.is_resolved:
        return "done"
    if present(steps).asks:
        return "asked"
    if card.waiting_since is None and last is not None and last.kind != "customer_message":
        return "answered"
    return "waiting"


def _survey_state(survey: Survey | None, reader: Contact, *, is_open: bool) -> str:
    if survey is None or survey.contact_id != reader.id:
        return ""
    if survey.is_answered:
        return "thanks"
    return "ask" if is_open else ""
