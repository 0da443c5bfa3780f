"""Looking at the portal from outside: pages without what differs by chance, every address they lead to, every row."""

import re
from typing import Any

import sqlalchemy as sa

from app.extensions import db

CHANCE = re.compile(
    r'name="csrf_token" value="[^"]*"|name="csrf-token" content="[^"]*"|X-CSRFToken": "[^"]*"|value="[0-9a-f-]{36}"'
    r'|nonce="[\w-]+"'
)
LINK = re.compile(r'(?:href|src|action)="(/portal/[^"#]*)"')


def text_of(client: Any, url: str, **headers: str) -> str:
    """A page without tokens and numbers made for this one answer."""
    answer = client.get(url, headers=headers)
    assert answer.status_code == 200, (url, answer.status_code)
    return CHANCE.sub("", answer.text)


def harvest(client: Any, start: str = "/portal/") -> set[str]:
    """Every address of the portal that this browser is led to."""
    found, waiting = {start}, [start]
    while waiting:
        answer = client.get(waiting.pop())
        if answer.mimetype != "text/html" or answer.status_code != 200:
            continue
        links = {link.replace("&amp;", "&") for link in LINK.findall(answer.text)} - found
        found |= links
        waiting += links
    return found


def snapshot() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table but sessions, by table."""
    db.session.commit()
    tables = [table for table in db.metadata.sorted_tables if table.name not in {"sessions", "codes"}]
    return {
        table.name: [tuple(row) for row in db.session.execute(sa.select(table).order_by(*table.primary_key))]
        for table in tables
    }
