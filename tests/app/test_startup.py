"""What Kariz says to an environment before it serves."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.config import secret_key
from app.embedded import claim_instance
from app.startup import (
    StartupRefused,
    check,
    is_loopback,
    program_of,
    served_processes,
    wants_demo,
    web_places,
    web_processes,
    web_slots,
    web_worker,
)

POSTGRES = {"DATABASE_URL": "postgresql://kariz@db/kariz", "SECRET_KEY": "long and random"}
REDIS = {"REDIS_URL": "redis://cache:6379/0"}


@pytest.mark.parametrize(
    "env",
    [
        {},
        {"PORT": "80"},
        {"DATABASE_URL": "sqlite:////srv/kariz.db"},
        POSTGRES,
        {**POSTGRES, **REDIS, "WEB_CONCURRENCY": "4"},
    ],
)
def test_a_sound_environment_starts(env: dict[str, str]) -> None:
    check(env)


@pytest.mark.parametrize(
    ("env", "arguments", "named"),
    [
        ({"WEB_CONCURRENCY": "2"}, [], "REDIS_URL"),
        ({}, ["-w", "2", "wsgi:app"], "REDIS_URL"),
        ({}, ["-w2"], "REDIS_URL"),
        ({}, ["--workers=3"], "REDIS_URL"),
        ({"GUNICORN_CMD_ARGS": "--workers 2 --bind :80"}, [], "REDIS_URL"),
        (POSTGRES, ["--workers", "2"], "REDIS_URL"),
        ({}, ["--preload"], "--preload"),
        (REDIS, [], "DATABASE_URL"),
        ({**REDIS, "DATABASE_URL": "sqlite:///k.db", "SECRET_KEY": "x"}, [], "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://kariz@db/kariz"}, [], "SECRET_KEY"),
        ({**POSTGRES, "SECRET_KEY": ""}, [], "SECRET_KEY"),
        ({"WEB_WORKER": "gevent"}, [], "REDIS_URL"),
    ],
)
def test_what_would_lose_work_is_refused_with_what_to_set(
    env: dict[str, str], arguments: list[str], named: str
) -> None:
    with pytest.raises(StartupRefused, match=named) as refusal:
        check(env, arguments)
    assert str(refusal.value).endswith(".")


def test_a_celery_process_needs_redis_and_its_own_options_mean_nothing_here() -> None:
    with pytest.raises(StartupRefused, match="REDIS_URL"):
        check(POSTGRES, ["worker", "-w", "9"], "celery")
    check({**POSTGRES, **REDIS}, ["worker", "-w", "9"], "celery")


@pytest.mark.parametrize(
    ("env", "arguments", "processes", "slots"),
    [
        ({}, [], 1, None),
        ({"WEB_CONCURRENCY": "3", "WEB_THREADS": "40"}, [], 3, 40),
        ({"WEB_CONCURRENCY": "3"}, ["-w", "2", "--threads", "100"], 2, 100),
        ({}, ["-k", "gevent", "--worker-connections=5000"], 1, 5000),
        ({}, ["-kgevent"], 1, 1000),
        ({"WEB_CONCURRENCY": "many"}, ["-w"], 1, None),
    ],
)
def test_the_size_of_the_web_server_is_read_as_it_reads_it(
    env: dict[str, str], arguments: list[str], processes: int, slots: int | None
) -> None:
    assert (web_processes(env, arguments), web_slots(env, arguments)) == (processes, slots)


@pytest.mark.parametrize(
    ("env", "served"),
    [
        ({}, (1, "gthread", 250)),
        ({"WEB_THREADS": "40"}, (1, "gthread", 40)),
        (POSTGRES, (1, "gthread", 250)),
        ({**POSTGRES, **REDIS}, (2, "gevent", 5000)),
        ({**POSTGRES, **REDIS, "WEB_CONCURRENCY": "4", "WEB_CONNECTIONS": "900"}, (4, "gevent", 900)),
        ({**POSTGRES, **REDIS, "WEB_WORKER": "gthread"}, (2, "gthread", 250)),
    ],
)
def test_with_redis_two_gevent_processes_serve(env: dict[str, str], served: tuple[int, str, int]) -> None:
    assert (served_processes(env), web_worker(env), web_places(env)) == served


def test_an_unknown_kind_of_process_is_refused() -> None:
    with pytest.raises(StartupRefused, match="WEB_WORKER"):
        check({**POSTGRES, **REDIS, "WEB_WORKER": "eventlet"})


@pytest.mark.parametrize(
    ("path", "program"),
    [
        ("/srv/.venv/bin/gunicorn", "gunicorn"),
        ("/lib/gunicorn/__main__.py", "gunicorn"),
        ("/lib/celery/__main__.py", "celery"),
        ("/srv/app/server.py", ""),
    ],
)
def test_the_program_is_known_by_its_path(path: str, program: str) -> None:
    assert program_of([path, "-w", "2"]) == program
    assert program_of([]) == ""


@pytest.mark.parametrize(
    ("host", "is_near"),
    [
        ("127.0.0.1", True),
        ("localhost", True),
        ("::1", True),
        ("[::1]", True),
        ("0.0.0.0", False),
        ("shop.example", False),
    ],
)
def test_only_this_machine_reaches_a_loopback_address(host: str, is_near: bool) -> None:
    assert is_loopback(host) is is_near


@pytest.mark.parametrize(
    ("env", "is_wanted"),
    [
        ({}, True),
        ({"HOST": "localhost"}, True),
        ({"HOST": "0.0.0.0"}, False),
        ({"HOST": "0.0.0.0", "KARIZ_DEMO": "1"}, True),
        ({"KARIZ_DEMO": "0"}, False),
        (POSTGRES, False),
        ({**POSTGRES, "KARIZ_DEMO": "1"}, True),
    ],
)
def test_the_demo_shop_comes_only_where_it_is_asked_for_or_safe(env: dict[str, str], is_wanted: bool) -> None:
    assert wants_demo(env) is is_wanted


def test_the_secret_key_is_made_once_and_is_for_its_owner_only(tmp_path: Path) -> None:
    key = secret_key(tmp_path)
    assert len(key) >= 48
    assert secret_key(tmp_path) == key
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_one_process_at_a_time_holds_the_instance_folder(tmp_path: Path) -> None:
    held = claim_instance(tmp_path)
    with pytest.raises(StartupRefused, match="INSTANCE_DIR"):
        claim_instance(tmp_path)
    held.close()
    claim_instance(tmp_path).close()


def test_a_killed_holder_leaves_the_folder_free(tmp_path: Path) -> None:
    claim = f"from pathlib import Path; from app.embedded import claim_instance as c; f = c(Path({str(tmp_path)!r}));"
    command = [sys.executable, "-c", claim + "import os; os.kill(os.getpid(), 9)"]
    killed = subprocess.run(command, cwd=Path(__file__).parents[2], env=os.environ.copy(), check=False)
    assert killed.returncode == -9
    claim_instance(tmp_path).close()
