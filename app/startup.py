"""What must be true of the environment before Kariz serves, and what it says about the web server. Pure functions."""

import ipaddress
import shlex
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import PurePath

DEFAULT_THREADS = 250
DEFAULT_GREENLETS = 5000
SEVERAL = 2
WORKERS = ("gevent", "gthread")


class StartupRefused(Exception):
    """Kariz does not start like this. The message is one sentence that says what to set."""


def check(env: Mapping[str, str], arguments: Sequence[str] = (), program: str = "gunicorn") -> None:
    """Raise `StartupRefused` for an environment that would lose work or secrets. `arguments`: those of the program."""
    has_redis = bool(env.get("REDIS_URL"))
    argv = arguments if program == "gunicorn" else ()
    if program == "celery" and not has_redis:
        raise StartupRefused(
            "Without Redis the web process does the tasks itself: set REDIS_URL, or run no Celery process."
        )
    if web_processes(env, argv) > 1 and not has_redis:
        raise StartupRefused(
            "Several web processes need Redis to reach every open page: set REDIS_URL, or run one process "
            "(WEB_CONCURRENCY=1, gunicorn -w 1)."
        )
    if "--preload" in _words(env, argv) and not has_redis:
        raise StartupRefused(
            "Without Redis the tasks run as threads of the web process, and --preload would lose them: set REDIS_URL, "
            "or leave --preload out."
        )
    if has_redis and is_sqlite(env):
        raise StartupRefused(
            "Redis is for several processes, and SQLite is for one: set DATABASE_URL to a PostgreSQL database, or "
            "unset REDIS_URL."
        )
    if web_worker(env) not in WORKERS:
        raise StartupRefused("There is no such kind of web process: set WEB_WORKER to gevent or gthread.")
    if env.get("WEB_WORKER") == "gevent" and not has_redis:
        raise StartupRefused(
            "Without Redis the tasks run as threads of the web process, which gevent would hold up: set REDIS_URL, or "
            "leave WEB_WORKER out."
        )
    if not is_sqlite(env) and not env.get("SECRET_KEY"):
        raise StartupRefused(
            "With a database server Kariz needs a key that all its processes share: set SECRET_KEY to a long random "
            "text, for example the output of `openssl rand -base64 48`."
        )


def program_of(argv: Sequence[str]) -> str:
    """Which program was called: "gunicorn", "celery", or "" for any other. `argv` with the program's path first."""
    path = PurePath(argv[0]) if argv else PurePath()
    names = {path.stem, path.parent.name if path.stem == "__main__" else ""}
    return next((name for name in ("gunicorn", "celery") if name in names), "")


def is_sqlite(env: Mapping[str, str]) -> bool:
    """Whether the data is in a SQLite file; so it is when no database is named."""
    return (env.get("DATABASE_URL") or "sqlite:").startswith("sqlite")


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def wants_demo(env: Mapping[str, str]) -> bool:
    """Whether an empty database is filled with the demo shop: asked for, or a first look on one's own machine."""
    if env.get("KARIZ_DEMO"):
        return env["KARIZ_DEMO"] == "1"
    is_embedded = is_sqlite(env) and not env.get("REDIS_URL")
    return is_embedded and is_loopback(env.get("HOST") or "127.0.0.1")


def web_processes(env: Mapping[str, str], argv: Sequence[str] = ()) -> int:
    """How many web processes there will be: by the command line, GUNICORN_CMD_ARGS or WEB_CONCURRENCY."""
    return _number(_words(env, argv), "-w", "--workers") or _digits(env.get("WEB_CONCURRENCY")) or 1


def served_processes(env: Mapping[str, str]) -> int:
    """How many web processes `python -m app.server` starts: what is asked for; with Redis two, else one."""
    return web_processes(env) if env.get("WEB_CONCURRENCY") or not env.get("REDIS_URL") else SEVERAL


def web_worker(env: Mapping[str, str]) -> str:
    """The kind of web process that `python -m app.server` starts: gevent where there is Redis, else threads."""
    return env.get("WEB_WORKER") or ("gevent" if env.get("REDIS_URL") else "gthread")


def web_places(env: Mapping[str, str]) -> int:
    """How many requests and open pages one of its processes holds at a time."""
    if web_worker(env) == "gevent":
        return _digits(env.get("WEB_CONNECTIONS")) or DEFAULT_GREENLETS
    return _digits(env.get("WEB_THREADS")) or DEFAULT_THREADS


def web_slots(env: Mapping[str, str], argv: Sequence[str] = ()) -> int | None:
    """How many requests and open pages one web process holds at a time; None when the server does not say."""
    words = _words(env, argv)
    worker_class = _option(words, "-k", "--worker-class")
    if worker_class == "gevent":
        return _number(words, "", "--worker-connections") or 1000
    return _number(words, "", "--threads") or _digits(env.get("WEB_THREADS"))


def _words(env: Mapping[str, str], argv: Sequence[str]) -> list[str]:
    return [*shlex.split(env.get("GUNICORN_CMD_ARGS") or ""), *argv]


def _option(words: Sequence[str], short: str, long: str) -> str | None:
    found = None
    for word, following in pairwise([*words, ""]):
        if word in {short, long} and word:
            found = following
        elif word.startswith(f"{long}="):
            found = word.partition("=")[2]
        elif short and word.startswith(short) and not word.startswith("--") and word != short:
            found = word.removeprefix(short)
    return found


def _number(words: Sequence[str], short: str, long: str) -> int | None:
    return _digits(_option(words, short, long))


def _digits(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None
