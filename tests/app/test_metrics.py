"""Figures for Prometheus: closed by default, counted right, and without anything of a person."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from app import metrics_files
from app.events import record
from app.extensions import db
from app.outbox import enqueue
from tests.conftest import Statements

TOKEN = "a token that nobody guesses"


@pytest.fixture
def figures(app, client, monkeypatch):
    """Asks for the figures as Prometheus does: {(name, labels): value}."""
    monkeypatch.setitem(app.config, "METRICS_TOKEN", TOKEN)

    def ask() -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
        answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200
        families = text_string_to_metric_families(answer.text)
        return {(one.name, frozenset(one.labels.items())): one.value for each in families for one in each.samples}

    return ask


def of(found, name: str, **labels: str) -> float:
    return sum(
        value for (known, said), value in found.items() if known == name and labels.items() <= dict(said).items()
    )


def test_nobody_sees_figures_unless_the_operator_lets_them(app, client, monkeypatch):
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
    monkeypatch.setitem(app.config, "METRICS_TOKEN", TOKEN)
    for said in ("", "Bearer", "Bearer wrong", "Bearer توکن".encode().decode("latin-1"), f"Basic {TOKEN}"):
        assert client.get("/metrics", headers={"Authorization": said}).status_code == 404
    assert client.get(f"/metrics?token={TOKEN}").status_code == 404
    assert client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200


def test_an_address_can_be_let_in(app, client, monkeypatch):
    monkeypatch.setitem(app.config, "METRICS_ALLOW", ["10.0.0.0/8", "no network", "::1"])
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "10.3.4.5"}).status_code == 200
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "::1"}).status_code == 200
    for address in ("127.0.0.1", "11.0.0.1", ""):
        assert client.get("/metrics", environ_base={"REMOTE_ADDR": address}).status_code == 404


def test_requests_are_counted_by_the_rule_of_their_address(world, sara, as_user, figures):
    before, page = figures(), as_user(sara)
    for path in ("/work", "/work", "/nothing-here", "/nothing-there"):
        page.get(path)
    after = figures()

    def more(name: str, **labels: str) -> float:
        return of(after, name, **labels) - of(before, name, **labels)

    assert more("kariz_requests_total", status="404", endpoint="unmatched", method="any") == 2
    (endpoint,) = {dict(said)["endpoint"] for (name, said), value in after.items()
                   if name == "kariz_requests_total" and value - before.get((name, said), 0) == 2
                   and dict(said)["status"] == "200"} - {"metrics.show"}  # fmt: skip
    assert more("kariz_request_seconds_count", endpoint=endpoint) == 2
    assert more("kariz_request_sql_seconds_sum", endpoint=endpoint) > 0


def test_what_waits_is_told_with_its_age(world, nika, figures):
    enqueue("nobody.knows", key="metrics", contact_id=nika.id)
    db.session.commit()
    found = figures()
    assert of(found, "kariz_outbox_rows", state="waiting") >= 1
    assert of(found, "kariz_outbox_oldest_seconds") >= 0
    assert of(found, "kariz_database_up") == of(found, "kariz_live_updates_up") == 1
    assert of(found, "kariz_build_info") == 1


def test_an_event_is_measured_when_it_is_told(world, sara, figures):
    before = figures()
    record("user.signed_in", None, by=sara)
    db.session.commit()
    assert of(figures(), "kariz_event_lag_seconds_count") == of(before, "kariz_event_lag_seconds_count") + 1


def test_no_label_holds_anything_of_a_person(world, nika, sara, as_user, figures):
    """N15: labels are names of this program."""
    page = as_user(sara)
    page.get(f"/contacts/{nika.id}?q={nika.name}")
    page.get(f"/{nika.name}/09120000001")
    words = [word for _name, said in figures() for word in dict(said).values()]
    assert not [word for word in words if nika.name in word or "0912" in word or sara.name in word]


def test_asking_costs_the_same_however_much_there_is(world, figures, statements: Statements):
    counts = []
    for number in (1, 40):
        for row in range(number):
            enqueue("nobody.knows", key=f"{number}:{row}")
        db.session.commit()
        statements.clear()
        figures()
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 3


def test_the_dead_leave_their_counts_to_a_running_master_and_nothing_to_a_new_one(tmp_path, monkeypatch):
    monkeypatch.setenv(metrics_files.VARIABLE, "")
    folder = tmp_path / "web"
    metrics_files.begin(tmp_path, "web")
    dead, living = 2**22 + 7, __import__("os").getpid()
    for name in (f"counter_{dead}.db", f"gauge_livesum_{dead}.db", f"counter_{living}.db"):
        (folder / name).touch()
    metrics_files.forget_process(dead)
    assert sorted(file.name for file in folder.iterdir()) == sorted([f"counter_{dead}.db", f"counter_{living}.db"])
    metrics_files.begin(tmp_path, "web")
    assert [file.name for file in folder.iterdir()] == [f"counter_{living}.db"]
