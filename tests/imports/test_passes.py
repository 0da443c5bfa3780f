"""Passes as jobs: they go on after a crash, are done once, and say why they stopped."""

from io import BytesIO

import pytest
import sqlalchemy as sa
from werkzeug.datastructures import FileStorage

from app.clock import utcnow
from app.extensions import db
from app.files import store
from app.jobs import Job
from app.outbox import Outbox, deliver_due
from contacts.models import Company
from imports.kinds.companies import CompaniesWork
from imports.models import Import
from imports.services import passes, running
from imports.services.drafts import create_import, plan_of
from imports.services.passes import start_check, start_run
from tests.imports.conftest import table_counts
from tests.world import World

ROWS = "id,company\n" + "".join(f"K{n},شرکت {n}\n" for n in range(30))


@pytest.fixture
def draft(admin, world: World) -> Import:
    stored = store(FileStorage(BytesIO(ROWS.encode()), filename="c.csv"))
    made = create_import("companies", {"main": (stored, "c.csv")}, by=admin)
    db.session.commit()
    return made


@pytest.fixture
def checked(draft: Import, admin) -> Import:
    start_check(draft, plan_of(draft), by=admin)
    db.session.commit()
    deliver_due()
    return draft


def run(draft: Import, admin) -> None:
    start_run(draft, by=admin)
    db.session.commit()
    deliver_due()
    db.session.expire_all()


def companies() -> int:
    return db.session.scalar(sa.select(sa.func.count()).where(Company.external_id.is_not(None))) or 0


def test_a_check_changes_nothing(draft: Import, admin) -> None:
    own = {"imports", "import_faults", "jobs", "outbox", "files"}
    before = table_counts()
    start_check(draft, plan_of(draft), by=admin)
    db.session.commit()
    deliver_due()
    after = table_counts()
    assert {name for name in after if after[name] != before[name]} <= own
    assert draft.counts == {"companies.created": 30}


def test_each_step_is_short(checked: Import, admin, monkeypatch: pytest.MonkeyPatch) -> None:
    """Records are committed in portions, so that nobody at work waits for the whole file."""
    monkeypatch.setattr(running, "HOLD_SECONDS", 0)
    seen: list[int] = []
    monkeypatch.setattr(running.time, "sleep", lambda _seconds: seen.append(companies()))
    run(checked, admin)
    assert seen == list(range(1, 31))


def test_an_import_goes_on_where_it_died(checked: Import, admin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "HOLD_SECONDS", 0)
    apply, calls = CompaniesWork.apply, []

    def die(self, item):
        calls.append(item.row.number)
        if len(calls) == 11:
            raise MemoryError
        return apply(self, item)

    monkeypatch.setattr(CompaniesWork, "apply", die)
    start_run(checked, by=admin)
    db.session.commit()
    deliver_due()
    db.session.expire_all()
    assert (checked.state, checked.has_broken_off, companies()) == ("running", True, 10)
    db.session.execute(sa.update(Outbox).values(due_at=utcnow()))
    db.session.commit()
    deliver_due()
    db.session.expire_all()
    assert (checked.state, companies()) == ("done", 30)
    assert checked.counts == {"companies.created": 30}
    # Nothing was done twice.
    assert calls[11:] == list(range(12, 32))


def test_a_broken_pass_can_be_begun_anew(checked: Import, admin, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(passes, "run", lambda *_args, **_kwargs: 1 / 0)
        run(checked, admin)
    assert checked.has_broken_off
    broken = checked.job_id
    start_check(checked, plan_of(checked), by=admin)
    db.session.commit()
    db.session.execute(sa.update(Outbox).values(due_at=utcnow()))
    db.session.commit()
    deliver_due()
    db.session.expire_all()
    assert checked.state == "checked"
    assert (checked.job_id == broken, companies()) == (False, 0)
    assert {job.state for job in db.session.scalars(sa.select(Job))} == {"done"}


def test_a_running_job_keeps_its_lease(checked: Import, admin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "HOLD_SECONDS", 0)
    start_run(checked, by=admin)
    db.session.commit()
    leases: set[object] = set()
    monkeypatch.setattr(
        running.time,
        "sleep",
        lambda _seconds: leases.add(db.session.scalar(sa.select(sa.func.max(Outbox.claimed_until)))),
    )
    deliver_due()
    assert len(leases) > 1


def test_a_file_that_is_gone_is_said(checked: Import, admin) -> None:
    plan_of(checked).main.path.unlink()
    run(checked, admin)
    assert (checked.state, bool(checked.error)) == ("failed", True)


def test_only_so_many_faults_are_listed(draft: Import, admin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passes, "MOST_FAULTS", 5)
    plan = plan_of(draft)
    options = passes.Plan(plan.kind, plan.sources, type(plan.options)(mode="update", match="external_id"))
    start_check(draft, options, by=admin)
    db.session.commit()
    deliver_due()
    db.session.expire_all()
    assert draft.faulty_count == 30
    assert db.session.scalar(sa.text("SELECT count(*) FROM import_faults")) == 5
