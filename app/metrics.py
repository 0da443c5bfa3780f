"""What an operator watches: figures for Prometheus at /metrics, closed unless a token or an address opens it.

Labels are names of this program only (endpoints, states, task names): no person, no text, no code of a customer.
"""

import hmac
import ipaddress
import os
import time
from pathlib import Path
from typing import Any

import structlog
from celery.signals import task_postrun, task_prerun
from flask import Blueprint, Flask, Response, abort, current_app, g, has_app_context, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY
from sqlalchemy import event
from sqlalchemy.engine import Engine

from app import events
from app.clock import utcnow
from app.events import Fact
from app.metrics_files import ROLES, VARIABLE

log = structlog.get_logger()
bp = Blueprint("metrics", __name__)

FAST = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
SLOW = (0.05, 0.25, 1, 5, 15, 60, 300)

REQUESTS = Counter("kariz_requests", "Answers by the rule of their address.", ["endpoint", "method", "status"])
SECONDS = Histogram("kariz_request_seconds", "How long an answer took.", ["endpoint"], buckets=FAST)
SQL_SECONDS = Histogram("kariz_request_sql_seconds", "Of that, how long the database took.", ["endpoint"], buckets=FAST)
BUSY = Gauge("kariz_web_busy", "Places of the web processes that are taken.", multiprocess_mode="livesum")
PLACES = Gauge("kariz_web_places", "Places that the web processes have.", multiprocess_mode="livesum")
SOCKETS = Gauge("kariz_sockets", "Open pages with a live connection.", multiprocess_mode="livesum")
REFUSED = Counter("kariz_limit_refusals", "Requests that came too often.", ["scope"])
LAG = Histogram("kariz_event_lag_seconds", "From an event to its being told to open pages.", buckets=FAST)
TASKS = Histogram("kariz_task_seconds", "How long a task took.", ["task", "state"], buckets=SLOW)


def init_app(app: Flask) -> None:
    """Measure requests, statements, events and tasks."""
    from app.extensions import db

    app.register_blueprint(bp)
    app.before_request(_begin)
    app.after_request(_end)
    events.on_publish(_published)
    with app.app_context():
        _measure_statements(db.engine)
    task_prerun.connect(_task_began, weak=False)
    task_postrun.connect(_task_ended, weak=False)


@bp.get("/metrics")
def show() -> Response:
    """Every figure of this machine; nobody is told that there is something unless they may see it."""
    if not _may_see():
        abort(404)
    registry = CollectorRegistry()
    if os.environ.get(VARIABLE):
        for role in ROLES:
            folder: Path = current_app.config["METRICS_DIR"] / role
            if folder.is_dir():
                MultiProcessCollector(registry, path=str(folder))  # type: ignore[no-untyped-call]
    else:
        registry.register(REGISTRY)
    from app.metrics_stock import Stock

    registry.register(Stock())
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may_see() -> bool:
    token, allowed = current_app.config["METRICS_TOKEN"], current_app.config["METRICS_ALLOW"]
    said = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(said.encode(), token.encode()):
        return True
    return any(_is_within(request.remote_addr or "", network) for network in allowed)


def _is_within(address: str, network: str) -> bool:
    try:
        return ipaddress.ip_address(address) in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False


def _begin() -> None:
    g.metrics_began, g.sql_seconds = time.perf_counter(), 0.0


def _end(response: Response) -> Response:
    endpoint = request.endpoint or "unmatched"
    REQUESTS.labels(endpoint, request.method if request.url_rule else "any", response.status_code).inc()
    began = g.pop("metrics_began", None)
    if began is not None:
        SECONDS.labels(endpoint).observe(time.perf_counter() - began)
        SQL_SECONDS.labels(endpoint).observe(g.pop("sql_seconds", 0.0))
    return response


def _measure_statements(engine: Engine) -> None:
    @event.listens_for(engine, "before_cursor_execute")
    def begin(_connection: Any, _cursor: Any, _statement: str, _parameters: Any, context: Any, _many: bool) -> None:
        if context is not None:
            context.began_at = time.perf_counter()

    @event.listens_for(engine, "after_cursor_execute")
    def end(_connection: Any, _cursor: Any, _statement: str, _parameters: Any, context: Any, _many: bool) -> None:
        if context is None or not has_app_context():
            return
        # The namespace itself: the proxy is asked three times for each statement otherwise.
        here = g._get_current_object()  # noqa: SLF001
        if "sql_seconds" in here:
            here.sql_seconds += time.perf_counter() - context.began_at


def _published(fact: Fact) -> None:
    LAG.observe(max(0.0, (utcnow() - fact.at).total_seconds()))


def _task_began(task: Any = None, **_rest: Any) -> None:
    task.request.kariz_began = time.perf_counter()


def _task_ended(task: Any = None, state: str | None = None, **_rest: Any) -> None:
    began = getattr(task.request, "kariz_began", None)
    if began is not None:
        TASKS.labels(task.name, state or "unknown").observe(time.perf_counter() - began)
