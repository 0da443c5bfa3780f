"""Configuration, read from the environment once. The two run modes differ in nothing else."""

import os
import secrets
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
MEGABYTE = 1024 * 1024
SIZES = {
    "MAX_CONTENT_LENGTH": 64 * MEGABYTE,
    "MAX_FORM_MEMORY_SIZE": 2 * MEGABYTE,
    "MAX_FORM_PARTS": 2000,
    "MAX_FILE_BYTES": 25 * MEGABYTE,
}


def load_config(env: Mapping[str, str] = os.environ, *, is_web: bool = False) -> dict[str, Any]:
    """The Flask configuration for this environment. Makes the instance folder when it is missing.

    `is_web`: the process serves people and does no tasks; then no statement may take longer than they wait.
    """
    instance = Path(env.get("INSTANCE_DIR") or ROOT / "instance").resolve()
    # What customers wrote is nobody else's on this machine.
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = _database_url(env.get("DATABASE_URL"), instance)
    redis = env.get("REDIS_URL") or None
    production = not database.startswith("sqlite")
    return {
        "SECRET_KEY": env.get("SECRET_KEY") or secret_key(instance),
        "INSTANCE_DIR": instance,
        "SQLALCHEMY_DATABASE_URI": database,
        "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(database, env),
        "STATEMENT_SECONDS": float(env.get("STATEMENT_SECONDS") or 4.5) if is_web else None,
        "REDIS_URL": redis,
        "EMBEDDED": redis is None,
        "PRODUCTION": production,
        "HOST": env.get("HOST") or "127.0.0.1",
        "PORT": int(env.get("PORT") or 8000),
        "BASE_URL": (env.get("BASE_URL") or "").rstrip("/"),
        "SOCKET_ASYNC_MODE": env.get("SOCKET_ASYNC_MODE") or ("gevent" if _is_gevent() else "threading"),
        "TRUSTED_PROXIES": int(env.get("TRUSTED_PROXIES") or 0),
        "ALLOWED_HOSTS": _words(env.get("ALLOWED_HOSTS")),
        "FILES_DIR": Path(env.get("FILES_DIR") or instance / "files"),
        **SIZES,
        "OUTBOX_WAKE": True,
        "DEMO": env.get("KARIZ_DEMO"),
        "SESSION_COOKIE_NAME": "kariz",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": (env.get("BASE_URL") or "").startswith("https://"),
        "PERMANENT_SESSION_LIFETIME": timedelta(days=30),
        "WTF_CSRF_TIME_LIMIT": None,
        **_metrics(env, instance),
        **_limits(env, redis),
        "TEMPLATES_AUTO_RELOAD": False,
    }


def _database_url(url: str | None, instance: Path) -> str:
    if not url:
        return f"sqlite:///{instance / 'kariz.db'}"
    for short in ("postgres://", "postgresql://"):
        if url.startswith(short):
            return "postgresql+psycopg://" + url.removeprefix(short)
    return url


def _engine_options(database: str, env: Mapping[str, str]) -> dict[str, Any]:
    if database.startswith("sqlite"):
        return {"pool_size": 20, "max_overflow": 80, "connect_args": {"timeout": 15, "check_same_thread": False}}
    # Two web processes and a worker of four stay under the hundred connections that PostgreSQL allows at first.
    size = int(env.get("DATABASE_POOL") or 10)
    connect = {"connect_timeout": 2, "application_name": "kariz", "keepalives_idle": 30, "tcp_user_timeout": 10_000}
    return {"pool_pre_ping": True, "pool_size": size, "max_overflow": 2 * size, "pool_timeout": 3,
            "pool_recycle": 1800, "pool_use_lifo": True, "connect_args": connect}  # fmt: skip


def _metrics(env: Mapping[str, str], instance: Path) -> dict[str, Any]:
    return {
        "METRICS_TOKEN": env.get("METRICS_TOKEN") or "",
        "METRICS_ALLOW": _words(env.get("METRICS_ALLOW")),
        "METRICS_DIR": Path(env.get("METRICS_DIR") or instance / "metrics"),
    }


def _limits(env: Mapping[str, str], redis: str | None) -> dict[str, Any]:
    """Flask-Limiter's settings. Without an answer of Redis at once each process counts by itself for a while."""
    return {
        "RATELIMIT_ENABLED": (env.get("RATE_LIMITS") or "1") != "0",
        "RATELIMIT_STORAGE_URI": redis or "memory://",
        "RATELIMIT_STORAGE_OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5} if redis else {},
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": redis is not None,
        "RATELIMIT_STRATEGY": "moving-window",
        "RATE_LIMIT_ANONYMOUS": env.get("RATE_LIMIT_ANONYMOUS") or "600/minute",
        "RATE_LIMIT_STAFF": env.get("RATE_LIMIT_STAFF") or "1200/minute",
        "RATE_LIMIT_CUSTOMERS": env.get("RATE_LIMIT_CUSTOMERS") or "300/minute",
        "RATE_LIMIT_PORTAL_POSTS": env.get("RATE_LIMIT_PORTAL_POSTS") or "30/minute;300/hour",
        "RATE_LIMIT_PORTAL_POSTS_SOURCE": env.get("RATE_LIMIT_PORTAL_POSTS_SOURCE") or "120/minute;1200/hour",
    }


def _words(text: str | None) -> list[str]:
    """The words of a list with commas."""
    return [word.strip() for word in (text or "").split(",") if word.strip()]


def _is_gevent() -> bool:
    """Whether gevent has taken the place of the standard library's sockets and threads."""
    monkey = sys.modules.get("gevent.monkey")
    return monkey is not None and bool(monkey.is_module_patched("socket"))


def secret_key(instance: Path) -> str:
    """The key kept in the instance folder; made at the first start, readable by its owner only."""
    path = instance / "secret_key"
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text()
