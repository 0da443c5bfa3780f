"""The time of the shop: its hours, how long answers may take, a closure ahead, and a promise made in person."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import sqlalchemy as sa

from app.calendars import business_hours
from app.calendars import services as calendars
from app.extensions import db
from cards.models import Card
from cards.services import recounting
from cards.services.promising import promise_by_hand
from cards.services.targeting import set_targets
from demo.content import BUSINESS
from demo.shop import Shop

WORKSHOP = {day: [["10:00", "13:00"], ["14:30", "18:00"]] for day in ("sat", "sun", "mon", "tue", "wed")}
TARGETS = {1: 18 * 60, 2: 9 * 60, 3: 4 * 60, 4: 90}


def keep_time(shop: Shop) -> None:
    """The hours of the house; the workshop, which looks after guarantees, begins later and takes a break at noon."""
    admin, warranty = shop.staff["parinaz"], shop.departments["warranty"]
    calendars.set_house_hours(BUSINESS.hours, by=admin)
    workshop = calendars.create("ساعت کارگاه تعمیر", "Hours of the workshop", WORKSHOP, by=admin)
    calendars.assign(workshop, teams=[], departments=[warranty], everyone=[warranty], by=admin)
    set_targets({**{(None, level): minutes for level, minutes in TARGETS.items()}, (warranty.id, None): 12 * 60},
                by=admin)  # fmt: skip


def look_ahead(shop: Shop) -> None:
    """The next working morning belongs to the stock, and one customer was told a time by name."""
    _promise_in_person(shop)
    admin, day = shop.staff["parinaz"], _next_working_day(shop)
    closing = calendars.Closing(from_on=day.date(), until_on=day.date(), first_minute=9 * 60, last_minute=11 * 60,
                                reason_fa="انبارگردانی", reason_en="stocktaking")  # fmt: skip
    calendars.close_time(closing, by=admin)
    why = {"reason": "closure", "fa": closing.reason_fa, "en": closing.reason_en}
    recounting.apply(why, tells=False, key="stocktaking", by=admin)


def _promise_in_person(shop: Shop) -> None:
    """The newest card of Sara's on which an answer is owed."""
    query = sa.select(Card).where(Card.assignee_id == shop.staff["sara"].id, Card.promised_at > shop.times.now)
    card = db.session.scalars(query.order_by(Card.opened_at.desc(), Card.id)).first()
    if card is not None:
        at = _next_working_day(shop) + timedelta(hours=12)
        promise_by_hand(card, at, reason="قطعه فردا صبح به دستمان می‌رسد.", by=shop.staff["sara"])


def _next_working_day(shop: Shop) -> datetime:
    """Its midnight on the clock of the shop."""
    hours, today = business_hours(), shop.times.now.astimezone(shop.times.zone).date()
    days = (today + timedelta(days=number) for number in range(1, 30))
    day = next((each for each in days if hours.is_working_day(each)), today + timedelta(days=1))
    return datetime.combine(day, time(), shop.times.zone)
