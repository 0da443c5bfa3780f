"""Tickets of another system: their history, as of any time, continued by a later import, and by one row each."""

from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from app.events import Event
from app.extensions import db
from app.i18n import as_viewer
from app.outbox import Outbox
from app.users.models import User
from cards.models import Card, Entry
from cards.services import add_note
from cards.services.resolving import close_expired
from contacts.models import Contact
from tests.conftest import Client
from tests.imports.conftest import DATA, carry_out, plan_of, table_counts
from tests.imports.incidents import ZONE, instant, states, stood
from tests.imports.ticket_checks import bring_tickets, check_board, check_cards, check_histories, desk, tickets_plan
from tests.world import World

TICKETS = DATA / "tickets.csv"
AS_OF = "2025-04-13 14:00"
SIMPLE = (
    "شماره,عنوان,وضعیت,شرح,یادداشت,پاسخ,نام مشتری,موبایل,مسئول,تیم,اولویت,تاریخ ثبت,تاریخ حل,تاریخ بستن\n"
    "۱۰۱,قوری ترک دارد,باز,سلام، قوری ترک دارد.,مشتری مهم است,فردا می‌فرستیم,نیکا صفوی,09121234567,Sara Amini,پشتیبانی,"
    "زیاد,1404/01/23 09:00,,\n"
    "۱۰۲,بسته نرسید,حل شد,,,,رویا مهدوی,09121110000,کسی دیگر,انبار,کم,1404/01/20 10:00,1404/01/21 11:00,\n"
    "۱۰۳,فاکتور,بسته شد,,,,رویا مهدوی,09121110000,,,متوسط,1404/01/18 10:00,1404/01/19 11:00,1404/01/22 11:00\n"
)


def card(number: str) -> Card:
    return db.session.scalars(sa.select(Card).where(Card.external_id == number)).one()


def facts(number: str) -> list[tuple[str, str | None]]:
    """Events of a card as (name, who it is said of), in the order in which they are told."""
    query = sa.select(Event).where(Event.card_id == card(number).id).order_by(Event.id)
    return [(event.name, event.data.get("by_name")) for event in db.session.scalars(query)]


def test_everything_is_as_the_file_says(world: World) -> None:
    report = bring_tickets(TICKETS)
    assert report.counts == {"contacts.created": 4, "teams.created": 3, "tickets.created": 5, "users.created": 3}
    expected = stood(TICKETS)
    assert set(states(expected.values())) == {"Closed"}
    check_cards(expected)
    check_histories(expected)
    # Nobody is told of the past, nobody new can sign in, and nobody known gained anything.
    assert db.session.scalars(sa.select(Outbox)).all() == []
    made = db.session.scalars(sa.select(User).where(User.email.endswith("@former.invalid"))).all()
    assert (len(made), {user.is_active for user in made}) == (3, {False})


def test_as_of_a_time_the_board_holds_what_it_held(world: World, admin, as_user) -> None:
    bring_tickets(TICKETS, as_of=AS_OF)
    as_of = instant("13-04-2025 14:00")
    expected = stood(TICKETS, as_of)
    assert states(expected.values()) == {"Awaiting User Info": 1, "Active": 1, "Closed": 1, "Resolved": 1, "New": 1}
    check_cards(expected)
    check_histories(expected)
    client: Client = as_user(admin)
    check_board(client, expected)
    assert all(event.at <= as_of for event in db.session.scalars(sa.select(Event).where(Event.card_id.is_not(None))))


def test_a_later_import_brings_the_later_rows_once(world: World) -> None:
    bring_tickets(TICKETS, as_of=AS_OF)
    report = bring_tickets(TICKETS)
    assert report.counts == {"tickets.unchanged": 1, "tickets.updated": 4}
    expected = stood(TICKETS)
    check_cards(expected)
    check_histories(expected)
    before = table_counts()
    assert bring_tickets(TICKETS).counts == {"tickets.unchanged": 5}
    assert table_counts() == before
    # Brought in one go or in two, the history is the same.
    whole = [(number, facts(number)) for number in expected]
    assert sum(len(each) for _number, each in whole) == db.session.scalar(
        sa.select(sa.func.count()).where(Event.card_id.is_not(None)).select_from(Event)
    )


def test_a_late_copy_of_an_old_update_returns_nothing(world: World) -> None:
    """The log of T0004 has an update after the one that resolved it which says New, and counts no return."""
    bring_tickets(TICKETS, as_of=AS_OF)
    assert (card("T0004").stage.kind, card("T0004").reopening_count) == ("resolved", 0)
    assert (card("T0002").stage.kind, card("T0002").reopening_count) == ("active", 1)


def test_history_is_told_by_those_who_were_there(world: World, admin, as_user) -> None:
    bring_tickets(TICKETS)
    names = [name for name, _by in facts("T0001")]
    assert names == ["card.opened", "card.moved", "card.assigned", "card.moved", "card.team_changed", "card.assigned",
                     "card.prioritised", "card.moved", "card.closed"]  # fmt: skip
    assert facts("T0001")[1] == ("card.moved", "Updated by 2")
    page = as_user(admin).get(f"/cards/{card('T0001').code}").text
    assert "T0001" in page
    assert "Updated by 2" in page
    assert "Dispatch" in page


def test_a_dry_run_counts_and_changes_nothing(world: World) -> None:
    desk()
    before = table_counts()
    report = bring_tickets(TICKETS, is_dry=True)
    assert report.counts == {"contacts.created": 4, "teams.created": 3, "tickets.created": 5, "users.created": 3}
    assert table_counts() == before


def test_tickets_that_began_later_wait(world: World) -> None:
    assert bring_tickets(TICKETS, as_of="2025-04-12 10:00").counts["tickets.later"] == 3


def test_what_people_did_here_is_left_alone(world: World, admin) -> None:
    bring_tickets(TICKETS, as_of=AS_OF)
    add_note(card("T0001"), "با مشتری حرف زدم", by=admin)
    db.session.commit()
    report = bring_tickets(TICKETS)
    assert (report.counts["tickets.updated"], report.counts["rows.faulty"]) == (3, 1)
    assert "worked on this ticket" in report.faults[0].sentence
    assert card("T0001").stage.kind == "waiting_customer"


def test_what_was_resolved_long_ago_is_shown_for_a_while(world: World) -> None:
    bring_tickets(TICKETS, as_of=AS_OF)
    assert close_expired() == 0
    brought = card("T0004").imported_at
    assert brought is not None
    assert close_expired(brought + timedelta(days=4)) == 1


def test_an_unreadable_row_leaves_its_ticket_out(world: World, tmp_path: Path) -> None:
    lines = TICKETS.read_text().splitlines()
    wrong = [lines[0], *(line.replace("13-04-2025 09:00", "sometime") for line in lines[1:]), "T0003,too,short"]
    path = tmp_path / "tickets.csv"
    path.write_text("\n".join(wrong) + "\n")
    report = bring_tickets(path)
    assert report.counts["tickets.created"] == 3
    assert [(fault.row, fault.column) for fault in report.faults] == [(22, ""), (9, "sys_updated_at"), (5, "number")]
    assert db.session.scalar(sa.select(sa.func.count()).where(Card.external_id.in_(["T0001", "T0003"]))) == 0


def test_one_row_a_ticket(world: World, nika: Contact, tmp_path: Path) -> None:
    path = tmp_path / "simple.csv"
    path.write_text(SIMPLE)
    report = carry_out(tickets_plan(path))
    assert report.counts == {"contacts.created": 1, "teams.created": 1, "tickets.created": 3, "users.created": 1}
    opened, solved, closed = card("101"), card("102"), card("103")
    assert (opened.contact_id, opened.assignee_id, opened.team.name_en) == (nika.id, world.sara.id, "Support")
    assert (opened.stage.kind, opened.priority, opened.title) == ("new", 3, "قوری ترک دارد")
    assert (solved.stage.kind, solved.closed_at, solved.priority) == ("resolved", None, 1)
    assert solved.resolved_at is not None
    assert solved.resolved_at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M") == "2025-04-10 11:00"
    assert (closed.is_closed, closed.contact_id == solved.contact_id) == (True, True)
    entries = db.session.scalars(sa.select(Entry).where(Entry.card_id == opened.id).order_by(Entry.id)).all()
    assert [(entry.kind, entry.visibility) for entry in entries] == [
        ("customer_message", "portal"), ("note", "internal"), ("system", "portal"),
    ]  # fmt: skip
    assert carry_out(tickets_plan(path)).counts == {"tickets.unchanged": 3}


def test_one_row_a_ticket_says_later_that_it_is_solved(world: World, tmp_path: Path) -> None:
    path = tmp_path / "simple.csv"
    path.write_text("id,title,status,created,resolved\n1,قوری,open,2025-04-12 09:00,\n2,لیوان,open,2025-04-12 09:00,\n")
    carry_out(tickets_plan(path))
    path.write_text(
        "id,title,status,created,resolved\n1,قوری,solved,2025-04-12 09:00,2025-04-13 10:00\n"
        "2,لیوان,in progress,2025-04-12 09:00,\n"
    )
    assert carry_out(tickets_plan(path)).counts == {"tickets.updated": 2}
    assert [card(number).stage.kind for number in ("1", "2")] == ["resolved", "active"]
    assert carry_out(tickets_plan(path)).counts == {"tickets.unchanged": 2}


def test_a_stage_is_made_for_a_state_that_the_board_lacks(world: World, tmp_path: Path) -> None:
    path = tmp_path / "simple.csv"
    path.write_text("id,title,status,created\n1,قوری,On hold,2025-04-12 09:00\n")
    plan = plan_of("tickets", {"main": path}, board=world.support.id)
    assert plan.options.states == {"On hold": "new:waiting_other"}
    carry_out(plan, is_dry=True)
    assert not [stage for stage in world.support.all_stages if stage.name_en == "On hold"]
    db.session.expire_all()
    carry_out(plan)
    assert (card("1").stage.name_en, card("1").stage.kind) == ("On hold", "waiting_other")


def test_open_answers_are_named(world: World, tmp_path: Path) -> None:
    path = tmp_path / "simple.csv"
    path.write_text("id,title,status,created\n1,قوری,xyzzy,2025-04-12 09:00\n")
    with as_viewer("en"):
        assert [problem.place for problem in tickets_plan(path).problems()] == ["state-0"]


def test_the_card_shows_team_and_former_number_and_the_board_its_former_holder(world: World, admin, as_user) -> None:
    bring_tickets(TICKETS, as_of=AS_OF)
    client: Client = as_user(admin)
    page = client.get(f"/cards/{card('T0002').code}").text
    assert ("<bdi>T0002</bdi>" in page, "<bdi>Dispatch</bdi>" in page) == (True, True)
    assert 'aria-label="Resolver 2"' in client.get("/boards/desk").text
