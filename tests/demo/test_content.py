"""The demo's content holds together: unique where it must be, every reference resolves, nothing lies in the future."""

import re
from collections import Counter
from itertools import chain
from pathlib import Path

import pytest

from app.calendars import WorkingHours
from app.ids import is_legal_id, is_postal_code
from app.phones import parse_mobile, parse_phone
from app.text import clean
from cards.models import CHANNELS
from demo.content import (
    BUSINESS,
    COMPANIES,
    DEALS,
    DEPARTMENTS,
    ORDERS,
    PEOPLE,
    PIPELINES,
    PORTAL_SIGN_INS,
    PRODUCTS,
    STAFF,
    TEAMS,
    TICKETS,
    WAREHOUSES,
)
from demo.content.shapes import (
    Assigned,
    Card,
    Closing,
    Moved,
    Noted,
    Order,
    Prioritised,
    Reopening,
    Replied,
    Said,
    stage_of,
)
from pipelines.models import CLOSING_KINDS, COLORS, LEVELS
from pipelines.models.stage import KINDS_BY_PIPELINE

GRACE_HOURS = 72
BOARDS = {pipeline.slug: pipeline for pipeline in PIPELINES}
COLLEAGUES = {colleague.key: colleague for colleague in STAFF}
PERSONS = {person.key: person for person in PEOPLE}
FIRMS = {company.key: company for company in COMPANIES}
PLACED = {order.number: order for order in ORDERS}
CARDS = (*TICKETS, *DEALS)


def same(values: chain[str] | list[str]) -> list[str]:
    """What occurs more than once."""
    return [value for value, count in Counter(values).items() if count > 1]


def pipeline_of(item: Card | Order):
    return BOARDS[item.pipeline] if isinstance(item, Card) else BOARDS["orders"]


def may_act(key: str, slug: str, levels: tuple[str, ...]) -> bool:
    """Whether a colleague is an admin, or a member of the pipeline alone or through the team, at one of the levels."""
    who = COLLEAGUES[key]
    ways = {(member.key, member.is_team) for member in BOARDS[slug].members if member.level in levels}
    return who.role == "admin" or (key, False) in ways or (who.team, True) in ways


def last_closing_age(card: Card) -> float | None:
    """Hours since the card was last closed; None when it is open."""
    age, closed = card.age_hours, None
    for step in card.steps:
        age -= step.after_hours
        if isinstance(step, Closing):
            closed = age
        elif isinstance(step, Reopening):
            closed = None
    return closed


def texts_of(card: Card) -> list[str]:
    return [card.text, *(step.text for step in card.steps if isinstance(step, Said | Replied | Noted))]


def test_there_is_as_much_as_promised():
    assert len(STAFF) == 8
    assert len(PEOPLE) + len(COMPANIES) == 40
    assert len(PRODUCTS) >= 24
    assert len(WAREHOUSES) == 2
    assert len(TICKETS) == 150
    assert len(ORDERS) == 120
    assert len(DEALS) == 20
    assert sum(1 for card in TICKETS if card.survey) >= 60
    assert all(3 <= len(department.questions) <= 5 for department in DEPARTMENTS)
    assert all(5 <= len(pipeline.stages) <= 7 for pipeline in PIPELINES)


@pytest.mark.parametrize(
    "values",
    [
        [colleague.email for colleague in STAFF],
        [colleague.key for colleague in STAFF],
        [team.key for team in TEAMS],
        [person.key for person in PEOPLE],
        [person.name for person in PEOPLE],
        [person.mobile for person in PEOPLE],
        [person.email for person in PEOPLE if person.email],
        [company.key for company in COMPANIES],
        [company.legal_id for company in COMPANIES],
        [company.phone for company in COMPANIES],
        [product.sku for product in PRODUCTS],
        [product.name for product in PRODUCTS],
        [order.number for order in ORDERS],
        [payment.reference for order in ORDERS for payment in order.payments],
        [shipment.code for order in ORDERS for shipment in order.shipments if shipment.code],
        [card.key for card in CARDS],
        [card.title for card in CARDS],
    ],
)
def test_what_names_something_names_one_thing(values):
    assert same(values) == []


def test_nobody_repeats_a_text():
    assert same(chain.from_iterable(map(texts_of, CARDS))) == []
    done = [step.done for card in CARDS for step in card.steps if isinstance(step, Closing)]
    assert same(done) == []


def test_the_business_can_be_reached_and_read():
    assert parse_phone(BUSINESS.phone)
    assert any(WorkingHours.parse(BUSINESS.hours).week)
    channels = [int(BUSINESS.color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in channels)
    assert 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05) >= 4.5


def test_people_have_demo_numbers_and_true_references():
    for person in PEOPLE:
        assert parse_mobile(person.mobile)
        assert person.mobile.startswith("0912000")
        assert is_postal_code(person.address.postal_code)
        assert person.email is None or person.email.endswith("@example.com")
        assert bool(person.tier_reason) == (person.tier != "plain")
        for membership in person.memberships:
            assert membership.company in FIRMS
            assert membership.since_days_ago <= person.since_days_ago
            assert (membership.until_days_ago or 0) < membership.since_days_ago
    assert set(PORTAL_SIGN_INS) <= PERSONS.keys()
    assert {person.tier for person in PEOPLE} == {"plain", "gold", "vip"}
    assert all(is_legal_id(company.legal_id) and parse_phone(company.phone) for company in COMPANIES)
    assert all(is_postal_code(company.address.postal_code) for company in COMPANIES)
    assert all(any(m.company == key and m.is_manager for p in PEOPLE for m in p.memberships) for key in FIRMS)


def test_staff_hold_every_role_and_the_printed_sign_ins():
    """DESIGN: an admin, a manager, sara in support and omid in sales are printed at the first start."""
    assert {colleague.role for colleague in STAFF} == {"admin", "manager", "agent", "sales"}
    assert all(colleague.email.endswith("@demo.kariz.test") and colleague.display_name for colleague in STAFF)
    assert COLLEAGUES["sara"].email == "sara@demo.kariz.test"
    assert (COLLEAGUES["omid"].email, COLLEAGUES["omid"].role) == ("omid@demo.kariz.test", "sales")
    assert not may_act("omid", "support", ("viewer", "member", "manager"))
    assert {colleague.team for colleague in STAFF} - {None} == {team.key for team in TEAMS}


@pytest.mark.parametrize("pipeline", PIPELINES, ids=lambda pipeline: pipeline.slug)
def test_a_pipeline_is_sound(pipeline):
    """G5: every shown stage has a step, every step a stage."""
    kinds = KINDS_BY_PIPELINE[pipeline.kind]
    steps = {step.key for step in pipeline.steps}
    assert all(stage.kind in kinds and stage.color in COLORS for stage in pipeline.stages)
    assert pipeline.stages[0].kind == "new"
    assert {stage.step for stage in pipeline.stages} - {None} == steps
    assert same([stage.key for stage in pipeline.stages]) == same([step.label_fa for step in pipeline.steps]) == []
    known = {"user": set(COLLEAGUES), "team": {team.key for team in TEAMS}}
    assert all(member.key in known["team" if member.is_team else "user"] for member in pipeline.members)
    assert all(member.level in LEVELS for member in pipeline.members)
    assert any(member.level == "manager" for member in pipeline.members)


def test_support_shows_shares_and_hides_stages():
    """G5: a hidden stage in the middle, and stages that share one step."""
    stages = BOARDS["support"].stages
    assert next(stage for stage in stages if stage.name_fa == "پرسش از همکار").step is None
    assert max(Counter(stage.step for stage in stages if stage.step).values()) >= 2


def test_every_icon_is_drawn():
    icons = {department.icon for department in DEPARTMENTS} | {pipeline.icon for pipeline in PIPELINES}
    icons |= {step.icon for pipeline in PIPELINES for step in pipeline.steps}
    assert {path.stem for path in Path("assets/icons").glob("*.svg")} >= icons


def test_departments_open_on_boards_that_their_assignee_works_on():
    """A2: the department decides pipeline and owner."""
    for department in DEPARTMENTS:
        assert may_act(department.default_assignee, department.pipeline, ("member", "manager"))


@pytest.mark.parametrize("item", [*CARDS, *ORDERS], ids=lambda item: getattr(item, "key", None) or item.number)
def test_steps_stay_in_the_past_and_on_the_board(item):
    pipeline = pipeline_of(item)
    assert all(step.after_hours > 0 for step in item.steps)
    assert item.length_hours <= item.age_hours
    for step in item.steps:
        if isinstance(step, Moved):
            assert pipeline.stage(step.stage).kind not in CLOSING_KINDS
        elif isinstance(step, Closing):
            assert pipeline.stage(step.stage).kind in CLOSING_KINDS
            assert step.done
    closings = [at for at, step in enumerate(item.steps) if isinstance(step, Closing)]
    later = [step for at in closings for step in item.steps[at + 1 : at + 2]]
    # Whoever writes on a finished request takes it up again.
    assert all(isinstance(step, Reopening) for step in later)


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.key)
def test_a_card_is_told_by_people_who_may(card):
    """C2: only colleagues of the board are mentioned; nobody writes on a board that is not theirs."""
    assert card.contact in PERSONS
    assert card.company is None or card.company in {m.company for m in PERSONS[card.contact].memberships}
    doors = {department.slug: department for department in DEPARTMENTS}
    assert card.department is None or doors[card.department].pipeline == card.pipeline
    assert card.department or card.opened_by or card.pipeline == "sales"
    actors = [step.by for step in card.steps if not isinstance(step, Said) and step.by]
    holders = [step.to for step in card.steps if isinstance(step, Assigned)]
    for key in filter(None, [*actors, *holders, card.assignee, card.opened_by]):
        assert may_act(key, card.pipeline, ("member", "manager")), key
    for note in (step for step in card.steps if isinstance(step, Noted)):
        for key in note.mentions:
            assert may_act(key, card.pipeline, ("viewer", "member", "manager")), key
            assert key != note.by
    assert card.channel in CHANNELS
    changes = [step.priority for step in card.steps if isinstance(step, Prioritised)]
    assert all(1 <= priority <= 4 for priority in (card.priority, *changes))


@pytest.mark.parametrize("card", [card for card in CARDS if card.order], ids=lambda card: card.key)
def test_a_card_about_an_order_has_the_same_customer(card):
    order = PLACED[card.order]
    assert card.contact == order.contact or (card.company and card.company == order.company)
    assert card.pipeline == "sales" or card.age_hours <= order.age_hours


def test_numbers_named_in_texts_exist():
    """A customer, or a colleague, who names an order names one that is there."""
    for card in CARDS:
        for number in re.findall(r"GJ-[0-9]+", " ".join([card.title, *texts_of(card)])):
            assert number in PLACED, card.key


def test_every_stage_has_something_to_show():
    for pipeline in PIPELINES:
        items = ORDERS if pipeline.slug == "orders" else [card for card in CARDS if card.pipeline == pipeline.slug]
        filled = {stage_of(item, pipeline).key for item in items}
        assert filled == {stage.key for stage in pipeline.stages}


def test_tickets_stand_in_every_state():
    """B4, B7, D6, H2: new and unassigned, critical, reopened, rated, solved lately, closed long ago."""
    closed = [age for card in TICKETS if (age := last_closing_age(card)) is not None]
    assert sum(1 for card in TICKETS if not card.steps and card.assignee is None) >= 3
    assert {card.priority for card in TICKETS} == {1, 2, 3, 4}
    assert sum(1 for card in TICKETS if any(isinstance(step, Reopening) for step in card.steps)) >= 2
    assert min(closed) < GRACE_HOURS
    assert max(closed) > 90 * 24
    assert {card.channel for card in TICKETS} == {"portal", "phone", "email"}
    assert any(card.company for card in TICKETS)


def test_surveys_follow_a_closing():
    """H2: three marks of 1 to 5, given after the request was solved and before now."""
    for card in CARDS:
        if card.survey:
            age = last_closing_age(card)
            assert age is not None
            assert 0 < card.survey.after_hours < age
            assert {card.survey.speed, card.survey.usefulness, card.survey.behaviour} <= {1, 2, 3, 4, 5}


def test_customers_write_as_people_do_and_the_house_writes_well():
    """PERSIAN 1: some phones type Arabic letters; what the house writes is already clean."""
    typed = [card.text for card in CARDS if not card.opened_by]
    assert sum(1 for text in typed if re.search("[يك]", text)) >= 4
    assert sum(1 for text in typed if not re.search("[آ-ی]", text)) >= 3
    house = [step.text for card in CARDS for step in card.steps if isinstance(step, Replied | Noted)]
    house += [card.text for card in CARDS if card.opened_by]
    house += [step.done for card in CARDS for step in card.steps if isinstance(step, Closing)]
    house += [answer for d in DEPARTMENTS for q in d.questions for answer in (q.question_fa, q.answer_fa)]
    assert [text for text in house if clean(text) != text] == []
    assert [text for text in house if re.search(r"  |\s[،؛؟.]|[0-9]+ (?:تومان|ریال)|[آ-ی][?;,]", text)] == []
