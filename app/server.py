"""The one command: python -m app.server. Migrates, fills an empty shop for a first look, and serves."""

import os
import socket
import sys
import threading
from collections.abc import Callable, Mapping
from types import FrameType
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import ThreadWorker

from app import create_app, schema
from app.config import load_config
from app.embedded import EmbeddedCelery, claim_instance
from app.extensions import db, socketio
from app.health import count_slots
from app.startup import DEFAULT_THREADS, StartupRefused, check, is_loopback, wants_demo, web_processes, web_slots
from app.users import services as accounts

GRACE_SECONDS = 5


class Worker(ThreadWorker):  # type: ignore[misc]
    """Gunicorn's threaded worker that lets go of open pages when it is asked to end; they connect again later."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        threading.Thread(target=_hang_up, daemon=True).start()

    def is_parent_alive(self) -> bool:
        is_alive: bool = super().is_parent_alive()
        if not is_alive:
            _hang_up()
        return is_alive


def _hang_up() -> None:
    for connection in list(socketio.server.eio.sockets.values()):  # type: ignore[attr-defined]
        connection.close(wait=False)


class Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn, configured here and not by files or the command line."""

    def __init__(self, app: Flask, **options: Any) -> None:
        self.app, self.options = app, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self.app


def main(env: Mapping[str, str] = os.environ) -> int:
    """Serve until stopped; 2 when the environment is refused, with the reason on standard error."""
    config = load_config(env)
    try:
        check(env)
        # The lock is inherited by the worker and ends with the last of them.
        lock = None if config["REDIS_URL"] else claim_instance(config["INSTANCE_DIR"])
        check_port(config["HOST"], config["PORT"])
    except StartupRefused as refusal:
        print(f"Kariz does not start. {refusal}", file=sys.stderr)  # noqa: T201
        return 2
    threads = web_slots(env) or DEFAULT_THREADS
    app = create_app(config)
    count_slots(app, threads)
    sign_ins = prepare(app, env)
    try:
        Server(app, **options(env, config, threads, sign_ins)).run()
    finally:
        if lock:
            lock.close()
    return 0


def check_port(host: str, port: int) -> None:
    """Raise `StartupRefused` when the address cannot be had; better said now than after the migrations."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except OSError as error:
            raise StartupRefused(
                f"The address {host}:{port} cannot be used ({error.strerror or error}): stop what answers there, or "
                "set PORT and HOST to others."
            ) from error


def prepare(app: Flask, env: Mapping[str, str]) -> str:
    """Bring the database up to date; fill an empty one with the demo shop where that is wanted. Its sign-ins."""
    with app.app_context():
        schema.upgrade()
        sign_ins = ""
        if wants_demo(env) and not accounts.exist():
            import demo

            sign_ins = demo.load()
            db.session.commit()
        db.session.remove()
        # No connection may be shared with the worker that is forked from here.
        db.engine.dispose()
    return sign_ins


def options(env: Mapping[str, str], config: Mapping[str, Any], threads: int, sign_ins: str) -> dict[str, Any]:
    """What gunicorn is told. `sign_ins` is shown under the address once the first worker serves."""
    host = config["HOST"]
    return {
        "bind": f"[{host}]:{config['PORT']}"
        if ":" in host and not host.startswith("[")
        else f"{host}:{config['PORT']}",
        "workers": web_processes(env),
        "worker_class": Worker,
        "threads": threads,
        "worker_connections": threads + 750,
        "graceful_timeout": GRACE_SECONDS,
        "timeout": 120,
        "loglevel": env.get("WEB_LOG_LEVEL") or "warning",
        "control_socket_disable": True,
        "post_worker_init": _after_start(sign_ins, host),
        "worker_exit": _before_end,
    }


def _after_start(sign_ins: str, host: str) -> Callable[[Any], None]:
    def run(worker: Any) -> None:
        app: Flask = worker.wsgi
        if not app.config["REDIS_URL"]:
            app.extensions["embedded"] = EmbeddedCelery(app.extensions["celery"]).start()
        if worker.age == 1:
            port = worker.sockets[0].getsockname()[1]
            shown = host if not is_loopback(host) and host not in {"0.0.0.0", "::"} else "127.0.0.1"  # noqa: S104
            print(f"\nKariz is ready: http://{shown}:{port}\n\n{sign_ins}", flush=True)  # noqa: T201

    return run


def _before_end(_server: Any, worker: Any) -> None:
    app: Flask | None = getattr(worker, "wsgi", None)
    embedded = app.extensions.get("embedded") if app else None
    if embedded:
        embedded.stop(timeout_seconds=GRACE_SECONDS)
    sys.stdout.flush()
    sys.stderr.flush()
    if os.getpid() == worker.pid:
        # The interpreter would wait for the threads of pages that are still open; requests have ended by now.
        os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
