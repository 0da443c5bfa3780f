"""Frequent questions in the search. Colleagues find those that are in use, admins all of them."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from flask import url_for

from app import events, search
from app.events import INTERNAL, PORTAL, Event
from app.extensions import db
from app.i18n import _, _l
from app.paging import EPOCH
from app.search import Doc, Found, Group, Hit, Reach
from app.search.sources import among
from app.search.table import DOCS
from app.search.words import kept_words
from app.text import search_key
from app.users.models import User
from knowledge.models import FaqEntry
from pipelines.models import Department


def docs_of_articles(ids: Sequence[int]) -> list[Doc]:
    """What is found of these questions. Whether customers may see the department is asked when they look. One query."""
    query = sa.select(FaqEntry).where(among(FaqEntry.id, ids))
    return [
        Doc(kind="article", ref_id=entry.id, at=EPOCH, audience=PORTAL if entry.is_active else INTERNAL,
            head=search_key(f"{entry.question_fa} {entry.question_en}"),
            words=[*kept_words(entry.question_fa, entry.question_en, pairs=True),
                   *kept_words(entry.answer_fa, entry.answer_en)])
        for entry in db.session.scalars(query)
    ]  # fmt: skip


def _reach(user: User) -> Reach:
    if user.is_admin:
        return Reach()
    return Reach(where=DOCS.c.ref_id.in_(sa.select(FaqEntry.id).where(FaqEntry.is_active)))


def _articles(found: Sequence[Found], user: User) -> dict[int, Hit]:
    query = sa.select(FaqEntry, Department).join(Department, Department.id == FaqEntry.department_id)
    query = query.where(FaqEntry.id.in_([row.target_id for row in found]))
    if not user.is_admin:
        query = query.where(FaqEntry.is_active)
    return {entry.id: _hit(entry, department, user) for entry, department in db.session.execute(query)}


def _hit(entry: FaqEntry, department: Department, user: User) -> Hit:
    """There is no page of one answer for colleagues: it unfolds among the results."""
    anchor = f"article-{entry.id}"
    url = url_for("search.show", q=entry.question, kind="article", _anchor=anchor)
    return Hit(
        url, entry.question, "book", details=department.name, text=entry.answer, body=entry.answer, anchor=anchor,
        state="" if entry.is_active else _("not in use"),
        edit_url=url_for("faq.show", slug=department.slug, entry_id=entry.id) if user.is_admin else "",
    )  # fmt: skip


@events.on("faq.added", "faq.changed")
def _article_changed(event: Event) -> None:
    if event.subject_id is not None:
        search.renew(("article",), event.subject_id)


search.add_source("article", lambda: sa.select(FaqEntry.id), docs_of_articles)
search.add_group(Group("article", _l("Answers"), "book", 60, ("article",), _articles, reach=_reach))
