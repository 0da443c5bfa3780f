"""What was found, as customers read it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from app.i18n import _
from app.search.snippets import marked, snippet
from app.search.words import Asked
from cards.models import Card
from contacts.models import Contact
from knowledge.models import FaqEntry
from portal.queries.orders import Listed
from portal.queries.search import Results


@dataclass(frozen=True, slots=True)
class FoundRequest:
    """A request. `words` is what was said on it, around the match; "" when only the title matches."""

    code: str
    title: Markup
    words: Markup
    step: str
    asked_by: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class FoundOrder:
    number: str
    goods: Markup
    more_goods: int
    ordered_at: datetime


@dataclass(frozen=True, slots=True)
class FoundAnswer:
    question: Markup
    answer: str


@dataclass(frozen=True, slots=True)
class FoundThings:
    """All that was found. `said`: the words it was understood as, when those typed led to nothing."""

    said: str
    requests: tuple[FoundRequest, ...]
    orders: tuple[FoundOrder, ...]
    answers: tuple[FoundAnswer, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.requests or self.orders or self.answers)


def found_of(results: Results, reader: Contact) -> FoundThings:
    asked = results.asked
    requests = (_request(card, reader, results.words.get(card.id, ""), asked) for card in results.requests)
    return FoundThings(results.said, tuple(requests), tuple(_orders(results.orders, asked)),
                       tuple(_answer(row, asked) for row in results.answers))  # fmt: skip


def _request(card: Card, reader: Contact, words: str, asked: Asked) -> FoundRequest:
    return FoundRequest(
        code=card.code, title=marked(card.title, asked), words=snippet(words, asked) if words else Markup(),
        step=card.portal_step.label if card.portal_step else _("Received"), changed_at=card.portal_changed_at,
        asked_by="" if card.contact_id == reader.id else card.contact.shown_name,
    )  # fmt: skip


def _orders(rows: Iterable[Listed], asked: Asked) -> Iterable[FoundOrder]:
    return (FoundOrder(row.order.number, marked(row.first_good, asked), row.more_goods, row.order.ordered_at)
            for row in rows)  # fmt: skip


def _answer(row: FaqEntry, asked: Asked) -> FoundAnswer:
    return FoundAnswer(marked(row.question, asked), row.answer)
