"""For process managers: `celery -A wsgi.celery worker`, `celery -A wsgi.celery beat`, `gunicorn wsgi:app`."""

import os
import sys

from app.config import load_config
from app.metrics_files import begin
from app.startup import StartupRefused, check, program_of, web_slots

PROGRAM = program_of(sys.argv)
ARGUMENTS = sys.argv[1:]
# Gunicorn gives up on this code; on any other it would start the refused worker again and again.
WORKER_BOOT_ERROR = 3

try:
    check(os.environ, ARGUMENTS, PROGRAM)
except StartupRefused as refusal:
    print(f"Kariz does not start. {refusal}", file=sys.stderr)  # noqa: T201
    sys.exit(WORKER_BOOT_ERROR)

config = load_config(is_web=PROGRAM == "gunicorn" and bool(os.environ.get("REDIS_URL")))
if PROGRAM and config["REDIS_URL"]:
    begin(config["METRICS_DIR"], "web" if PROGRAM == "gunicorn" else "tasks", is_first=PROGRAM == "celery")

from app import create_app  # noqa: E402  # what counts must know by now where to keep its figures
from app.extensions import db  # noqa: E402

app = create_app(config)
celery = app.extensions["celery"]

with app.app_context():
    engine = db.engine

# A child of a fork (Celery's pool, gunicorn --preload) must not share its parent's database connections.
os.register_at_fork(after_in_child=lambda: engine.dispose(close=False))

if PROGRAM == "gunicorn":
    from app.health import count_slots

    count_slots(app, web_slots(os.environ, ARGUMENTS))

if PROGRAM == "gunicorn" and app.config["EMBEDDED"]:
    from app.embedded import EmbeddedCelery, claim_instance

    lock = claim_instance(app.config["INSTANCE_DIR"])
    app.extensions["embedded"] = EmbeddedCelery(celery).start()
