"""The one command: python -m app.server. Migrates, fills an empty shop for a first look, and serves.

With Redis it serves by several processes. Then this process is a front that loads nothing: what serves is started by
it as a program of its own, with the code as it is at that moment.
"""

import logging
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from app.config import ROOT, load_config
from app.startup import (
    StartupRefused,
    check,
    is_loopback,
    served_processes,
    wants_demo,
    web_places,
    web_worker,
)

if TYPE_CHECKING:
    from flask import Flask

PREPARE = "--prepare"
GENERATION = "--generation"
GRACE_SECONDS = {"one": 5, "many": 30}
BACKLOG = 2048


def main(env: Mapping[str, str] = os.environ, arguments: list[str] | None = None) -> int:
    """Serve until stopped; 2 when the environment is refused, with the reason on standard error."""
    try:
        check(env)
        config = load_config(env)
        match arguments:
            case [command] if command == PREPARE:
                print(prepare(load(config), env))  # noqa: T201
                return 0
            case [command, which, address, pipe] if command == GENERATION:
                return serve_generation(env, int(address), int(pipe), is_first=which == "first")
        listener = take_address(config["HOST"], config["PORT"])
        return serve_by_several(env, listener) if config["REDIS_URL"] else serve_alone(env, config, listener)
    except StartupRefused as refusal:
        print(f"Kariz does not start. {refusal}", file=sys.stderr)  # noqa: T201
        return 2


def serve_alone(env: Mapping[str, str], config: dict[str, Any], listener: socket.socket) -> int:
    """One process that does the tasks too."""
    from app.embedded import claim_instance
    from app.serving.warmth import loading, warm

    # The lock is inherited by the worker and ends with the last of them.
    lock = claim_instance(config["INSTANCE_DIR"])
    with loading():
        app = load(config)
        sign_ins = prepare(app, env)
        warm(app)
    try:
        run(app, env, listener.fileno(), sign_ins)
    finally:
        lock.close()
    return 0


def serve_by_several(env: Mapping[str, str], listener: socket.socket) -> int:
    """Processes that come and go under one front; tasks and clock are processes of their own."""
    from gunicorn.systemd import sd_notify

    from app.serving.front import Front

    command = [sys.executable, "-m", "app.server", GENERATION]
    log = logging.getLogger(__name__)
    return Front(command, listener, served_processes(env), lambda: sd_notify("READY=1", log)).run()


def serve_generation(env: Mapping[str, str], listener: int, pipe: int, *, is_first: bool) -> int:
    """The web processes that share one loaded application. `pipe` hears a byte from each that serves."""
    if web_worker(env) == "gevent":
        from app.serving.greenlets import patch_master

        patch_master()
    from app.metrics_files import begin
    from app.serving.warmth import loading, warm

    # Only a front speaks to the manager of services.
    os.environ.pop("NOTIFY_SOCKET", None)
    config = load_config(env, is_web=True)
    begin(config["METRICS_DIR"], "web", is_first=is_first)
    with loading():
        app = load(config)
        sign_ins = prepare_elsewhere(app, env) if is_first else ""
        warm(app)
    run(app, env, listener, sign_ins, pipe, is_first=is_first)
    return 0


def prepare_elsewhere(app: "Flask", env: Mapping[str, str]) -> str:
    """`prepare` by a process whose statements may take their time; none is started when there is nothing to do."""
    from app import schema
    from app.extensions import db
    from app.users import services as accounts

    with app.app_context():
        is_prepared = schema.is_current(db.engine) and not (wants_demo(env) and not accounts.exist())
        db.session.remove()
    if is_prepared:
        return ""
    command = [sys.executable, "-m", "app.server", PREPARE]
    done = subprocess.run(command, cwd=ROOT, env=dict(env), stdout=subprocess.PIPE, check=False)  # noqa: S603  # ours
    if done.returncode:
        sys.exit(done.returncode)
    return done.stdout.decode().strip()


def load(config: dict[str, Any]) -> "Flask":
    """The application. Imported here: see the head of this module."""
    from app import create_app

    return create_app(config)


def take_address(host: str, port: int) -> socket.socket:
    """The socket that listens; `StartupRefused` when the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host.strip("[]"), port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise StartupRefused(
            f"The address {host}:{port} cannot be used ({error.strerror or error}): stop what answers there, or "
            "set PORT and HOST to others."
        ) from error
    return listener


def prepare(app: "Flask", env: Mapping[str, str]) -> str:
    """Bring the database up to date; fill an empty one with the demo shop where that is wanted. Its sign-ins."""
    from app import schema
    from app.extensions import db
    from app.users import services as accounts

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


def run(
    app: "Flask",
    env: Mapping[str, str],
    listener: int,
    sign_ins: str,
    pipe: int | None = None,
    *,
    is_first: bool = True,
) -> None:
    """Run gunicorn until it is stopped."""
    from app.serving.master import Server

    size = "many" if app.config["REDIS_URL"] else "one"
    grace = int(env.get("WEB_GRACE_SECONDS") or GRACE_SECONDS[size])
    drain = float(env.get("WEB_DRAIN_SECONDS") or 0)
    begun = _after_start(web_places(env), app.config["HOST"], sign_ins, pipe, is_first=is_first)
    # Without a front whoever started Kariz, a shell say, may go.
    front = None if pipe is None else os.getppid()
    Server(app, drain_seconds=drain, front=front, post_worker_init=begun, **options(env, listener, grace)).run()


def options(env: Mapping[str, str], listener: int, grace: int) -> dict[str, Any]:
    """What gunicorn is told. `listener` is the number of an open file; `grace` is in seconds."""
    places = web_places(env)
    return {
        "bind": f"fd://{listener}",
        "workers": served_processes(env),
        "worker_class": worker_class(env),
        "preload_app": True,
        "threads": places,
        "worker_connections": places + (0 if web_worker(env) == "gevent" else 750),
        "graceful_timeout": grace,
        "timeout": 120,
        "keepalive": 5,
        "loglevel": env.get("WEB_LOG_LEVEL") or "warning",
        # Who is believed about the visitor's address and scheme is said by TRUSTED_PROXIES alone.
        "forwarded_allow_ips": "",
        "control_socket_disable": True,
        "worker_exit": _before_end(grace),
        "child_exit": _after_end,
    }


def worker_class(env: Mapping[str, str]) -> type[Any]:
    """The kind of web process that `WEB_WORKER` asks for."""
    if web_worker(env) == "gevent":
        from app.serving.greenlets import CooperativeWorker

        return CooperativeWorker
    from app.serving.workers import ThreadedWorker

    return ThreadedWorker


def _after_start(places: int, host: str, sign_ins: str, pipe: int | None, *, is_first: bool) -> Callable[[Any], None]:
    def run(worker: Any) -> None:
        from app.health import count_slots

        app: Flask = worker.wsgi
        count_slots(app, places)
        app.extensions["web_worker"] = worker
        if not app.config["REDIS_URL"]:
            from app.embedded import EmbeddedCelery

            app.extensions["embedded"] = EmbeddedCelery(app.extensions["celery"]).start()
        if worker.age == 1 and is_first:
            port = worker.sockets[0].getsockname()[1]
            shown = host if not is_loopback(host) and host not in {"0.0.0.0", "::"} else "127.0.0.1"  # noqa: S104
            print(f"\nKariz is ready: http://{shown}:{port}\n\n{sign_ins}", flush=True)  # noqa: T201
        if pipe is not None:
            os.write(pipe, b".")

    return run


def _before_end(grace: int) -> Callable[[Any, Any], None]:
    def run(_server: Any, worker: Any) -> None:
        app: Flask | None = getattr(worker, "wsgi", None)
        embedded = app.extensions.get("embedded") if app else None
        if embedded:
            embedded.stop(timeout_seconds=grace)
        sys.stdout.flush()
        sys.stderr.flush()
        if os.getpid() == worker.pid and worker.has_booted:
            # The interpreter would wait for the threads of pages that are still open; requests have ended by now.
            os._exit(0)

    return run


def _after_end(_server: Any, worker: Any) -> None:
    from app.metrics_files import forget_process

    forget_process(worker.pid)


if __name__ == "__main__":
    sys.exit(main(arguments=sys.argv[1:]))
