"""The whole story, two agents and a customer at once, in both languages."""

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from app.extensions import db
from app.outbox import Outbox
from cards.models import Card, Survey
from knowledge.models import FaqEntry
from tests.browser.conftest import Person, deliver, last_code, speak
from tests.world import World

TITLE = {"fa": "قوری سرویس چای شکسته رسید", "en": "The teapot arrived broken"}
BODY = {"fa": "قوری از کنار دسته شکسته و یکی از فنجان‌ها لب‌پریده است.", "en": "The pot is broken beside its handle."}
NOTE = {"fa": "مشتری بدحساب است؟ انبار را ببین", "en": "Is this one trouble? Look into the store"}
REPLY = {"fa": "خانم صفوی عزیز، فردا قوری تازه می‌فرستیم.", "en": "Dear Nika, a new pot leaves tomorrow."}


def column(page: Page, stage_id: int) -> Locator:
    return page.locator(f'[data-stage="{stage_id}"]')


def drag(page: Page, card_id: int, stage_id: int) -> None:
    """Carry a card by mouse into the upper part of a column."""
    face, target = page.locator(f'[data-card="{card_id}"]'), column(page, stage_id).locator(".cards")
    start, end = face.bounding_box(), target.bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + 12)
    page.mouse.down()
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + 30, steps=15)
    page.mouse.up()


def customer_signs_in(nika: Person) -> None:
    """By mobile number, typed in Persian digits, and the code that was sent."""
    page = nika.go("/portal/")
    page.locator("[name=address]").fill("۰۹۱۲ ۱۲۳ ۴۵۶۷")
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator("[name=code]")).to_be_visible()
    page.locator("[name=code]").fill(last_code())
    page.wait_for_url(f"{nika.address}/portal/")


def customer_asks(nika: Person, world: World, photo: str) -> str:
    """Files a request with a photo through department and frequent questions; answers the tracking code."""
    page = nika.go("/portal/requests/new")
    page.locator("[data-department=support]").click()
    expect(page.locator(".faq summary")).to_have_count(1)
    page.locator("a[href$='#step-write']").click()
    page.locator("[name=title]").fill(TITLE[nika.locale])
    page.locator("[name=body]").fill(BODY[nika.locale])
    page.locator("input[type=file]").first.set_input_files(photo)
    page.locator("#step-write button[type=submit]").click()
    expect(page.locator("#thanks")).to_be_visible()
    return page.url.split("?")[0].rsplit("/", 1)[1]


@pytest.mark.parametrize("locale", ["fa", "en"])
def test_from_request_to_rating(person: Callable[..., Person], staffed: World, locale: str, tmp_path) -> None:
    """A1, A2, A3, A9, A10, B1, B3, B5, B8, B9, C1, C2, C3, C4, C5, C6, E3, F1, G1, G2, G3, H1, H2, H3"""
    world = staffed
    speak(world, locale)
    question = {"question_fa": "چطور پس بدهم؟", "question_en": "How to return?"}
    db.session.add(
        FaqEntry(department_id=world.department.id, answer_fa="تا هفت روز.", answer_en="In a week.", **question)
    )
    db.session.commit()
    stages = {name: world.stage(name).id for name in ("New", "Working", "Resolved")}
    photo = tmp_path / "pot.png"
    Image.new("RGB", (40, 30), "teal").save(photo)
    sara, reza = (person(locale).sign_in(user) for user in (world.sara, world.reza))
    nika = person(locale, phone=True)
    for agent in (sara, reza):
        agent.go("/boards/support")
        agent.live()
    customer_signs_in(nika)
    code = customer_asks(nika, world, str(photo))
    card = db.session.scalars(sa.select(Card).where(Card.code == code)).one()
    card_id, card_url = card.id, f"/cards/{code}"
    db.session.rollback()

    # It arrives on both boards without a reload, in the first stage.
    for agent in (sara, reza):
        expect(column(agent.page, stages["New"]).locator(f'[data-card="{card_id}"]')).to_contain_text(TITLE[locale])

    # Dragging it shows on the colleague's board, and the customer reads the step.
    drag(sara.page, card_id, stages["Working"])
    expect(column(reza.page, stages["Working"]).locator(f'[data-card="{card_id}"]')).to_be_visible()
    step = {"fa": "در دست بررسی", "en": "In progress"}[locale]
    expect(nika.page.locator(".now-state")).to_contain_text(step)

    # A colleague is consulted by mention; he is told at once, the customer is not.
    before = nika.page.locator("main").inner_text()
    page = sara.go(card_url)
    expect(page.locator("#who")).to_contain_text({"fa": "نیکا صفوی", "en": "Nika Safavi"}[locale])
    note = page.locator("form[data-mode=note] textarea")
    note.fill(f"{NOTE[locale]} @")
    note.press_sequentially({"fa": "رضا", "en": "Reza"}[locale])
    page.locator("[data-suggest] [role=option]").first.click()
    page.locator("form[data-mode=note] button[type=submit]").click()
    expect(page.locator(".msg.note")).to_contain_text(NOTE[locale])
    expect(reza.page.locator("[data-unread-count]").first).to_be_visible()
    reza.go("/inbox")
    expect(reza.page.locator("main")).to_contain_text(TITLE[locale])

    # The answer reaches the customer live and by one message.
    page.locator(".modes label:has(.to-reply)").click()
    page.locator("form[data-mode=reply] textarea").fill(REPLY[locale])
    page.locator("form[data-mode=reply] .tools button[type=submit]").click()
    expect(page.locator(".msg.reply")).to_contain_text(REPLY[locale])
    expect(nika.page.locator("main")).to_contain_text(REPLY[locale])
    assert NOTE[locale] not in nika.page.content()
    assert NOTE[locale] not in before
    deliver()
    told = list(db.session.scalars(sa.select(Outbox.kind).where(Outbox.card_id == card_id).order_by(Outbox.id)))
    db.session.rollback()
    assert told == ["message.acknowledgement", "message.reply"]

    # Closing asks what was wrong and what was done; the customer reads it and rates.
    page.goto(f"{sara.address}{card_url}/closure")
    page.locator("[name=cause]").fill(BODY[locale])
    page.locator("[name=solution]").fill(REPLY[locale])
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(lambda url: not url.endswith("/closure"))
    expect(nika.page.locator(".now-state")).to_contain_text({"fa": "حل شد", "en": "Solved"}[locale])
    deliver()
    message = db.session.scalars(sa.select(Outbox).where(Outbox.kind == "message.closing")).one().body or ""
    db.session.rollback()
    link = next(line for line in message.splitlines() if "/portal/surveys/" in line)
    nika.page.goto(link)
    for name, score in {"speed": 5, "usefulness": 4, "behaviour": 5}.items():
        nika.page.locator(f'label:has([name={name}][value="{score}"])').click()
    nika.page.locator("main form button[type=submit]").first.click()
    expect(nika.page.locator("main form [name=speed]")).to_have_count(0)
    survey = db.session.scalars(sa.select(Survey)).one()
    assert (survey.speed, survey.usefulness, survey.behaviour) == (5, 4, 5)
    db.session.rollback()
    page.goto(f"{sara.address}{card_url}")
    scores = page.locator(".outcome [role=img]")
    expect(scores).to_have_count(3)
    expect(scores.nth(1)).to_have_attribute("aria-label", re.compile({"fa": "۴", "en": "4"}[locale]))
