"""An admin brings tickets in the browser: says where the states stand, checks, starts, reads, takes it back."""

import re
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa

from app.extensions import db
from app.outbox import deliver_due
from cards.models import Card
from cards.services import add_note
from imports.forms import answers_of
from imports.models import Import
from imports.services.drafts import plan_of
from tests.conftest import Client, Statements
from tests.imports.conftest import DATA
from tests.world import World

AS_OF = "2025-04-13 14:00"


@pytest.fixture
def admin_client(admin, as_user) -> Client:
    admin.locale, admin.digits, admin.calendar = "en", "latin", "gregorian"
    return as_user(admin)


def upload(client: Client) -> Import:
    content = (DATA / "tickets.csv").read_bytes()
    data = {"kind": "tickets", "main": (BytesIO(content), "tickets.csv")}
    assert client.post("/settings/import", data=data, content_type="multipart/form-data").status_code == 303
    return db.session.scalars(sa.select(Import).order_by(Import.id.desc())).first()


def check(client: Client, draft: Import, **more: Any) -> Any:
    answers = {name: value for name, value in answers_of(plan_of(draft)).items() if value is not None}
    answer = client.post(f"/settings/import/{draft.id}/check", data=answers | more)
    deliver_due()
    db.session.expire_all()
    return answer


def brought() -> int:
    return db.session.scalar(sa.select(sa.func.count()).where(Card.external_id.is_not(None))) or 0


def test_from_the_file_to_the_board_and_back(admin_client: Client, admin, world: World) -> None:
    draft = upload(admin_client)
    page = admin_client.get(f"/settings/import/{draft.id}/mapping").text
    # Guessed: the stage of the customers' turn for its words, a new one where the board has none.
    assert re.search(r'<option selected value="\d+">Waiting<', page)
    assert "Make a stage for it: Waiting for somebody else" in page
    assert check(admin_client, draft, as_of=AS_OF).status_code == 303
    assert (draft.state, draft.counts["tickets.created"], brought()) == ("checked", 5, 0)
    assert "New tickets" in admin_client.get(f"/settings/import/{draft.id}").text
    admin_client.post(f"/settings/import/{draft.id}/run")
    deliver_due()
    db.session.expire_all()
    assert (draft.state, brought()) == ("done", 5)
    add_note(db.session.scalars(sa.select(Card).where(Card.external_id == "T0002")).one(), "یادداشت", by=admin)
    db.session.commit()
    page = admin_client.get(f"/settings/import/{draft.id}/undo").text
    assert ("Cards removed" in page, "Cards kept" in page, "Parcel, Not arrived" in page) == (True, True, True)
    assert admin_client.post(f"/settings/import/{draft.id}/undo").status_code == 303
    assert "is being undone" in admin_client.get(f"/settings/import/{draft.id}").text
    deliver_due()
    db.session.expire_all()
    page = admin_client.get(f"/settings/import/{draft.id}").text
    assert ("This import was undone" in page, "Parcel, Not arrived" in page, brought()) == (True, True, 1)
    assert "Undone" in admin_client.get("/settings/import").text


def test_another_column_of_states_is_asked_anew(admin_client: Client, world: World) -> None:
    draft = upload(admin_client)
    places = {column: f"main-{place}" for place, column in enumerate(plan_of(draft).main.table.columns)}
    answer = check(admin_client, draft, **{places["incident_state"]: "", places["active"]: "state"})
    assert answer.status_code == 422
    assert "Look through the states" in answer.text
    assert 'name="state-1"' in answer.text
    assert 'name="state-2"' not in answer.text


def test_what_is_wrong_stands_beside_its_field(admin_client: Client, world: World) -> None:
    draft = upload(admin_client)
    answer = check(admin_client, draft, as_of="some day", **{"state-0": ""})
    assert answer.status_code == 422
    assert "There is no such date." in answer.text
    assert 'value="some day"' in answer.text
    answer = check(admin_client, draft, **{"state-0": ""})
    assert "Say where tickets in the state" in answer.text
    assert draft.state == "draft"


def test_answers_of_an_earlier_import_are_taken_over(admin_client: Client, world: World) -> None:
    draft = upload(admin_client)
    known = {name: value for name, value in answers_of(plan_of(draft)).items() if name.startswith("state-")}
    closing = str(world.stage("Cancelled").id)
    check(admin_client, draft, as_of=AS_OF, **{next(iter(known)): closing})
    admin_client.post(f"/settings/import/{draft.id}/run")
    deliver_due()
    db.session.expire_all()
    again = upload(admin_client)
    assert closing in again.options["states"].values()
    # The time was of that import alone.
    assert again.options["as_of"] == ""


def test_the_preview_of_an_undo_takes_the_same_statements_at_any_size(
    admin_client: Client, world: World, statements: Statements
) -> None:
    counts = []
    for as_of in ("2025-04-12 09:15", AS_OF):
        draft = upload(admin_client)
        check(admin_client, draft, as_of=as_of)
        admin_client.post(f"/settings/import/{draft.id}/run")
        deliver_due()
        statements.clear()
        assert admin_client.get(f"/settings/import/{draft.id}/undo").status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1]
