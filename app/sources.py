"""From where something was done: what a fact keeps of the request that caused it."""

import re
from functools import lru_cache
from typing import Any, TypedDict

import sqlalchemy as sa
from flask import g, has_request_context, request

AUDIENCES = {"user": "staff", "contact": "portal"}
# The first match wins: most browsers claim to be others too.
BROWSERS = (("Edge", r"Edg(e|A|iOS)?/"), ("Opera", r"OPR/|Opera"), ("Samsung Internet", r"SamsungBrowser"),
            ("Firefox", r"Firefox|FxiOS"), ("Chrome", r"Chrome|CriOS"), ("Safari", r"Safari"))  # fmt: skip
SYSTEMS = (("iPhone", r"iPhone"), ("iPad", r"iPad"), ("Android", r"Android"), ("Windows", r"Windows"),
           ("Mac", r"Mac OS X|Macintosh"), ("ChromeOS", r"CrOS"), ("Linux", r"Linux|X11"))  # fmt: skip


class Source(TypedDict, total=False):
    """The columns of an event that tell where it came from; empty in tasks and commands."""

    source_address: str | None
    source_device: str | None
    source_session_id: int | None
    source_token_id: int | None


def current(actor_kind: str | None) -> Source:
    """The source of the running request. No queries: what the request has loaded already is asked."""
    if not has_request_context():
        return {}
    return {
        "source_address": request.remote_addr,
        "source_device": agent_name(request.user_agent.string or "") or None,
        "source_session_id": _session_id(AUDIENCES.get(actor_kind or "", "")),
        "source_token_id": _identity(g.get("api_token")),
    }


@lru_cache(1000)
def agent_name(agent: str) -> str:
    """ "Firefox, Windows" of a User-Agent; "" when neither part is known."""
    return ", ".join(name for table in (BROWSERS, SYSTEMS) for name in _first(table, agent))


def _first(table: tuple[tuple[str, str], ...], agent: str) -> list[str]:
    return next(([name] for name, pattern in table if re.search(pattern, agent)), [])


def _session_id(audience: str) -> int | None:
    return _identity(g.get(f"session_{audience}") or g.get(f"opened_{audience}"))


def _identity(row: object) -> int | None:
    # The identity stays known when the row itself was rolled back or let go.
    state: Any = sa.inspect(row) if row is not None else None
    identity = state.identity if state is not None else None
    return int(identity[0]) if identity else None
