"""Carrying out a ticket of a file: what its rows say becomes a history, and the history a card."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy as sa

from app.clock import utcnow
from app.events import Actor, Event
from app.extensions import db
from app.i18n import _
from app.text import search_key
from app.users.models import Team
from cards.models import CHANNELS, Card
from cards.services.history import Ends, Moment, Said, continue_history, open_with_history
from imports.facts import Facts, Item, Refused
from imports.kinds.base import CREATED, LATER, UNCHANGED, UPDATED, Counts, Work
from imports.kinds.ticket_people import Everybody
from imports.kinds.ticket_stages import Stages
from imports.models import ImportedTicket
from imports.plans import Plan
from imports.sorting import BEGINNING

CHANNEL_WORDS = {
    **{search_key(key): key for key in CHANNELS},
    **dict.fromkeys(("phone", "telephone", "call", "تلفن", "تماس"), "phone"),
    **dict.fromkeys(("email", "e mail", "mail", "ایمیل"), "email"),
    **dict.fromkeys(("portal", "web", "self service", "website", "پورتال", "وب"), "portal"),
    **dict.fromkeys(("walk in", "in person", "حضوری"), "in_person"),
}


@dataclass(frozen=True)
class Doer:
    """A colleague of the past by id."""

    id: int
    actor_kind: ClassVar[str] = "user"


class TicketsWork(Work):
    """Tickets by their number on the chosen board."""

    def __init__(self, plan: Plan, by: Actor | None) -> None:
        super().__init__(plan, by)
        self.everybody = Everybody(by)
        self.stages = Stages(plan.options, by)
        self.until = plan.options.until
        self.columns = plan.main.places.keys()
        self._teams: dict[int, str] = {}

    def begin(self) -> None:
        self.stages.make_missing()
        self.everybody.forget()

    def apply(self, item: Item) -> Counts:
        self.everybody.begin_item()
        number = item.facts["number"]
        query = sa.select(ImportedTicket).where(ImportedTicket.number == number)
        ticket = db.session.scalar(query.where(ImportedTicket.pipeline_id == self.options.pipeline_id))
        outcome = self._open(item, number) if ticket is None else self._continue(item, ticket)
        return Counter({("tickets", outcome): 1}) + self.everybody.keep_item()

    def _open(self, item: Item, number: str) -> str:
        self.may_create(item)
        rows = self._rows(item)
        opened_at = self._opened_at(item)
        if opened_at is None or (self.until and opened_at > self.until):
            return LATER
        facts = {key: value for line in item.lines for key, value in line.facts.items()}
        contact = self.everybody.contact(facts)
        first = self._first(rows[0] if rows else item.lines[0].facts, opened_at, number)
        moments = [first, *self._moments(first, rows, 0, None)]
        channel = CHANNEL_WORDS.get(search_key(str(facts.get("channel", ""))), "import")
        card = open_with_history(contact, moments, number=number, ends=self._ends(facts), channel=channel)
        ticket = ImportedTicket(card_id=card.id, pipeline_id=card.pipeline_id, number=number)
        self._mark(ticket, rows)
        db.session.add(ticket)
        return CREATED

    def _continue(self, item: Item, ticket: ImportedTicket) -> str:
        card = db.session.get_one(Card, ticket.card_id)
        taken, rows = self._newer(item, ticket)
        if not rows and "updated_at" not in self.columns:
            rows = self._stands(card, item)
        if not rows or not self.may_update:
            return UNCHANGED
        if _worked_on(card, ticket.last_event_id):
            raise Refused(_("Somebody worked on this ticket here since; what the file adds is left out."), "number")
        now = Moment(
            card.stage_entered_at, card.stage, card.title, card.is_closed, card.assignee_id, card.team_id,
            card.team.name_fa if card.team else "", card.priority,
        )  # fmt: skip
        told = max((row.get("reopenings", 0) for row in taken), default=0)
        moments = self._moments(now, rows, told, taken[-1] if taken else None)
        continue_history(card, moments, ends=self._ends(rows[-1]))
        self._mark(ticket, rows)
        return UPDATED

    def _rows(self, item: Item) -> list[Facts]:
        """What is brought over of a ticket's rows, in the order of time."""
        rows = [line.facts for line in item.lines]
        if "updated_at" not in self.columns:
            return self._single(rows[-1], item)
        for line in item.lines:
            if line.facts["row_at"] is None:
                raise Refused(_("The row does not say when this was."), "updated_at", line)
        return [row for row in rows if self.until is None or row["row_at"] <= self.until]

    def _single(self, row: Facts, item: Item) -> list[Facts]:
        """A ticket without rows for its updates: how it stands, and the ends that the row names."""
        opened_at, state = self._opened_at(item) or BEGINNING, row.get("state", "")
        named = {end: row[f"{end}_at"] for end in ("resolved", "closed") if f"{end}_at" in row}
        if not named or (state and not self.stages.is_done(state)):
            return [{**row, "row_at": opened_at}]
        if "closed" not in named and self.stages.is_closed(state):
            named["closed"] = named["resolved"]
        plain = {key: value for key, value in row.items() if key not in {"text", "note", "reply"}}
        ends = [{**plain, "end": end, "row_at": max(at, opened_at)} for end, at in named.items()
                if self.until is None or at <= self.until]  # fmt: skip
        return [{**row, "state": "", "row_at": opened_at}, *sorted(ends, key=lambda end: end["row_at"])]

    def _newer(self, item: Item, ticket: ImportedTicket) -> tuple[list[Facts], list[Facts]]:
        """The rows that were taken before, and those that are new since."""
        rows = self._rows(item)
        mark = (ticket.last_at or BEGINNING, ticket.last_change)
        taken: list[Facts] = []
        same = 0
        for index, row in enumerate(rows):
            place = (row["row_at"], row.get("change", 0))
            same += place == mark
            if place > mark or (place == mark and same > ticket.last_count):
                return taken, rows[index:]
            taken.append(row)
        return taken, []

    def _stands(self, card: Card, item: Item) -> list[Facts]:
        """Without times of updates: the state of the file, where the card is elsewhere, as of now."""
        row = item.lines[-1].facts
        stage = self.stages.of(row.get("state", ""), card.stage)
        if stage is None or stage.id == card.stage_id or stage.is_closing or card.is_closed:
            return []
        return [{**row, "row_at": self.until or utcnow()}]

    def _opened_at(self, item: Item) -> datetime | None:
        """When it began: as a row says, but never after its first update."""
        said = [line.facts["opened_at"] for line in item.lines[:1] if "opened_at" in line.facts]
        times = said + [line.facts["row_at"] for line in item.lines[:1] if line.facts.get("row_at")]
        return min(times) if times else None

    def _first(self, row: Facts, opened_at: datetime, number: str) -> Moment:
        """How the ticket was opened: a state that is no beginning came to it later, with its own row."""
        stage = self.stages.of(row.get("state", ""))
        stage = stage if stage is not None and stage.kind == "new" else self.stages.first
        said = (Said("customer_message", row["text"]),) if row.get("text") else ()
        title = _title(row) or number
        return self._as_told(row, Moment(opened_at, stage, title, said=said))._replace(by=None, by_name="")

    def _moments(self, before: Moment, rows: list[Facts], reopenings: int, earlier: Facts | None) -> list[Moment]:
        """How the card stood after each row."""
        moments, now = [], before
        told = {key: (earlier or {}).get(key, "") for key in ("note", "reply")}
        for row in rows:
            said = tuple(Said(key, row[key]) for key in told if row.get(key) and row[key] != told[key])
            told |= {key: row[key] for key in told if row.get(key)}
            at = max(row["row_at"], now.at)
            now = self._as_told(row, self._placed(row, now, reopenings)._replace(at=at, said=said))
            reopenings = max(reopenings, row.get("reopenings", 0))
            moments.append(now)
        return moments

    def _placed(self, row: Facts, now: Moment, reopenings: int) -> Moment:
        """Where the row says that the card stood. Where returns are counted, a row that returns without being counted
        is a late copy of an older one."""
        state = row.get("state", "")
        stage = self.stages.of(state, now.stage) or (self.stages.end(now.stage) if "end" in row else None)
        if stage is None:
            return now
        is_closed = row["end"] == "closed" if "end" in row else self.stages.is_closed(state)
        is_back = now.is_done and not (is_closed or stage.is_closing)
        if is_back and "reopenings" in self.columns and row.get("reopenings", 0) <= reopenings:
            return now
        return now._replace(stage=stage, is_closed=is_closed)

    def _as_told(self, row: Facts, now: Moment) -> Moment:
        """The moment with the row's people, priority and title."""
        people = self.everybody
        changes: dict[str, Any] = {"title": _title(row) or now.title}
        if "team" in self.columns:
            team_id = people.team(row["team"]) if "team" in row else None
            changes |= {"team_id": team_id, "team": self._team_name(team_id)}
        if "agent" in self.columns:
            changes["assignee_id"] = people.user(row["agent"]) if "agent" in row else None
        if "priority" in row:
            changes["priority"] = self.options.priorities.get(row["priority"], now.priority)
        if changes.get("team_id") and changes.get("assignee_id"):
            people.join(changes["team_id"], changes["assignee_id"])
        actor = row.get("actor", "")
        user_id = people.known_user(actor) if actor else None
        by = Doer(user_id) if user_id else None
        return now._replace(**changes, by=by, by_name="" if by else actor)

    def _team_name(self, team_id: int | None) -> str:
        if team_id is None:
            return ""
        if team_id not in self._teams:
            self._teams[team_id] = db.session.get_one(Team, team_id).name_fa
        return self._teams[team_id]

    def _ends(self, facts: Facts) -> Ends:
        """Ends that the file names, as far as they had come."""
        ends = Ends(facts.get("resolved_at"), facts.get("closed_at"))
        return Ends(*(at if at is not None and (self.until is None or at <= self.until) else None for at in ends))

    def _mark(self, ticket: ImportedTicket, rows: list[Facts]) -> None:
        """Note how far the ticket is brought over."""
        if rows:
            place = (rows[-1]["row_at"], rows[-1].get("change", 0))
            known = ticket.last_count or 0 if (ticket.last_at, ticket.last_change) == place else 0
            ticket.last_at, ticket.last_change = place
            ticket.last_count = known + sum((row["row_at"], row.get("change", 0)) == place for row in rows)
        newest = sa.select(sa.func.max(Event.id)).where(Event.card_id == ticket.card_id)
        ticket.last_event_id = db.session.scalar(newest) or 0


def _title(row: Facts) -> str:
    return str(row.get("title") or row.get("topic") or "")


def _worked_on(card: Card, since_event_id: int) -> bool:
    """Whether a person did something to the card since."""
    query = sa.select(Event.id).where(Event.card_id == card.id, Event.id > since_event_id)
    return db.session.scalar(query.where(Event.actor_kind.is_not(None)).limit(1)) is not None
