"""Cards on the pages of contacts and companies: requests, deals, and what they say in a few figures."""

from __future__ import annotations

from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import g, render_template
from flask_login import current_user
from sqlalchemy import ColumnElement
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.filters import digits, number
from app.i18n import _, _l, _n
from app.paging import Page, mark, older_than
from cards.models import Card, Survey
from contacts import figures, sections
from contacts.figures import Figure
from contacts.models import Company, Contact
from pipelines.models import Pipeline
from pipelines.policies import level_on

PAGE = 30
REQUESTS, DEALS = ("ticket", "task"), ("deal",)


class Listed(NamedTuple):
    """A card in a list. `is_reached` False: only the board's name and whether it is open may be shown."""

    card: Card
    survey: Survey | None
    is_reached: bool


def list_cards(owner: ColumnElement[bool], kinds: tuple[str, ...], after: str | None) -> Page[Listed]:
    """Cards of somebody, the newest first, and the mark after which the next page begins. One query."""
    query = (
        sa.select(Card, Survey)
        .join(Pipeline, Pipeline.id == Card.pipeline_id)
        .outerjoin(Survey, sa.and_(Survey.card_id == Card.id, Survey.answered_at.is_not(None)))
        .where(owner, Pipeline.kind.in_(kinds))
        .options(joinedload(Card.pipeline), joinedload(Card.stage), joinedload(Card.assignee), joinedload(Card.contact))
    )
    query = query.where(older_than(after, Card.opened_at, Card.id)).order_by(Card.opened_at.desc(), Card.id.desc())
    rows = db.session.execute(query.limit(PAGE + 1)).all()
    found = [Listed(card, survey, level_on(current_user, card.pipeline_id) != "none") for card, survey in rows[:PAGE]]
    last = found[-1].card if len(rows) > PAGE else None
    return Page(found, mark(last.opened_at, last.id) if last else None)


class Tally(NamedTuple):
    """How many cards there are, and how many of them are open."""

    total: int = 0
    open: int = 0


def tallies(owner: ColumnElement[bool], key: str) -> dict[str, Tally]:
    """Cards of somebody counted by the kind of their board. One query a request for each `key`."""
    known: dict[str, dict[str, Tally]] = g.setdefault("card_tallies", {})
    if key not in known:
        is_open = sa.and_(Card.resolved_at.is_(None), Card.closed_at.is_(None))
        query = sa.select(Pipeline.kind, sa.func.count(), sa.func.count(sa.case((is_open, 1)))).select_from(Card)
        query = query.join(Pipeline, Pipeline.id == Card.pipeline_id).where(owner).group_by(Pipeline.kind)
        known[key] = {kind: Tally(total, opened) for kind, total, opened in db.session.execute(query)}
    return known[key]


def _of_contact(contact: Contact) -> ColumnElement[bool]:
    return Card.contact_id == contact.id


def _count(contact: Contact, kinds: tuple[str, ...]) -> int:
    found = tallies(_of_contact(contact), f"contact:{contact.id}")
    return sum(found.get(kind, Tally()).total for kind in kinds)


def _requests(contact: Contact, args: sections.Args) -> str:
    return _draw(_of_contact(contact), REQUESTS, args, endpoint="contacts.show", code=contact.code, tab="requests")


def _deals(contact: Contact, args: sections.Args) -> str:
    return _draw(_of_contact(contact), DEALS, args, endpoint="contacts.show", code=contact.code, tab="deals")


def _of_company(company: Company, args: sections.Args) -> str:
    return _draw(Card.company_id == company.id, (*REQUESTS, *DEALS), args, endpoint="companies.show",
                 code=company.code, tab="requests", by_person=True)  # fmt: skip


def _draw(owner: ColumnElement[bool], kinds: tuple[str, ...], args: sections.Args, **context: Any) -> str:
    page = list_cards(owner, kinds, args.get("after"))
    return render_template("cards/_of_contact.html", cards=page.rows, after=page.after, is_deals=kinds == DEALS,
                           **context)  # fmt: skip


def _company_count(company: Company) -> int:
    found = tallies(Card.company_id == company.id, f"company:{company.id}")
    return sum(found.get(kind, Tally()).total for kind in (*REQUESTS, *DEALS))


def _figures(contact: Contact) -> list[Figure]:
    found = tallies(_of_contact(contact), f"contact:{contact.id}")
    requests = [found.get(kind, Tally()) for kind in REQUESTS]
    opened, total = sum(tally.open for tally in requests), sum(tally.total for tally in requests)
    small = _("of %(num)s in all", num=digits(total)) if total else _("none so far")
    return [Figure(_("Open requests"), digits(opened), small), _satisfaction(contact)]


def _satisfaction(contact: Contact) -> Figure:
    """The mean of all scores given, and by how many answers. One query."""
    scores = (Survey.speed, Survey.usefulness, Survey.behaviour)
    total = sum((sa.func.coalesce(score, 0) for score in scores[1:]), sa.func.coalesce(scores[0], 0))
    given = sum((sa.case((score.is_not(None), 1), else_=0) for score in scores[1:]),
                sa.case((scores[0].is_not(None), 1), else_=0))  # fmt: skip
    query = sa.select(sa.func.sum(total), sa.func.sum(given), sa.func.count()).select_from(Card)
    query = query.join(Survey, Survey.card_id == Card.id).where(_of_contact(contact), Survey.answered_at.is_not(None))
    points, count, answers = db.session.execute(query).one()
    if not count:
        return Figure(_("Satisfaction"), "–", _("no opinion yet"))
    mean = number(f"{points / count:.1f}".removesuffix(".0"))
    return Figure(_("Satisfaction"), _("%(mean)s of %(most)s", mean=mean, most=digits(5)),
                  digits(_n("%(num)s opinion", "%(num)s opinions", answers)))  # fmt: skip


sections.add("requests", _l("Requests"), 10, _requests, count=lambda contact: _count(contact, REQUESTS))
sections.add("deals", _l("Deals"), 40, _deals, count=lambda contact: _count(contact, DEALS), is_hidden_when_empty=True)
sections.add_to_companies("requests", _l("Requests and deals"), 10, _of_company, count=_company_count)
figures.add("cards", 20, _figures)
