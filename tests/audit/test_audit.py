"""The audit page: sentences, filters, export, and what it costs."""

import csv
import io
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import audit, clock, events, settings
from app.audit import acts, queries, retention
from app.audit.queries import Wanted
from app.auth.models import Session
from app.clock import utcnow
from app.db import table_of
from app.events import Event, record
from app.extensions import db
from app.users import services as accounts
from contacts.services import add_point, update_contact
from tests.conftest import event_names


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def lines_of(page: str) -> list[str]:
    return [text_of(line) for line in re.findall(r'<li class="audit-line">(.*?)</li>', page, re.DOTALL)]


def test_every_name_of_the_vocabulary_has_words(app) -> None:
    """A new kind of fact without a sentence would be unreadable in the audit."""
    told = {name for name in events.NAMES if not name.startswith("test.")}
    assert told - acts.told_names() == set()
    assert audit.acts.told_names() - events.NAMES == set(), "words for what nobody records"


def test_a_role_reads_as_a_sentence_in_both_languages(world, admin, reza, as_user) -> None:
    accounts.change_role(reza, "manager", by=admin)
    db.session.commit()
    page = lines_of(as_user(admin).get("/settings/audit?group=rights").text)[0]
    assert f"نقش {reza.name} را از «" in page.replace("« ", "«"), page
    admin.locale = "en"
    db.session.commit()
    page = lines_of(as_user(admin).get("/settings/audit?group=rights").text)[0]
    assert f"changed the role of {reza.shown_name}" in page or "changed the role of" in page
    assert "“ Support agent ” to “ Manager ”" in page


def test_changes_show_labels_and_words_instead_of_columns(world, admin, sara, nika, as_user) -> None:
    admin.locale = "en"
    update_contact(nika, by=sara, tier="gold", tier_reason="Bought ten times")
    db.session.commit()
    line = lines_of(as_user(admin).get(f"/settings/audit?thing=contact:{nika.id}").text)[0]
    assert "Tier Regular became Gold" in line
    assert "tier_reason" not in line


def test_filters_narrow_by_person_thing_name_day_and_address(world, admin, sara, nika, babak, as_user) -> None:
    browser = as_user(admin)
    browser.post("/settings/teams", data={"name_fa": "شیفت شب"}, environ_base={"REMOTE_ADDR": "203.0.113.7"})
    add_point(nika, "email", "n2@example.com", by=sara)
    add_point(babak, "email", "b2@example.com", by=sara)
    db.session.commit()

    def found(query: str) -> list[str]:
        return lines_of(browser.get(f"/settings/audit?{query}").text)

    assert len(found("address=203.0.113.7")) >= 1
    assert all("203.0.113.7" in line for line in found("address=203.0.113.7"))
    assert all(sara.name in line or sara.name_en in line for line in found(f"person=user:{sara.id}"))
    assert any("b2@example.com" in line for line in found(f"thing=contact:{babak.id}"))
    assert not any("b2@example.com" in line for line in found(f"thing=contact:{nika.id}"))
    assert any("b2@example.com" in line for line in found(f"q={babak.name}"))
    assert not any("n2@example.com" in line for line in found(f"q={babak.name}"))
    assert found("q=هیچ‌کس") == []
    assert found("since=1405/01/01&until=1405/01/02&group=contacts") == []
    assert found("person=system&group=sign_ins") == []


@pytest.mark.parametrize("query", ["since=tomorrowish", "since=1405/08/30&until=1405/08/01", "group=secrets"])
def test_a_filter_that_cannot_be_read_is_said_beside_its_field(world, admin, as_user, query) -> None:
    answer = as_user(admin).get(f"/settings/audit?{query}")
    assert answer.status_code == 422
    assert 'class="error"' in answer.text


@pytest.mark.parametrize(
    "thing", ["contact:", "contact:x", "contact:9999999999999999999", "secret:1", "contact:1;drop"]
)
def test_a_thing_that_is_none_finds_nothing(world, admin, as_user, thing) -> None:
    assert lines_of(as_user(admin).get("/settings/audit", query_string={"thing": thing}).text) == []


def test_a_failed_sign_in_names_the_account_and_keeps_nothing_that_was_typed(world, sara, client) -> None:
    client.post("/sign-in", data={"email": sara.email, "password": "canary-of-a-password"})
    client.post("/sign-in", data={"email": "canary@example.com", "password": "canary-of-a-password"})
    known, unknown = db.session.scalars(sa.select(Event).where(Event.name == "user.sign_in_failed").order_by(Event.id))
    assert (known.subject_id, unknown.subject_id) == (sara.id, None)
    assert known.source_address
    assert known.actor_id is None
    assert "canary" not in f"{known.data}{unknown.data}"


def test_a_fact_keeps_who_and_from_where_and_a_task_keeps_nothing(world, admin, as_user) -> None:
    agent = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0"}
    as_user(admin).post("/settings/teams", data={"name_fa": "نو"}, headers=agent)
    event = db.session.scalars(sa.select(Event).where(Event.name == "team.created")).one()
    session = db.session.scalars(sa.select(Session).where(Session.user_id == admin.id)).one()
    assert (event.source_device, event.source_session_id) == ("Firefox, Linux", session.id)
    record("team.restored", None)
    assert db.session.scalars(sa.select(Event).order_by(Event.id.desc())).first().source_address is None


def test_the_export_is_safe_for_spreadsheets_and_a_fact_itself(world, admin, as_user) -> None:
    """A20, N06: formulas stay text; that the audit was taken is in the audit."""
    accounts.change(world.omid, {"name": '=HYPERLINK("http://evil")'}, allowed={"name"}, by=admin)
    db.session.commit()
    answer = as_user(admin).post("/settings/audit/export", data={"group": "rights"})
    assert answer.status_code == 200
    assert answer.text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert any("user.changed" in row for row in rows)
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row)
    assert event_names()[-1] == "audit.exported"


def test_the_export_asks_again_who_sits_there(world, admin, as_user) -> None:
    """A20: a session of two hours ago is not enough."""
    browser = as_user(admin)
    db.session.execute(sa.update(Session).values(created_at=utcnow() - timedelta(hours=2)))
    db.session.commit()
    answer = browser.post("/settings/audit/export")
    assert answer.status_code == 403
    assert "audit.exported" not in event_names()


def test_sources_are_forgotten_after_a_time_and_facts_never(world, admin, as_user, monkeypatch) -> None:
    monkeypatch.setattr(retention, "_clear_until", retention.EPOCH)
    browser = as_user(admin)
    browser.post("/settings/teams", data={"name_fa": "شیفت شب"})
    assert browser.post("/settings/audit/retention", data={"days": "۳۰"}).status_code == 303
    assert settings.get("audit.source_days") == 30
    before = event_names()
    assert retention.forget_sources() == 0
    with clock.freeze(utcnow() + timedelta(days=31)):
        assert retention.forget_sources() > 0
    assert event_names() == before
    assert db.session.scalar(sa.select(sa.func.count()).where(Event.source_address.is_not(None))) == 0


@pytest.mark.parametrize("days", ["", "1", "99999", "many"])
def test_a_time_that_makes_no_sense_is_refused(world, admin, as_user, days) -> None:
    assert as_user(admin).post("/settings/audit/retention", data={"days": days}).status_code == 422


def _fill(count: int, contact_id: int, user_id: int) -> None:
    now, names = utcnow(), ("contact.updated", "card.moved", "user.signed_in", "order.created")
    rows = [
        {"name": names[i % 4], "at": now - timedelta(seconds=i), "visibility": "internal", "actor_kind": "user",
         "actor_id": user_id, "subject_kind": "contact", "subject_id": contact_id, "contact_id": contact_id,
         "data": {"from": {"name": "a"}, "to": {"name": "b"}}} for i in range(count)
    ]  # fmt: skip
    db.session.execute(sa.insert(table_of(Event)), rows)
    db.session.commit()


QUERIES = ("", "group=sign_ins", "group=cards&person=customers", "q={name}", "thing=contact:{id}", "address=10.0.0.1")


def test_a_page_costs_the_same_statements_in_any_archive(world, admin, nika, as_user, statements) -> None:
    """Held at 200 and at 100,000 events; every scan goes over an index."""
    browser, counts = as_user(admin), []
    for size in (200, 100_000):
        _fill(size, nika.id, world.sara.id)
        for query in QUERIES:
            statements.clear()
            page = browser.get("/settings/audit?" + query.format(name=nika.name, id=nika.id))
            assert page.status_code == 200
            counts.append(len(statements))
    assert counts[: len(QUERIES)] == counts[len(QUERIES) :]
    assert max(counts) <= 24, counts


WANTED = (Wanted(), Wanted(group="exports"), Wanted(person="user:1"), Wanted(thing="contact:1"),
          Wanted(thing="card:1"), Wanted(address="10.0.0.1"))  # fmt: skip


@pytest.mark.parametrize("wanted", WANTED)
def test_every_scan_goes_over_an_index(world, wanted) -> None:
    """As SQLite plans it; PostgreSQL has the same indexes."""
    query = queries._query(wanted, None, 51)
    assert query is not None
    text = str(query.compile(db.engine, compile_kwargs={"literal_binds": True}))
    explain = "EXPLAIN QUERY PLAN" if db.engine.dialect.name == "sqlite" else "EXPLAIN"
    plan = [str(row[-1]) for row in db.session.execute(sa.text(f"{explain} {text}"))]
    assert not [step for step in plan if step.startswith("SCAN events") and "INDEX" not in step], plan


def test_pages_go_on_without_gaps_or_doubles(world, admin, nika, as_user) -> None:
    _fill(130, nika.id, world.sara.id)
    browser, address, seen = as_user(admin), f"/settings/audit?thing=contact:{nika.id}&group=cards", []
    while address:
        page = browser.get(address).text
        seen += re.findall(r'<time class="code" datetime="([^"]+)"', page)
        found = re.search(r'rel="next" href="([^"]+)"', page)
        address = found[1].replace("&amp;", "&") if found else ""
    own = db.session.scalar(sa.select(sa.func.count()).where(Event.contact_id == nika.id, Event.name.like("card.%")))
    assert len(seen) >= 32
    assert len(seen) <= own + 40
    assert seen == sorted(seen, reverse=True)
