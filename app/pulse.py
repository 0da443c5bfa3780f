"""Whether the clock ticks and a worker does what it says: noted twice a minute, where every process can read it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import redis
import structlog
from flask import current_app

from app.celery import every
from app.clock import utcnow

log = structlog.get_logger()
KEY = "kariz:clock"
SECONDS = 30


@every(SECONDS, name="clock.tick")
def tick() -> None:
    """Note that a task of the clock was done just now."""
    note(current_app.config)


def note(config: Mapping[str, Any]) -> None:
    """Write the present instant: to Redis where there is one, else to the instance folder."""
    now = utcnow().isoformat()
    try:
        if config["REDIS_URL"]:
            with _redis(config["REDIS_URL"]) as client:
                client.set(KEY, now)
        else:
            _file(config).write_text(now)
    except (OSError, redis.RedisError) as error:
        log.warning("clock.tick_not_noted", error=type(error).__name__)


def last_tick(config: Mapping[str, Any]) -> datetime | None:
    """When it last ticked; None when it never did, or when nobody can say."""
    try:
        if config["REDIS_URL"]:
            with _redis(config["REDIS_URL"]) as client:
                stored = client.get(KEY)
            text = stored.decode() if isinstance(stored, bytes) else ""
        else:
            text = _file(config).read_text()
        return datetime.fromisoformat(text).astimezone(UTC)
    except (OSError, ValueError, redis.RedisError):
        return None


def _redis(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_connect_timeout=2, socket_timeout=2)


def _file(config: Mapping[str, Any]) -> Path:
    return Path(config["INSTANCE_DIR"]) / "clock"
