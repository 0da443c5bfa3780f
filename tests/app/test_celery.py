"""Tasks and the clock, in the process and by themselves."""

import threading

from celery import shared_task
from flask import Flask, current_app

from app import celery
from app.embedded import EmbeddedCelery

PATIENCE_SECONDS = 120


def test_a_task_is_taken_with_the_apps_context(app: Flask) -> None:
    done, seen = threading.Event(), []

    @shared_task(name="tests.context")  # type: ignore[untyped-decorator]
    def look(word: str) -> None:
        seen.append((word, current_app.name))
        done.set()

    embedded = EmbeddedCelery(app.extensions["celery"]).start()
    try:
        look.apply_async(["سلام"])
        assert done.wait(PATIENCE_SECONDS)
    finally:
        assert embedded.stop()
    assert seen == [("سلام", app.name)]


def test_the_clock_calls_what_is_registered(app: Flask) -> None:
    turns = threading.Semaphore(0)

    @celery.every(0.05, "tests.turn")
    def turn() -> None:
        turns.release()

    embedded = EmbeddedCelery(app.extensions["celery"]).start()
    try:
        assert turns.acquire(timeout=PATIENCE_SECONDS)
        assert turns.acquire(timeout=PATIENCE_SECONDS)
    finally:
        assert embedded.stop()
        del celery.SCHEDULE["tests.turn"]


def test_every_turn_of_the_clock_names_a_task(app: Flask) -> None:
    known = app.extensions["celery"].tasks
    assert {entry["task"] for entry in celery.SCHEDULE.values()} <= set(known)
    assert "outbox.sweep" in celery.SCHEDULE


def test_both_modes_take_json_only_and_lose_no_task_with_a_worker() -> None:
    for url in (None, "redis://cache/0"):
        settings = celery.settings(url)
        assert settings["accept_content"] == ["json"]
        assert settings["task_acks_late"]
        assert settings["task_reject_on_worker_lost"]
    assert celery.settings(None)["broker_url"] == "memory://"
    assert celery.settings("redis://cache/0")["broker_url"] == "redis://cache/0"
