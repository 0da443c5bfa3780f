"""A request that is sent again under its `Idempotency-Key` gets the answer that it got, and nothing is done twice.

The key's row is written first and is the lock: who comes at the same time waits for the first one's commit. It is in
the transaction of what is done, so that both are kept or neither. A refusal has done nothing and is not kept: put
right, the request may be sent under the same key.
"""

import hashlib
import re
from datetime import timedelta

import sqlalchemy as sa
from flask import Response, current_app, request
from sqlalchemy.dialects import postgresql, sqlite

from app.api.access import the_token
from app.api.models import ApiAnswer
from app.api.shapes import Shape
from app.celery import every
from app.clock import utcnow
from app.db import table_of
from app.errors import DomainError
from app.extensions import db
from app.i18n import _

KEPT = timedelta(days=7)
ANSWERS = table_of(ApiAnswer)
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
# Headers of an answer that belong to what was done.
HEADERS = ("Location", "ETag")


def key_of_request() -> str | None:
    """The key of this request. Raises a `DomainError` for one that is none."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and not _KEY.fullmatch(key):
        sentence = _("The header Idempotency-Key holds up to 255 letters, digits and signs, without spaces.")
        raise DomainError(sentence, code="idempotency_key")
    return key


def claim(key: str, body: Shape | None) -> Response | None:
    """Take the key for this request; the earlier answer when it was answered before. One statement, two when it was.

    Raises a `DomainError` when the key was used for another request.
    """
    request_hash = _hash(body)
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    row = insert(ANSWERS).values(token_id=the_token().id, key=key, request_hash=request_hash, at=utcnow(), body="",
                                 headers={})  # fmt: skip
    # Asked for back, for drivers count what an INSERT wrote each in its own way.
    if db.session.execute(row.on_conflict_do_nothing().returning(ANSWERS.c.key)).first() is not None:
        return None
    known = db.session.execute(sa.select(ANSWERS).where(_is_key(key))).one()
    if known.request_hash != request_hash:
        sentence = _("This Idempotency-Key was used for another request. Take a new one for each request.")
        raise DomainError(sentence, code="idempotency_key_used")
    answer: Response = current_app.response_class(known.body, status=known.status, mimetype="application/json")
    answer.headers.update(known.headers)
    answer.headers["Idempotent-Replayed"] = "true"
    return answer


def keep(key: str, answer: Response) -> None:
    """Write the answer beside the key, in the transaction of what was done."""
    headers = {name: answer.headers[name] for name in HEADERS if name in answer.headers}
    values = {"status": answer.status_code, "headers": headers, "body": answer.get_data(as_text=True)}
    db.session.execute(sa.update(ANSWERS).where(_is_key(key)).values(**values))


def _is_key(key: str) -> sa.ColumnElement[bool]:
    return sa.and_(ANSWERS.c.token_id == the_token().id, ANSWERS.c.key == key)


def _hash(body: Shape | None) -> str:
    """The same for the same request, however its JSON is spelled. What conditions it carries belongs to it."""
    parts = (request.method, request.path, request.headers.get("If-Match", ""), body.model_dump_json() if body else "")
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


@every(3600, "app.api.sweep_answers")
def sweep() -> int:
    """Forget answers that are older than a week; answers how many."""
    result = db.session.execute(sa.delete(ANSWERS).where(ANSWERS.c.at < utcnow() - KEPT))
    db.session.commit()
    return int(result.rowcount)  # type: ignore[attr-defined]
