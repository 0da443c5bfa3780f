"""Each check of the settings and of what runs, the page of both, and the command."""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app import held, jobs, pulse, settings
from app.checks import all_checks
from app.clock import freeze, utcnow
from app.extensions import db
from app.jobs import Job
from app.outbox import Outbox
from app.search import rebuilding
from app.users.models import User
from tests.checks.test_data import finding
from tests.world import World


@pytest.fixture
def house(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., object]:
    """Sets what the environment says for one test, in an instance folder of its own."""
    for name, value in {
        "INSTANCE_DIR": tmp_path, "FILES_DIR": tmp_path / "files", "BASE_URL": "", "HOST": "127.0.0.1",
        "PRODUCTION": False, "TRUSTED_PROXIES": 0, "ALLOWED_HOSTS": [], "REDIS_URL": None, "SECRET_KEY": "x" * 48,
    }.items():  # fmt: skip
        monkeypatch.setitem(app.config, name, value)
    tmp_path.chmod(0o700)
    return lambda **values: [monkeypatch.setitem(app.config, name, value) for name, value in values.items()]


PUBLIC = {"HOST": "0.0.0.0", "BASE_URL": "https://desk.example.com", "TRUSTED_PROXIES": 1,
          "ALLOWED_HOSTS": ["desk.example.com"]}  # fmt: skip


@pytest.mark.parametrize(("name", "state", "said"), [
    ("settings.key", "ok", {}),
    ("settings.key", "warn", {"SECRET_KEY": "short"}),
    ("settings.address", "ok", {}),
    ("settings.address", "ok", PUBLIC),
    ("settings.address", "warn", PUBLIC | {"BASE_URL": ""}),
    ("settings.address", "warn", PUBLIC | {"BASE_URL": "http://desk.example.com"}),
    ("settings.address", "warn", PUBLIC | {"TRUSTED_PROXIES": 0}),
    ("settings.address", "warn", PUBLIC | {"ALLOWED_HOSTS": []}),
    ("settings.redis", "ok", {}),
    ("settings.redis", "bad", {"REDIS_URL": "redis://127.0.0.1:1/0"}),
    ("settings.timezones", "ok", {}),
    ("settings.disk", "ok", {}),
    ("settings.rights", "ok", {}),
    ("settings.mail", "warn", {}),
])  # fmt: skip
def test_what_the_environment_says(
    house: Callable[..., object], world: World, name: str, state: str, said: dict[str, Any]
) -> None:
    house(**said)
    found = finding(name)
    assert found.state == state
    assert bool(found.advice) == (state != "ok")


@pytest.mark.parametrize(("free", "state"), [(100 << 20, "bad"), (1 << 30, "warn"), (50 << 30, "ok")])
def test_a_disk_that_fills_up(
    house: Callable[..., object], world: World, free: int, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage("/")._replace(free=free)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)
    assert finding("settings.disk").state == state


def test_a_key_and_a_database_that_others_can_read(house: Callable[..., object], world: World, tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("x" * 48)
    (tmp_path / "secret_key").chmod(0o644)
    (tmp_path / "kariz.db").touch(0o644)
    assert finding("settings.key").state == "bad"
    assert finding("settings.rights").state == "ok"
    tmp_path.chmod(0o755)
    assert finding("settings.rights").state == "warn"


def test_a_time_zone_that_is_unknown(house: Callable[..., object], world: World) -> None:
    settings.put("business.timezone", "Asia/Atlantis", by=None)
    assert finding("settings.timezones").state == "bad"


def test_a_mail_password_of_another_key(house: Callable[..., object], world: World) -> None:
    """F31: said before the first mail fails."""
    from app.vault import seal

    settings.put("mail.host", "mail.example.com", by=None)
    settings.put("mail.password", seal("secret"), by=None)
    assert finding("settings.mail").state == "ok"
    house(SECRET_KEY="y" * 48)
    assert finding("settings.mail").state == "bad"


def test_a_mail_server_that_does_not_answer_is_found_online_only(house: Callable[..., object], world: World) -> None:
    settings.put("mail.host", "127.0.0.1", by=None)
    settings.put("mail.port", 1, by=None)
    assert finding("settings.mail").state == "ok"
    assert finding("settings.mail", is_online=True).state == "bad"


def test_a_clock_that_stands_still(house: Callable[..., object], app: Flask, world: World) -> None:
    """F34"""
    assert finding("running.clock").state == "warn"
    with freeze(utcnow()) as clock:
        pulse.note(app.config)
        assert finding("running.clock").state == "ok"
        clock.advance(minutes=10)
        assert finding("running.clock").state == "warn"


@pytest.mark.servers
def test_messages_that_wait_or_failed(world: World) -> None:
    """F07, F32: by the age of the oldest."""
    assert finding("running.waiting").state == "ok"
    row = Outbox(kind="message.reply", key="one", due_at=utcnow() - timedelta(minutes=20))
    db.session.add(row)
    assert finding("running.waiting").state == "warn"
    row.due_at = utcnow() - timedelta(hours=3)
    assert finding("running.waiting").state == "bad"
    row.state = "failed"
    assert finding("running.waiting").state == "ok"
    failed = finding("running.undecided")
    assert failed.state == "warn"
    row.state, row.error = "unknown", held.HELD
    assert finding("running.undecided").sentence != failed.sentence


@pytest.mark.servers
def test_work_that_stopped_half_way(world: World) -> None:
    @jobs.work("test.nothing")
    def _nothing(_job: Job) -> None:
        """It is never begun."""

    job = jobs.start("test.nothing", {}, by=None)
    job.state, job.created_at = "running", utcnow() - timedelta(hours=1)
    assert finding("running.jobs").state == "ok"
    db.session.execute(sa.update(Outbox).values(state="failed"))
    assert finding("running.jobs").state == "bad"
    job.state = "failed"
    assert finding("running.jobs").state == "warn"


@pytest.mark.servers
def test_an_index_that_does_not_know_a_card(world: World) -> None:
    world.card()
    list(rebuilding.rebuild())
    assert finding("running.search").state == "ok"
    db.session.execute(sa.text("DELETE FROM search_docs WHERE kind = 'card'"))
    assert finding("running.search").state == "warn"


def test_a_business_that_never_opens(world: World) -> None:
    assert finding("running.hours").state == "ok"
    settings.put("business.hours", {}, by=None)
    assert finding("running.hours").state == "bad"


def test_holidays_that_nobody_knows_yet(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.calendars.holidays.Holidays.of_year", lambda _self, _year: {})
    assert finding("running.hours").state == "warn"


def test_admins_see_it_on_a_page(world: World, as_user: Callable[[User], FlaskClient], statements: list[str]) -> None:
    browser = as_user(world.admin)
    page = browser.get("/settings/health")
    assert page.status_code == 200
    assert "کارساز ایمیل" in page.text
    for number in range(20):
        world.card(str(number))
    counts = []
    for url in ("/settings/health", "/settings/health?all=1"):
        statements.clear()
        assert browser.get(url).status_code == 200
        counts.append(len(statements))
    assert counts[0] <= 25, "the page asks what can be said at once"
    assert counts[1] <= 60
    assert as_user(world.sara).get("/settings/health").status_code == 403


@pytest.mark.parametrize("language", ["fa", "en"])
def test_the_command_says_the_same_and_how_bad_it_is(app: Flask, world: World, language: str) -> None:
    db.session.commit()
    done = app.test_cli_runner().invoke(args=["check", "--json", "--language", language])
    answer = json.loads(done.output)
    assert answer["state"] == "bad", "tables that no migration made"
    assert done.exit_code == 2
    assert {check["name"] for check in answer["checks"]} == {check.name for check in all_checks()}
    assert any("آدرس" in check["label"] or "نشانی" in check["label"] for check in answer["checks"]) == (
        language == "fa"
    )
    shown = app.test_cli_runner().invoke(args=["check", "--language", language])
    assert "BAD" in shown.output


def test_the_pulse_is_read_as_it_was_noted(house: Callable[..., object], app: Flask) -> None:
    with freeze(datetime(2026, 3, 21, 8, 0, tzinfo=UTC)):
        pulse.tick()
    assert pulse.last_tick(app.config) == datetime(2026, 3, 21, 8, 0, tzinfo=UTC)
