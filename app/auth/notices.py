"""Mails about an account to its owner, so that a change that somebody else made does not stay unseen."""

from app.events import Event
from app.outbox import enqueue
from app.sources import current
from app.users.models import User


def tell(user: User, what: str, event: Event, *, to: str | None = None, **facts: str) -> None:
    """Mail the owner of an account what happened to it; `to` another address than the account's present one."""
    source = current("user")
    payload = {"what": what, "at": event.at.isoformat(), "device": source.get("source_device") or "",
               "address": source.get("source_address") or "", "to": to, **facts}  # fmt: skip
    enqueue("staff_mail.security", key=f"security:{event.id}:{what}", user_id=user.id, payload=payload)
