"""Signing in as the tests do it: the code is read where a gateway would get it."""

from typing import Any

import sqlalchemy as sa

from app.extensions import db
from app.outbox import Outbox


def ask(client: Any, address: str, **headers: str) -> Any:
    """Ask for a code from this browser."""
    return client.post("/portal/sign-in", data={"address": address}, headers=headers)


def sent() -> list[Outbox]:
    """Queued code messages, the oldest first."""
    return list(db.session.scalars(sa.select(Outbox).where(Outbox.kind == "message.code").order_by(Outbox.id)))


def last_code() -> str:
    """The digits of the newest code."""
    return str(sent()[-1].payload["code"])


def wrong_code() -> str:
    """Six digits that are not those of the newest code."""
    return f"{(int(last_code()) + 1) % 10**6:06d}"


def enter(client: Any, digits: str) -> Any:
    return client.post("/portal/sign-in/code", data={"code": digits})


def sign_in(client: Any, address: str) -> Any:
    """Ask for a code and enter it; the answer to the latter."""
    ask(client, address)
    return enter(client, last_code())


def is_in(client: Any) -> bool:
    """Whether the portal is open to this browser."""
    return bool(client.get("/portal/").status_code == 200)
