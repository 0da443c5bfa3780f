"""Configuration, read from the environment once. The two run modes differ in nothing else."""

import os
import secrets
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
MEGABYTE = 1024 * 1024


def load_config(env: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """The Flask configuration for this environment. Makes the instance folder when it is missing."""
    instance = Path(env.get("INSTANCE_DIR") or ROOT / "instance").resolve()
    instance.mkdir(parents=True, exist_ok=True)
    database = _database_url(env.get("DATABASE_URL"), instance)
    redis = env.get("REDIS_URL") or None
    production = not database.startswith("sqlite")
    return {
        "SECRET_KEY": env.get("SECRET_KEY") or secret_key(instance),
        "INSTANCE_DIR": instance,
        "SQLALCHEMY_DATABASE_URI": database,
        "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(database),
        "REDIS_URL": redis,
        "EMBEDDED": redis is None,
        "PRODUCTION": production,
        "HOST": env.get("HOST") or "127.0.0.1",
        "PORT": int(env.get("PORT") or 8000),
        "BASE_URL": (env.get("BASE_URL") or "").rstrip("/"),
        "SOCKET_ASYNC_MODE": env.get("SOCKET_ASYNC_MODE") or "threading",
        "TRUSTED_PROXIES": int(env.get("TRUSTED_PROXIES") or 0),
        "ALLOWED_HOSTS": [host.strip() for host in env.get("ALLOWED_HOSTS", "").split(",") if host.strip()],
        "FILES_DIR": Path(env.get("FILES_DIR") or instance / "files"),
        "MAX_CONTENT_LENGTH": 64 * MEGABYTE,
        "MAX_FORM_MEMORY_SIZE": 2 * MEGABYTE,
        "MAX_FORM_PARTS": 2000,
        "MAX_FILE_BYTES": 25 * MEGABYTE,
        "OUTBOX_WAKE": True,
        "DEMO": env.get("KARIZ_DEMO"),
        "SESSION_COOKIE_NAME": "kariz",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": (env.get("BASE_URL") or "").startswith("https://"),
        "PERMANENT_SESSION_LIFETIME": timedelta(days=30),
        "WTF_CSRF_TIME_LIMIT": None,
        "RATELIMIT_STORAGE_URI": redis or "memory://",
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": redis is not None,
        "RATELIMIT_STRATEGY": "moving-window",
        "TEMPLATES_AUTO_RELOAD": False,
    }


def _database_url(url: str | None, instance: Path) -> str:
    if not url:
        return f"sqlite:///{instance / 'kariz.db'}"
    for short in ("postgres://", "postgresql://"):
        if url.startswith(short):
            return "postgresql+psycopg://" + url.removeprefix(short)
    return url


def _engine_options(database: str) -> dict[str, Any]:
    if database.startswith("sqlite"):
        return {"pool_size": 20, "max_overflow": 80, "connect_args": {"timeout": 15, "check_same_thread": False}}
    return {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 40, "pool_timeout": 5}


def secret_key(instance: Path) -> str:
    """The key kept in the instance folder; made at the first start, readable by its owner only."""
    path = instance / "secret_key"
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text()
