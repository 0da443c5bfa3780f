"""Structured logs: an event name with keywords and the request's id, never a person's data."""

import logging
import secrets
import sys
import time

import structlog
from flask import Flask, Response, g, request

QUIET = ("/static/", "/healthz", "/readyz", "/socket.io/")


def init_app(app: Flask) -> None:
    """Give every request an id, echo it in the answer, and log one line for each."""
    configure()

    @app.before_request
    def begin() -> None:
        g.request_id = secrets.token_hex(8)
        g.request_began = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def end(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.get("request_id", "")
        if not request.path.startswith(QUIET):
            # The rule, not the address: codes of customers stay out of the log.
            rule = request.url_rule.rule if request.url_rule else "unmatched"
            milliseconds = round((time.perf_counter() - g.get("request_began", time.perf_counter())) * 1000)
            structlog.get_logger().info(
                "request.done", method=request.method, rule=rule, status=response.status_code, ms=milliseconds
            )
        return response


def configure() -> None:
    """JSON lines when nobody watches, coloured ones in a terminal."""
    renderer = structlog.dev.ConsoleRenderer() if sys.stderr.isatty() else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
