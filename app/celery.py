"""Background work: a Celery app on Redis, or on a broker in memory where one process does everything."""

from collections.abc import Callable
from typing import Any, TypeVar

from celery import Celery, Task, shared_task
from flask import Flask

# Beat reads this dictionary itself, so a task that is registered later is on the clock too.
SCHEDULE: dict[str, dict[str, Any]] = {}

F = TypeVar("F", bound=Callable[[], object])


def every(seconds: float, name: str) -> Callable[[F], F]:
    """Run the decorated function every so many seconds, in one worker, with the app's context. `name` is unique.

    A turn that no worker took until the next one is due is dropped, and the clock begins anew at every start: work that
    must not be missed is a row somewhere, and the task looks for it often.
    """

    def register(fn: F) -> F:
        shared_task(name=name, ignore_result=True)(fn)
        SCHEDULE[name] = {"task": name, "schedule": seconds, "options": {"expires": max(seconds, 1.0)}}
        return fn

    return register


def make_celery(app: Flask) -> Celery:
    """The Celery app of this Flask app, kept as `app.extensions["celery"]` too; its tasks run in the app's context."""

    class ContextTask(Task):  # type: ignore[misc]
        def __call__(self, *args: Any, **kwargs: Any) -> Any:
            with app.app_context():
                return self.run(*args, **kwargs)

    celery = Celery(app.name, task_cls=ContextTask)
    celery.config_from_object(settings(app.config.get("REDIS_URL")))
    celery.set_default()
    app.extensions["celery"] = celery
    return celery


def settings(redis_url: str | None) -> dict[str, Any]:
    """Celery's settings: a task is taken off the queue when it is done, not when it begins, and carries JSON only."""
    return {
        "broker_url": redis_url or "memory://",
        # The memory transport would sleep a second between looks. Redis gives a task back when its worker was silent.
        "broker_transport_options": {"visibility_timeout": 3600} if redis_url else {"polling_interval": 0.05},
        "broker_connection_retry_on_startup": True,
        "task_ignore_result": True,
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "task_serializer": "json",
        "accept_content": ["json"],
        "worker_prefetch_multiplier": 1,
        "worker_hijack_root_logger": False,
        "enable_utc": True,
        "timezone": "UTC",
        "beat_schedule": SCHEDULE,
        # Kept in memory: the data folder of a beat process may be read-only, and turns are short.
        "beat_scheduler": "celery.beat:Scheduler",
    }
