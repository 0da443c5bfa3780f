"""Tickets and deals: opened, talked about, moved, finished, taken up again, each step by the verb that people use."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import partial

import sqlalchemy as sa

from app.clock import utcnow
from app.extensions import db
from app.users.models import User
from cards import services, surveys
from cards.models import Card, Survey
from cards.placement import move
from cards.services.reading import mark_read
from cards.services.resolving import GRACE
from contacts.models import Contact
from demo.content import DEALS, ORDERS, PIPELINES, TICKETS, shapes
from demo.files import upload
from demo.shop import Shop
from orders.services import link_card_to_order

AGES = {order.number: order.age_hours for order in ORDERS}
ENTRANCES = {pipeline.slug: pipeline.stages[0].key for pipeline in PIPELINES}
# A card is looked at before something is done about it.
LONGEST_LOOK = timedelta(minutes=3)
# Nobody has opened a new card yet, but whoever watches the board has sorted it in by then.
SORTED_WITHIN = timedelta(minutes=9)


def plan_cards(shop: Shop) -> None:
    """Let every ticket and deal go its way. Orders are planned before."""
    for card in (*TICKETS, *DEALS):
        _Way(shop, card).plan()


class _Way:
    """The steps of one card."""

    def __init__(self, shop: Shop, drawn: shapes.Card) -> None:
        self.shop, self.drawn = shop, drawn
        self.is_sorted = False

    @property
    def card(self) -> Card:
        return self.shop.cards[self.drawn.key]

    @property
    def contact(self) -> Contact:
        return self.shop.people[self.drawn.contact]

    @property
    def opener(self) -> User | Contact:
        return self.shop.staff[self.drawn.opened_by] if self.drawn.opened_by else self.contact

    def plan(self) -> None:
        tell, hours, closed = self.shop.story.tell, [self.drawn.age_hours], 0.0
        for step in self.drawn.steps:
            hours.append(hours[-1] - step.after_hours)
            closed = hours[-1] if isinstance(step, shapes.Closing) else closed
        if self.drawn.survey:
            hours.append(closed - self.drawn.survey.after_hours)
        moments = self.shop.times.spread(self.drawn.key, hours)
        tell(moments[0], self.open)
        self._plan_order(moments[0])
        before = moments[0]
        for step, at in zip(self.drawn.steps, moments[1:], strict=False):
            if key := _actor(step):
                tell(at - min(LONGEST_LOOK, (at - before) / 2), partial(self.look, key))
            tell(at, partial(self.go_on, step))
            before = at
        if not any(_actor(step) for step in self.drawn.steps):
            tell(moments[0] + min(SORTED_WITHIN, (self.shop.times.now - moments[0]) / 2), self.sort_in)
        if self.drawn.survey:
            tell(moments[-1], self.rate)

    def _plan_order(self, opened_at: datetime) -> None:
        """A card is about its order from the beginning; a deal as soon as the order comes of it."""
        if self.drawn.order and AGES[self.drawn.order] < self.drawn.age_hours:
            at = max(self.shop.placed_at[self.drawn.order], opened_at) + timedelta(minutes=2)
            self.shop.story.tell(at, self.link)

    def open(self) -> None:
        drawn, shop = self.drawn, self.shop
        shop.cards[drawn.key] = services.open_card(
            self.contact, shop.stages[drawn.pipeline, ENTRANCES[drawn.pipeline]], title=drawn.title, by=self.opener,
            body="" if drawn.opened_by else drawn.text, channel=drawn.channel, amount_rials=drawn.amount_rials,
            department=shop.departments[drawn.department] if drawn.department else None,
            company=shop.companies[drawn.company] if drawn.company else None,
            assignee=shop.staff[drawn.assignee] if drawn.assignee else None,
            files=[] if drawn.opened_by else [upload(name) for name in drawn.files],
        )  # fmt: skip
        if drawn.opened_by:
            by = shop.staff[drawn.opened_by]
            services.add_note(
                self.card, self.addressed(drawn.text), by=by, files=[upload(name) for name in drawn.files]
            )
            self.sort_in(by)
        if drawn.order in shop.orders:
            self.link(self.opener)

    def link(self, by: User | Contact | None = None) -> None:
        by = by or self.card.assignee or self.opener
        link_card_to_order(self.card, self.shop.orders[self.drawn.order or ""], by=by)

    def look(self, key: str) -> None:
        mark_read(self.card, by=self.shop.staff[key], up_to=self.card.last_entry_id or 0)

    def sort_in(self, by: User | None = None) -> None:
        """Priority and tags, by whoever comes first; else by who looks after the board."""
        by = by or self.shop.staff["kaveh"]
        if self.card.priority != self.drawn.priority:
            services.set_priority(self.card, self.drawn.priority, by=by)
        if self.drawn.tags:
            services.set_tags(self.card, self.drawn.tags, by=by)
        self.is_sorted = True

    def go_on(self, step: shapes.Step) -> None:
        key = _actor(step)
        by = self.shop.staff[key] if key else None
        if by and not self.is_sorted:
            self.sort_in(by)
        match step:
            case shapes.Said():
                services.receive_message(self.card, step.text, contact=self.contact, channel=self.drawn.channel,
                                         files=[upload(name) for name in step.files])  # fmt: skip
            case shapes.Reopening():
                services.reopen(self.card, by=by or self.contact, reason=step.reason)
            case _ if by:
                self.work(step, by)

    def work(self, step: shapes.Step, by: User) -> None:
        """What a colleague does."""
        match step:
            case shapes.Noted():
                mentions = [self.shop.staff[key].id for key in step.mentions]
                services.add_note(self.card, self.addressed(step.text), by=by, mentions=mentions)
            case shapes.Replied():
                services.add_reply(self.card, step.text, by=by)
            case shapes.Moved():
                move(self.card, self.shop.stages[self.drawn.pipeline, step.stage].id, by=by)
            case shapes.Assigned():
                services.assign(self.card, self.shop.staff[step.to], by=by)
            case shapes.Prioritised():
                services.set_priority(self.card, step.priority, by=by)
            case shapes.Closing():
                self.finish(step, by)

    def finish(self, step: shapes.Closing, by: User) -> None:
        """Declare the work done; when the grace time has passed too, the card leaves the board by itself."""
        stage = self.shop.stages[self.drawn.pipeline, step.stage]
        services.resolve(self.card, stage, cause=step.wrong, solution=step.done, by=by)
        self.shop.story.tell(utcnow() + GRACE, partial(self.close, self.card.resolved_at))

    def close(self, resolved_at: datetime | None) -> None:
        if self.card.resolved_at == resolved_at and not self.card.is_closed:
            services.close(self.card, by=None)

    def rate(self) -> None:
        """The customer's opinion, from the link in the message that told of the end."""
        drawn = self.drawn.survey
        survey = db.session.scalars(sa.select(Survey).where(Survey.card_id == self.card.id)).one()
        if drawn:
            surveys.answer(survey, self.card, by=self.contact, comment=drawn.comment, speed=drawn.speed,
                           usefulness=drawn.usefulness, behaviour=drawn.behaviour)  # fmt: skip

    def addressed(self, text: str) -> str:
        """The text of a note with the names of those who are mentioned, in the language of the text."""
        is_persian = re.search("[آ-ی]", text) is not None

        def named(found: re.Match[str]) -> str:
            user = self.shop.staff[found[1]]
            return f"@{user.name if is_persian else user.name_en}"

        return re.sub(r"@([a-z]+)", named, text)


def _actor(step: shapes.Step) -> str | None:
    """The key of the colleague who does a step; None: the customer."""
    return None if isinstance(step, shapes.Said) else step.by
