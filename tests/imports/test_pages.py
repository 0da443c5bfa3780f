"""An admin brings a file: chooses it, says what the columns are, checks, starts, reads the report."""

import re
from html import unescape
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa

from app.extensions import db
from app.outbox import deliver_due
from contacts.models import Company
from imports.models import Import, ImportFault
from imports.services.drafts import plan_of
from tests.conftest import Client, event_names
from tests.imports.conftest import DATA
from tests.imports.matrix import MATRIX
from tests.world import World

COMPANIES = "id,company,city\nK1,کاوه,تهران\nK2,سپید,قم\nK3,=نورا\n"


@pytest.fixture
def admin_client(admin, as_user) -> Client:
    admin.locale, admin.digits = "en", "latin"
    return as_user(admin)


def upload(client: Client, kind: str = "companies", **texts: str | bytes) -> Any:
    files = {
        role: (BytesIO(text.encode() if isinstance(text, str) else text), f"{role}.csv") for role, text in texts.items()
    }
    return client.post("/settings/import", data={"kind": kind, **files}, content_type="multipart/form-data")


def newest() -> Import:
    return db.session.scalars(sa.select(Import).order_by(Import.id.desc())).first()


def answers(**more: str) -> dict[str, str]:
    """What the mapping page sends when nothing is corrected."""
    draft = newest()
    plan = plan_of(draft)
    columns = {
        f"{role}-{place}": source.mapping[column]
        for role, source in plan.sources.items()
        for place, column in enumerate(source.table.columns)
    }
    return columns | {"match": plan.options.match, "mode": "both"} | more


def check(client: Client, **more: str) -> Any:
    response = client.post(f"/settings/import/{newest().id}/check", data=answers(**more))
    deliver_due()
    db.session.expire_all()
    return response


def companies() -> list[str]:
    return list(db.session.scalars(sa.select(Company.external_id).where(Company.external_id.is_not(None))))


def test_from_the_file_to_the_report(admin_client: Client, world: World) -> None:
    response = upload(admin_client, main=COMPANIES)
    assert response.status_code == 303
    page = admin_client.get(response.location).text
    assert "What are the columns?" in page
    assert "K1, K2, K3" in page
    assert check(admin_client).status_code == 303
    url = f"/settings/import/{newest().id}"
    page = admin_client.get(url).text
    assert "Nothing has been changed yet" in page
    assert "K3 | =نورا" in page
    assert "Row 4" in page
    assert (companies(), newest().state, newest().faulty_count) == ([], "checked", 1)
    assert admin_client.post(f"{url}/run").status_code == 303
    assert (newest().state, companies()) == ("running", [])
    # Asked twice, it runs once.
    admin_client.post(f"{url}/run")
    deliver_due()
    db.session.expire_all()
    assert (newest().state, companies()) == ("done", ["K1", "K2"])
    assert "This is what happened" in admin_client.get(url).text
    assert [name for name in event_names() if name.startswith("import.")] == ["import.started", "import.finished"]
    assert newest().counts == {"companies.created": 2, "rows.faulty": 1}


def test_the_list_shows_earlier_imports(admin_client: Client, world: World) -> None:
    assert "Nothing was imported yet" in admin_client.get("/settings/import").text
    upload(admin_client, main=COMPANIES)
    check(admin_client)
    page = admin_client.get("/settings/import").text
    assert "main.csv" in page
    assert "Arash Kiani" in page


def test_a_second_file_with_the_same_columns_gets_the_same_answers(admin_client: Client, world: World) -> None:
    text = "id,company,city\nK1,کاوه,تهران\n"
    upload(admin_client, main=text)
    check(admin_client, **{"main-2": "address", "match": "name", "mode": "create"})
    admin_client.post(f"/settings/import/{newest().id}/run")
    deliver_due()
    upload(admin_client, main=text)
    draft = newest()
    assert draft.sources["main"]["mapping"]["city"] == "address"
    assert (draft.options["match"], draft.options["mode"]) == ("name", "create")


def test_the_encoding_can_be_corrected(admin_client: Client, world: World) -> None:
    upload(admin_client, main="id;نام شرکت\n1;گل\n".encode("cp1256"))
    draft = newest()
    assert draft.sources["main"]["encoding"] == "cp1256"
    url = f"/settings/import/{draft.id}/reading"
    wrong = {"role": "main", "encoding": "cp1252", "separator": ";"}
    assert admin_client.post(url, data=wrong).status_code == 303
    assert newest().sources["main"]["encoding"] == "cp1252"
    admin_client.post(url, data=wrong | {"encoding": "cp1256"})
    assert newest().sources["main"]["mapping"] == {"id": "external_id", "نام شرکت": "name"}
    assert admin_client.post(url, data=wrong | {"encoding": "ebcdic"}).status_code == 422
    assert admin_client.post(url, data=wrong | {"role": "lines"}).status_code == 422


def test_open_answers_are_asked_beside_their_fields_and_nothing_typed_is_lost(
    admin_client: Client, world: World
) -> None:
    upload(admin_client, "products", main="sku,name,price\nA,قوری,10\n")
    response = check(admin_client, unit="", vat_rate="۹", **{"main-1": "sku"})
    assert response.status_code == 422
    page = response.text
    assert "Say the unit of the amounts" in page
    assert "Another column is" in page
    assert 'value="۹"' in page
    assert newest().state == "draft"
    assert check(admin_client, unit="other", unit_rials="۱۰٬۰۰۰", vat_rate="۹").status_code == 303
    options = newest().options
    assert (options["unit_rials"], options["vat_rate"], newest().state) == (10_000, 900, "checked")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"), (b"id,name\n", "no rows under the header"), (b"PK\x03\x04xlsx", "workbook"),
        (bytes(range(256)) * 10, "no text file"),
    ],
)  # fmt: skip
def test_files_that_cannot_be_used(admin_client: Client, world: World, content: bytes, sentence: str) -> None:
    response = upload(admin_client, main=content)
    assert response.status_code == 422
    assert sentence in response.text
    assert newest() is None


def test_bad_input_is_refused_with_a_sentence(admin_client: Client, world: World) -> None:
    assert upload(admin_client, "secrets", main=COMPANIES).status_code == 422
    assert admin_client.post("/settings/import", data={"kind": "companies"}).status_code == 422
    assert "Please choose a file" in admin_client.post("/settings/import", data={"kind": "companies"}).text
    upload(admin_client, main=COMPANIES)
    assert check(admin_client, mode="destroy").status_code == 422
    assert check(admin_client, match="phone").status_code == 422
    assert check(admin_client, **{"main-0": "password"}).status_code == 422
    assert newest().state == "draft"


def test_orders_take_three_files(admin_client: Client, world: World) -> None:
    texts = {"main": "orders.csv", "lines": "order-details.csv", "carriers": "shippers.csv"}
    upload(admin_client, "orders", **{role: (DATA / name).read_bytes() for role, name in texts.items()})
    assert list(newest().sources) == ["main", "lines", "carriers"]
    page = admin_client.get(f"/settings/import/{newest().id}/mapping").text
    assert "Discounts are written as" in page
    check(admin_client, unit="other", unit_rials="10000", discount="rate", vat_rate="0")
    # Nobody of the file is a customer yet.
    assert newest().faulty_count == 20


def test_further_files_come_with_orders_only(admin_client: Client, world: World) -> None:
    upload(admin_client, main=COMPANIES, lines="a,b\n1,2\n")
    assert list(newest().sources) == ["main"]


def test_errors_as_a_file_that_runs_nothing(admin_client: Client, world: World) -> None:
    upload(admin_client, main="id,company,email\n1,کاوه,=HYPERLINK()\n2,@سپید,+1\n3,نورا\n")
    check(admin_client)
    response = admin_client.post(f"/settings/import/{newest().id}/error-file")
    lines = response.data.decode("utf-8-sig").splitlines()
    assert response.data.startswith(b"\xef\xbb\xbf")
    assert "attachment" in response.headers["Content-Disposition"]
    assert lines[0] == "File,Row,Column,Value,What is wrong"
    assert lines[1].startswith("File,2,email,'=HYPERLINK(),")
    assert lines[2].startswith("File,3,email,'+1,")
    assert lines[3].startswith("File,4,,3 | نورا,")


def test_who_took_the_faulty_rows_is_told(admin_client: Client, world: World) -> None:
    """They hold what people wrote about people; to look at the page is no download."""
    upload(admin_client, main="id,company,email\n1,کاوه,nobody\n")
    check(admin_client)
    url = f"/settings/import/{newest().id}"
    assert f'action="{url}/error-file"' in admin_client.get(url).text
    assert admin_client.get(f"{url}/error-file").status_code == 405
    assert "import.errors_fetched" not in event_names()
    admin_client.post(f"{url}/error-file")
    assert event_names().count("import.errors_fetched") == 1
    told = "Arash Kiani downloaded the faulty rows of the file “main.csv”"
    assert told in " ".join(unescape(re.sub(r"<[^>]+>", "", admin_client.get("/settings/audit").text)).split())


def test_progress_can_be_watched_and_left(admin_client: Client, world: World) -> None:
    upload(admin_client, main=COMPANIES)
    admin_client.post(f"/settings/import/{newest().id}/check", data=answers())
    url = f"/settings/import/{newest().id}"
    assert "being checked" in admin_client.get(url).text
    part = admin_client.get(f"{url}/progress", headers={"HX-Request": "true"})
    assert "Waiting for its turn" in part.text
    # While it is under way its answers stay as they are.
    assert admin_client.get(f"{url}/mapping").status_code == 303
    assert admin_client.post(f"{url}/check", data=answers()).status_code == 409
    deliver_due()
    assert admin_client.get(f"{url}/progress").headers["HX-Refresh"] == "true"


def test_an_import_that_is_done_stays_as_it_is(admin_client: Client, world: World) -> None:
    upload(admin_client, main=COMPANIES)
    check(admin_client)
    admin_client.post(f"/settings/import/{newest().id}/run")
    deliver_due()
    db.session.expire_all()
    assert check(admin_client).status_code == 409
    reading = {"role": "main", "encoding": "utf-8", "separator": ","}
    assert admin_client.post(f"/settings/import/{newest().id}/reading", data=reading).status_code == 409
    assert newest().state == "done"


def test_only_admins_import(admin_client: Client, as_user, sara, maryam, client: Client, world: World) -> None:
    upload(admin_client, main=COMPANIES)
    import_id = newest().id
    for person in (sara, maryam):
        for path in ("", "/new", f"/{import_id}", f"/{import_id}/mapping"):
            assert as_user(person).get(f"/settings/import{path}").status_code == 403
        assert upload(as_user(person), main=COMPANIES).status_code == 403
        for path in ("run", "error-file"):
            assert as_user(person).post(f"/settings/import/{import_id}/{path}").status_code == 403
    assert client.get("/settings/import").status_code == 303
    assert upload(client, main=COMPANIES).status_code == 303
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Import)) == 1


def test_every_address_is_in_the_matrix(app) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.startswith("imports.")} == set(MATRIX)


def test_faults_go_with_their_pass(admin_client: Client, world: World) -> None:
    upload(admin_client, main=COMPANIES)
    check(admin_client)
    check(admin_client)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ImportFault)) == 1
