"""Closures move open promises, after a preview: E4."""

from app.calendars.services import Closing, close_time
from app.extensions import db
from cards.placement import move
from cards.services import add_reply
from cards.services.promising import promise_by_hand
from cards.services.recounting import apply, preview
from tests.cards.test_promises import card, clock, house, reason_of, tehran  # noqa: F401


def closure(**changes):
    day = tehran(22, 0).date()
    return Closing(**{"from_on": day, "until_on": day, "reason_fa": "آلودگی هوا", "reason_en": "smog", **changes})


def test_a_closure_is_previewed_and_then_moves_open_promises(card, world, clock):  # noqa: F811
    """E4: the change is kept with its reason."""
    other = world.card(title="دومی", contact=world.babak)
    add_reply(other, "پاسخ", by=world.sara)
    db.session.commit()
    found = preview(lambda: close_time(closure(), by=world.admin))
    assert [(each.card_id, each.before, each.after) for each in found] == [(card.id, tehran(22, 10), tehran(23, 10))]
    db.session.expire_all()
    assert card.promised_at == tehran(22, 10)
    assert preview(lambda: None) == []
    row = close_time(closure(), by=world.admin)
    why = {"reason": "closure", "fa": row.reason_fa, "en": row.reason_en}
    assert apply(why, tells=False, key="1", by=world.admin) == 1
    db.session.commit()
    assert card.promised_at == tehran(23, 10)
    assert "آلودگی هوا" in reason_of(card, "promise.changed")
    assert apply(why, tells=False, key="1", by=world.admin) == 0


def test_part_of_a_day_moves_a_promise_by_that_part(card, world):  # noqa: F811
    close_time(closure(first_minute=9 * 60, last_minute=11 * 60), by=world.admin)
    apply({"reason": "closure"}, tells=False, key="1", by=None)
    assert card.promised_at == tehran(22, 12)


def test_what_waits_was_promised_by_hand_or_has_passed_stays(house, world, clock):  # noqa: F811
    waits, by_hand, late = world.card(), world.card(), world.card(at=tehran(17, 9))
    move(waits, world.stage("Waiting").id, by=world.sara)
    promise_by_hand(by_hand, tehran(22, 10), reason="چون", by=world.sara)
    db.session.commit()
    assert late.promised_at < tehran(21, 10)
    assert preview(lambda: close_time(closure(), by=world.admin)) == []
