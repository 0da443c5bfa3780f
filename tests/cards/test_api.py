"""Cards for programs: the same verbs and sentences as the pages."""

import pytest

from app.api.scopes import SCOPES
from app.clock import freeze, utcnow
from app.extensions import db
from cards.models import Card, Entry
from cards.services import add_note, add_reply
from contacts.models import Contact
from pipelines.models import PipelineMembership
from tests.conftest import event_names


@pytest.fixture
def card(world):
    return world.card()


@pytest.fixture
def program(world, bearer):
    return bearer(world.sara)


def new(world, **more):
    return {"pipeline": "support", "title": "قوری شکست", "contact": {"code": world.nika.code}, **more}


def test_a_card_is_opened_read_and_listed(world, program):
    answer = program.post("/api/v1/cards", json=new(
        world, body="از کنار دسته", note="گارانتی دارد", priority=3, tags=["قوری"], assignee_id=world.reza.id,
        department=world.department.slug,
    ))  # fmt: skip
    assert answer.status_code == 201
    made = answer.json
    assert (made["state"], made["priority"], made["tags"]) == ("open", 3, ["قوری"])
    assert made["assignee"] == {"id": world.reza.id, "name": "Reza Pakzad"}
    assert answer.headers["Location"].endswith(f"/api/v1/cards/{made['code']}")
    assert answer.headers["ETag"] == f'"{made["version"]}"'
    assert program.get(f"/api/v1/cards/{made['code']}").json == made
    assert program.get("/api/v1/cards").json == {"items": [made], "next": None}
    kinds = [row["kind"] for row in program.get(f"/api/v1/cards/{made['code']}/entries?sort=oldest").json["items"]]
    assert kinds == ["customer_message", "note"]
    event = db.session.execute(db.text("SELECT actor_kind, actor_id FROM events WHERE name = 'card.opened'")).one()
    assert tuple(event) == ("user", world.sara.id)


def test_the_customer_is_found_or_added(world, program):
    """By the number in the shop, else by mobile or e-mail in any spelling; else they are new."""
    known = program.post("/api/v1/cards", json=new(world, contact={"mobile": "۰۹۱۲ ۱۲۳ ۴۵۶۷", "external_id": "S-1"}))
    again = program.post("/api/v1/cards", json=new(world, contact={"external_id": "S-1"}))
    assert known.json["contact"]["code"] == again.json["contact"]["code"]
    added = program.post("/api/v1/cards", json=new(world, contact={"name": "تازه", "email": "New@Shop.example"}))
    contact = db.session.scalars(db.select(Contact).where(Contact.code == added.json["contact"]["code"])).one()
    assert (contact.name, contact.email) == ("تازه", "new@shop.example")
    assert event_names().count("contact.created") == 1


def test_adding_a_customer_needs_its_scope(world, bearer):
    program = bearer(world.sara, "cards:write")
    assert program.post("/api/v1/cards", json=new(world)).status_code == 201
    refused = program.post("/api/v1/cards", json=new(world, contact={"mobile": "09121234567"}))
    assert (refused.status_code, "contacts:write" in refused.json["detail"]) == (403, True)
    refused = program.post("/api/v1/cards", json=new(world, note="x"))
    assert (refused.status_code, "notes:write" in refused.json["detail"]) == (403, True)
    assert db.session.query(Card).count() == 1


@pytest.mark.parametrize("more", [
    {"stage": 1}, {"created_at": "2020-01-01"}, {"is_internal": True}, {"opened_at": "2020-01-01T00:00:00Z"},
    {"version": 9}, {"code": "222222222"}, {"author_id": 1}, {"id": 7},
])  # fmt: skip
def test_what_is_not_asked_for_is_refused(world, program, more):
    """P08, N02: mass assignment."""
    answer = program.post("/api/v1/cards", json=new(world, **more))
    assert (answer.status_code, answer.json["fields"]) == (422, dict.fromkeys(more, "There is no such field."))
    assert db.session.query(Card).count() == 0


SAME = [
    ("title", {"title": ""}, "title"), ("title", {"title": "ب" * 161}, "title"),
    ("title", {}, "title"), ("notes", {"body": "   "}, "body"), ("replies", {"body": ""}, "body"),
    ("assignment", {"assignee_id": 999_999}, "assignee_id"),
    ("notes", {"body": "ب", "mentions": [999_999]}, "mentions"),
    ("closure", {"solution": ""}, "solution"), ("placement", {"stage_id": 999_999}, "stage_id"),
    ("reopening", {}, None), ("tags", {"tags": [f"t{n}" for n in range(15)]}, "tags"),
]  # fmt: skip


@pytest.mark.parametrize(("act", "sent", "field"), SAME)
@pytest.mark.parametrize("language", ["fa", "en"])
def test_the_page_and_the_api_say_the_same(world, card, as_user, bearer, act, sent, field, language):
    """The verb holds the rules: the same wrong input is refused with the same sentence, in the reader's language."""
    world.sara.locale, world.sara.digits = language, "fa" if language == "fa" else "latin"
    db.session.commit()
    of_page = (
        {"op_id": "1", "stage_id": world.stage("Resolved").id, **sent} if act in {"closure", "placement"} else sent
    )
    page = as_user(world.sara).post(f"/cards/{card.code}/{act}", json=of_page)
    api = bearer(world.sara).post(f"/api/v1/cards/{card.code}/{act}", json=sent, headers={"Accept-Language": language})
    assert (page.status_code, api.status_code) == (422, 422)
    said = [answer.json["fields"].get(field) or answer.json["detail"] for answer in (page, api)]
    assert said[0] == said[1]
    assert said[0].isascii() is (language == "en")


def test_a_card_moves_with_its_version(world, card, program, bearer):
    """A conflict names who was first; If-Match is refused with 412."""
    tag = program.get(f"/api/v1/cards/{card.code}").headers["ETag"]
    url, working = f"/api/v1/cards/{card.code}/placement", world.stage("Working").id
    moved = program.post(url, json={"stage_id": working}, headers={"If-Match": tag})
    assert (moved.status_code, moved.json["stage"]["id"]) == (200, working)
    reza = bearer(world.reza)
    late = reza.post(url, json={"stage_id": world.stage("New").id}, headers={"If-Match": tag})
    assert (late.status_code, late.json["code"]) == (412, "conflict")
    assert "Sara Amini" in late.json["detail"]
    late = reza.post(url, json={"stage_id": world.stage("New").id, "base_version": int(tag.strip('"'))})
    assert (late.status_code, late.json["code"], late.json["card"]) == (409, "conflict", {"code": card.code})
    assert reza.post(url, json={"stage_id": working}, headers={"If-Match": "nonsense"}).status_code == 422


def test_a_card_moves_beside_another(world, program):
    first, second, third = (world.card(title) for title in ("یک", "دو", "سه"))
    url = f"/api/v1/cards/{third.code}/placement"
    assert program.post(url, json={"stage_id": third.stage_id, "after": first.code}).status_code == 200
    order = db.session.scalars(db.select(Card.code).order_by(Card.rank)).all()
    assert order == [second.code, first.code, third.code]


def test_the_work_ends_and_begins_again(world, card, program):
    ending = program.post(f"/api/v1/cards/{card.code}/placement", json={"stage_id": world.stage("Resolved").id})
    assert (ending.status_code, ending.json["code"]) == (422, "closing_form")
    done = program.post(f"/api/v1/cards/{card.code}/closure", json={"cause": "ترک", "solution": "عوض شد"})
    assert (done.status_code, done.json["state"]) == (200, "resolved")
    assert done.json["closure"]["solution"] == "عوض شد"
    again = program.post(f"/api/v1/cards/{card.code}/reopening", json={"reason": "باز شکست"})
    assert (again.json["state"], again.json["closure"]) == ("open", None)


def test_notes_are_read_with_their_scope_only(world, card, bearer):
    """N16."""
    canary = "canary-7719"
    add_note(card, f"راز {canary}", by=world.sara, mentions=[world.reza.id])
    add_reply(card, "سلام", by=world.sara)
    db.session.commit()
    program = bearer(world.sara, *(SCOPES.keys() - {"notes:read"}))
    seen = [program.get(f"/api/v1/cards/{card.code}/entries"), program.get("/api/v1/events?after=0"),
            program.get(f"/api/v1/cards/{card.code}")]  # fmt: skip
    assert [canary in answer.text or "note" in answer.text for answer in seen] == [False, False, False]
    told = bearer(world.sara)
    assert canary in told.get(f"/api/v1/cards/{card.code}/entries").text
    assert "note.added" in told.get("/api/v1/events?after=0").text
    assert canary not in told.get("/api/v1/events?after=0").text


def test_a_viewer_reads_and_writes_nothing(world, card, bearer, program):
    db.session.execute(db.update(PipelineMembership).values(level="viewer"))
    db.session.commit()
    assert program.get(f"/api/v1/cards/{card.code}").status_code == 200
    for act, sent in (("notes", {"body": "x"}), ("replies", {"body": "x"}), ("title", {"title": "x"}),
                      ("placement", {"stage_id": world.stage("Working").id}), ("closure", {}), ("reopening", {}),
                      ("assignment", {"assignee_id": None}), ("tags", {"tags": []})):  # fmt: skip
        assert program.post(f"/api/v1/cards/{card.code}/{act}", json=sent).status_code == 403
    assert program.post("/api/v1/cards", json=new(world)).status_code == 403


def test_a_list_goes_on_where_it_ended(world, program):
    made = [world.card(f"کارت {number}").code for number in range(5)]
    found, url = [], "/api/v1/cards?limit=2&sort=oldest"
    while url:
        page = program.get(url.replace("http://kariz.test", "")).json
        found += [row["code"] for row in page["items"]]
        url = page["next"]
    assert found == made
    newest = program.get("/api/v1/cards?limit=2").json
    assert [row["code"] for row in newest["items"]] == made[:-3:-1]
    assert program.get(newest["next"].replace("http://kariz.test", "") + "&sort=oldest").status_code == 422


FILTERS = ["stage_id={stage}", "pipeline=support&state=open", "contact={contact}", "tag=فوری", "assignee_id={sara}",
           "priority=4", "opened_from=2030-01-01T00:00:00Z"]  # fmt: skip
WRONG = ["limit=0", "limit=101", "limit=x", "limit=1&limit=2", "cursor=x", "nope=1", "state=x", "tag=%00",
         "stage_id=99999999999999", "opened_from=yesterday", "q=%00"]  # fmt: skip


@pytest.mark.parametrize("filters", FILTERS)
def test_filters_narrow_the_list(world, program, filters):
    other = world.card("دیگری", contact=world.babak)
    wanted = world.card("این", stage=world.stage("Working"), assignee=world.sara)
    url = f"/api/v1/cards/{wanted.code}"
    program.post(f"{url}/tags", json={"tags": ["فوری"]})
    program.post(f"{url}/priority", json={"priority": 4})
    program.post(f"/api/v1/cards/{other.code}/closure", json={"solution": "شد"})
    asked = filters.format(stage=world.stage("Working").id, contact=world.nika.code, sara=world.sara.id)
    found = [row["code"] for row in program.get(f"/api/v1/cards?{asked}").json["items"]]
    assert found == ([] if "2030" in asked else [wanted.code])


@pytest.mark.parametrize("query", WRONG)
def test_a_wrong_question_is_told(world, program, query):
    answer = program.get(f"/api/v1/cards?{query}")
    assert answer.status_code == 422
    assert answer.json["fields"].keys() == {query.split("=")[0]}


@pytest.mark.parametrize("count", [2, 12])
def test_a_list_costs_the_same_at_any_length(world, program, statements, count):
    for number in range(count):
        world.card(f"کارت {number}", assignee=world.sara)
    statements.clear()
    assert len(program.get("/api/v1/cards").json["items"]) == count
    assert len(statements) <= 7


def test_events_are_followed_without_gaps(world, program):
    """From now on, then everything since the cursor, oldest first."""
    world.card("پیش از این")
    start = program.get("/api/v1/events").json
    assert (start["items"], start["has_more"]) == ([], False)
    card = world.card("پس از آن")
    program.post(f"/api/v1/cards/{card.code}/placement", json={"stage_id": world.stage("Working").id})
    found, after = [], start["after"]
    while True:
        page = program.get(f"/api/v1/events?after={after}&limit=2").json
        found, after = found + page["items"], page["after"]
        if not page["has_more"]:
            break
    assert [event["name"] for event in found][:2] == ["card.opened", "request.received"]
    moved = next(event for event in found if event["name"] == "card.moved")
    assert (moved["card"], moved["pipeline"], moved["contact"]) == (card.code, "support", world.nika.code)
    assert moved["actor"] == {"kind": "user", "id": world.sara.id, "code": None, "name": "Sara Amini"}
    assert moved["data"]["to"] == world.stage("Working").id


def test_events_of_other_boards_are_not_told(world, bearer):
    world.card("پنهان")
    assert "card.opened" not in bearer(world.omid).get("/api/v1/events?after=0").text


def test_a_reply_is_refused_when_somebody_wrote_meanwhile(world, card, program):
    first = db.session.scalars(db.select(Entry.id).where(Entry.card_id == card.id)).one()
    add_reply(card, "من پاسخ دادم", by=world.reza)
    db.session.commit()
    answer = program.post(f"/api/v1/cards/{card.code}/replies", json={"body": "سلام", "last_seen_entry_id": first})
    assert (answer.status_code, answer.json["code"]) == (409, "stale")


def test_instants_are_written_in_utc(world, program):
    with freeze(utcnow().replace(2026, 3, 21, 10, 30, 0, 0)):
        made = program.post("/api/v1/cards", json=new(world)).json
    assert made["opened_at"] == "2026-03-21T10:30:00Z"
