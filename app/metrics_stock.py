"""Figures that are looked up when somebody asks: what waits in the outbox and among the jobs, and what runs here."""

import os
import platform
import tomllib
from collections.abc import Iterator
from functools import cache

import sqlalchemy as sa
import structlog
from flask import current_app
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from app.clock import utcnow
from app.config import ROOT
from app.extensions import db
from app.jobs import Job
from app.outbox import Outbox

log = structlog.get_logger()

# What is done is not counted: it grows with the years, and an index leads to the rest.
OUTBOX_STATES = ("waiting", "sending", "failed", "unknown")


class Stock(Collector):
    """What the database and this process know of themselves. A database that is away leaves its figures out."""

    def collect(self) -> Iterator[Metric]:
        """Build, Redis, pool, outbox, jobs."""
        build = GaugeMetricFamily("kariz_build_info", "What runs.", labels=["version", "revision", "python"])
        build.add_metric([version(), os.environ.get("KARIZ_REVISION", ""), platform.python_version()], 1)
        yield build
        manager = current_app.extensions["socketio"].server.manager
        yield GaugeMetricFamily("kariz_live_updates_up", "Whether the processes hear of each other.",
                                value=float(getattr(manager, "is_up", True)))  # fmt: skip
        try:
            yield from _outbox()
            yield from _jobs()
        except SQLAlchemyError as error:
            log.warning("metrics.database_away", error=type(error).__name__)
            db.session.rollback()
            yield GaugeMetricFamily("kariz_database_up", "Whether the database answered.", value=0)
        else:
            yield GaugeMetricFamily("kariz_database_up", "Whether the database answered.", value=1)


@cache
def version() -> str:
    """The version of this installation."""
    project: dict[str, str] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return project["version"]


def _outbox() -> Iterator[Metric]:
    rows = db.session.execute(
        sa.select(Outbox.state, sa.func.count(), sa.func.min(Outbox.due_at))
        .where(Outbox.state.in_(OUTBOX_STATES))
        .group_by(Outbox.state)
    ).all()
    counts = {state: (count, oldest) for state, count, oldest in rows}
    found = GaugeMetricFamily("kariz_outbox_rows", "Messages and other work that is not done.", labels=["state"])
    for state in OUTBOX_STATES:
        found.add_metric([state], counts.get(state, (0, None))[0])
    yield found
    oldest = counts.get("waiting", (0, None))[1]
    age = max(0.0, (utcnow() - oldest).total_seconds()) if oldest else 0.0
    yield GaugeMetricFamily("kariz_outbox_oldest_seconds", "How long the oldest waiting row is due.", value=age)


def _jobs() -> Iterator[Metric]:
    rows = db.session.execute(sa.select(Job.state, sa.func.count()).group_by(Job.state)).all()
    found = GaugeMetricFamily("kariz_jobs", "Imports and other long work by state.", labels=["state"])
    for state, count in rows:
        found.add_metric([state], count)
    yield found
