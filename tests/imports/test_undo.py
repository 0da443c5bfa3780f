"""A whole import taken back: what it made goes, what it changed is as before, what people worked on stays."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from app.events import Event
from app.extensions import db
from app.users.models import Team, User
from cards.models import Card
from cards.services import add_note
from contacts.models import Contact
from contacts.services import update_contact
from imports.models import Import, ImportMark
from imports.services import undoing
from imports.services.passes import carry_out_by_command
from imports.services.undoing import start_undo
from imports.undo import preview, staying
from orders.models import Order
from tests.conftest import event_names
from tests.imports.conftest import DATA, plan_of, table_counts
from tests.imports.incidents import instant, stood
from tests.imports.ticket_checks import check_cards, check_histories, desk, tickets_plan
from tests.world import World

TICKETS = DATA / "tickets.csv"
AS_OF = "2025-04-13 14:00"
# What an import leaves of itself after its undo: the import, its job, and the empty places in the order of a board.
LEFT = {"imports", "jobs", "events", "outbox"}


@pytest.fixture(autouse=True)
def _no_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undoing, "REST_SECONDS", 0)


def bring(plan) -> Import:
    assert plan.problems() == []
    carry_out_by_command(plan)
    return db.session.scalars(sa.select(Import).order_by(Import.id.desc())).first()


def take_back(draft: Import, admin: User) -> Import:
    start_undo(draft, by=admin)
    db.session.commit()
    undoing.carry_out(draft.job)
    db.session.expire_all()
    return draft


def rest() -> dict[str, int]:
    return {name: count for name, count in table_counts().items() if name not in LEFT}


def card(number: str) -> Card:
    return db.session.scalars(sa.select(Card).where(Card.external_id == number)).one()


def test_tickets_go_with_all_that_came_with_them(world: World, admin) -> None:
    desk()
    before = rest()
    draft = bring(tickets_plan(TICKETS, as_of=AS_OF))
    assert preview(draft.id) == {("cards", "removed"): 5, ("contacts", "removed"): 4, ("teams", "removed"): 3,
                                 ("users", "removed"): 3}  # fmt: skip
    take_back(draft, admin)
    assert (draft.state, draft.undo_counts["cards.removed"], draft.undone_by_id) == ("undone", 5, admin.id)
    assert rest() == before
    assert event_names()[-1] == "import.undone"
    # The order of the board's events has no holes, and nothing of the cards is in it.
    board = desk()
    kept = db.session.scalars(sa.select(Event).where(Event.pipeline_id == board.id, Event.seq.is_not(None))).all()
    assert sorted(event.seq for event in kept) == list(range(1, board.seq + 1))
    assert {(event.card_id, event.name) for event in kept} == {(None, "card.left")}
    # Asked again, nothing happens; and the same file can come once more.
    assert start_undo(draft, by=admin) is None
    assert bring(tickets_plan(TICKETS)).counts["tickets.created"] == 5


def test_a_continued_history_is_as_it_was(world: World, admin) -> None:
    """The second of two imports is taken back: cards stand as the first one left them, history included."""
    bring(tickets_plan(TICKETS, as_of=AS_OF))
    before = rest()
    second = bring(tickets_plan(TICKETS))
    assert second.counts["tickets.updated"] == 4
    take_back(second, admin)
    assert second.undo_counts == {"cards.restored": 4}
    expected = stood(TICKETS, instant("13-04-2025 14:00"))
    check_cards(expected)
    check_histories(expected)
    assert {name: count for name, count in rest().items() if name != "import_records"} == {
        name: count for name, count in before.items() if name != "import_records"
    }
    assert bring(tickets_plan(TICKETS)).counts["tickets.updated"] == 4


def test_what_somebody_worked_on_stays_with_what_it_needs(world: World, admin, sara) -> None:
    draft = bring(tickets_plan(TICKETS, as_of=AS_OF))
    add_note(card("T0002"), "دوباره تماس گرفت", by=sara)
    db.session.commit()
    assert preview(draft.id) == {
        ("cards", "removed"): 4, ("cards", "kept"): 1, ("contacts", "removed"): 3, ("contacts", "kept"): 1,
        ("teams", "removed"): 2, ("teams", "kept"): 1, ("users", "removed"): 2, ("users", "kept"): 1,
    }  # fmt: skip
    assert [(each.table, each.code) for each in staying(draft.id)] == [("cards", card("T0002").code)]
    take_back(draft, admin)
    assert {name: draft.undo_counts[name] for name in ("cards.kept", "contacts.kept", "teams.kept", "users.kept")} == {
        "cards.kept": 1, "contacts.kept": 1, "teams.kept": 1, "users.kept": 1,
    }  # fmt: skip
    stays = card("T0002")
    assert (stays.team.name_fa, stays.contact.name) == ("Dispatch", "Caller 12")
    names = {event.name for event in db.session.scalars(sa.select(Event).where(Event.card_id == stays.id))}
    assert {"card.opened", "card.reopened", "note.added"} <= names
    # Who they were is still known.
    assert set(db.session.scalars(sa.select(ImportMark.kind))) == {"user", "team", "contact"}


def test_an_earlier_import_stays_while_a_later_one_stands(world: World, admin) -> None:
    first = bring(tickets_plan(TICKETS, as_of=AS_OF))
    second = bring(tickets_plan(TICKETS))
    assert preview(first.id)["cards", "kept"] == 4
    take_back(second, admin)
    assert preview(first.id)["cards", "removed"] == 5


def test_changed_contacts_are_as_before(world: World, admin, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(
        "name,mobile,honorific,email\nنیکا صفوی,09121234567,خانم,n@example.org\nتازه‌وارد,09129999999,آقا,\n"
    )
    before = rest()
    draft = bring(plan_of("contacts", {"main": path}, match="mobile"))
    assert (draft.counts["contacts.created"], draft.counts["contacts.updated"]) == (1, 1)
    assert world.nika.honorific == "خانم"
    take_back(draft, admin)
    assert (world.nika.honorific, len(world.nika.points)) == ("", 2)
    # The search knows nika only since she was changed.
    assert {**rest(), "search_docs": 0} == {**before, "search_docs": 0}


def test_a_contact_that_was_changed_since_stays(world: World, admin, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("name,mobile\nتازه‌وارد,09129999999\n")
    draft = bring(plan_of("contacts", {"main": path}, match="mobile"))
    made = db.session.scalars(sa.select(Contact).where(Contact.name == "تازه‌وارد")).one()
    update_contact(made, by=admin, honorific="آقا")
    db.session.commit()
    take_back(draft, admin)
    assert draft.undo_counts == {"contacts.kept": 1}


def test_a_whole_shop_goes_too(world: World, admin) -> None:
    before = rest()
    answers = {"unit_rials": 10_000, "vat_rate": 0}
    files = {"main": DATA / "orders.csv", "lines": DATA / "order-details.csv", "carriers": DATA / "shippers.csv"}
    drafts = [
        bring(plan_of("companies", {"main": DATA / "customers.csv"})),
        bring(plan_of("products", {"main": DATA / "products-utf16.csv"}, **answers)),
        bring(plan_of("orders", files, discount="rate", **answers)),
    ]
    # Products that orders need stay until the orders are gone.
    take_back(drafts[2], admin)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Order)) == 0
    for draft in (drafts[1], drafts[0]):
        take_back(draft, admin)
    assert rest() == before


def test_an_undo_goes_on_where_it_died(world: World, admin, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = bring(tickets_plan(TICKETS))
    monkeypatch.setattr(undoing, "HOLD_SECONDS", 0)
    start_undo(draft, by=admin)
    db.session.commit()
    take, calls = undoing._take_back, []

    def die(found, boards):
        calls.append(found.id)
        if len(calls) == 6:
            raise MemoryError
        return take(found, boards)

    monkeypatch.setattr(undoing, "_take_back", die)
    with pytest.raises(MemoryError):
        undoing.carry_out(draft.job)
    db.session.rollback()
    undoing.carry_out(draft.job)
    db.session.expire_all()
    assert draft.state == "undone"
    assert db.session.scalar(sa.select(sa.func.count()).where(Team.name_fa == "Dispatch")) == 0
    # Nothing was asked twice, but for what the death undid.
    assert len(calls) == len(set(calls)) + 1


def test_by_command(world: World, app) -> None:
    draft = bring(tickets_plan(TICKETS))
    result = app.test_cli_runner().invoke(args=["import", "undo", str(draft.id), "--dry-run"])
    assert (result.exit_code, "Cards removed: 5" in result.output) == (0, True)
    assert app.test_cli_runner().invoke(args=["import", "undo", str(draft.id)]).exit_code == 0
    db.session.expire_all()
    assert draft.state == "undone"
    assert app.test_cli_runner().invoke(args=["import", "undo", "4711"]).exit_code == 1
