"""The one command: python -m app.server. Migrates, fills an empty shop for a first look, and serves.

With Redis it serves by several processes. Their master then loads nothing of the application: each process loads the
code as it is when it starts, and gevent finds a standard library that nobody has used yet.
"""

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
GRACE_SECONDS = {"one": 5, "many": 30}


def main(env: Mapping[str, str] = os.environ, arguments: list[str] | None = None) -> int:
    """Serve until stopped; 2 when the environment is refused, with the reason on standard error."""
    try:
        check(env)
        config = load_config(env)
        if arguments == [PREPARE]:
            print(prepare(load(config), env))  # noqa: T201
            return 0
        check_port(config["HOST"], config["PORT"])
        return serve_by_several(env, config) if config["REDIS_URL"] else serve_alone(env, config)
    except StartupRefused as refusal:
        print(f"Kariz does not start. {refusal}", file=sys.stderr)  # noqa: T201
        return 2


def serve_alone(env: Mapping[str, str], config: dict[str, Any]) -> int:
    """One process that does the tasks too."""
    from app.embedded import claim_instance
    from app.health import count_slots

    # The lock is inherited by the worker and ends with the last of them.
    lock = claim_instance(config["INSTANCE_DIR"])
    app = load(config)
    count_slots(app, web_places(env))
    try:
        run(env, config, lambda: app, prepare(app, env))
    finally:
        lock.close()
    return 0


def serve_by_several(env: Mapping[str, str], config: dict[str, Any]) -> int:
    """Processes that come and go under one master; tasks and clock are processes of their own."""
    from app.metrics_files import begin

    done = subprocess.run(  # noqa: S603  # our own program
        [sys.executable, "-m", "app.server", PREPARE], cwd=ROOT, env=dict(env), stdout=subprocess.PIPE, check=False
    )
    if done.returncode:
        return done.returncode
    begin(config["METRICS_DIR"], "web")

    def make() -> "Flask":
        from app.health import count_slots

        app = load(load_config(env, is_web=True))
        count_slots(app, web_places(env))
        return app

    run(env, config, make, done.stdout.decode().strip())
    return 0


def load(config: dict[str, Any]) -> "Flask":
    """The application. Imported here: see the head of this module."""
    from app import create_app

    return create_app(config)


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


def run(env: Mapping[str, str], config: Mapping[str, Any], make: Callable[[], "Flask"], sign_ins: str) -> None:
    """Run gunicorn until it is stopped."""
    from app.serving.master import Server

    size = "many" if config["REDIS_URL"] else "one"
    grace = float(env.get("WEB_GRACE_SECONDS") or GRACE_SECONDS[size])
    drain = float(env.get("WEB_DRAIN_SECONDS") or 0)
    Server(make, drain_seconds=drain, **options(env, config, int(grace), sign_ins)).run()


def options(env: Mapping[str, str], config: Mapping[str, Any], grace: int, sign_ins: str) -> dict[str, Any]:
    """What gunicorn is told. `sign_ins` is shown under the address once the first worker serves."""
    host, places = config["HOST"], web_places(env)
    bare = ":" in host and not host.startswith("[")
    return {
        "bind": f"[{host}]:{config['PORT']}" if bare else f"{host}:{config['PORT']}",
        "workers": served_processes(env),
        "worker_class": worker_class(env),
        "threads": places,
        "worker_connections": places + (0 if web_worker(env) == "gevent" else 750),
        "graceful_timeout": grace,
        "timeout": 120,
        "keepalive": 5,
        "loglevel": env.get("WEB_LOG_LEVEL") or "warning",
        # Who is believed about the visitor's address and scheme is said by TRUSTED_PROXIES alone.
        "forwarded_allow_ips": "",
        "control_socket_disable": True,
        "post_worker_init": _after_start(sign_ins, host),
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


def _after_start(sign_ins: str, host: str) -> Callable[[Any], None]:
    def run(worker: Any) -> None:
        app: Flask = worker.wsgi
        app.extensions["web_worker"] = worker
        if not app.config["REDIS_URL"]:
            from app.embedded import EmbeddedCelery

            app.extensions["embedded"] = EmbeddedCelery(app.extensions["celery"]).start()
        if worker.age == 1:
            port = worker.sockets[0].getsockname()[1]
            shown = host if not is_loopback(host) and host not in {"0.0.0.0", "::"} else "127.0.0.1"  # noqa: S104
            print(f"\nKariz is ready: http://{shown}:{port}\n\n{sign_ins}", flush=True)  # noqa: T201

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
