"""Frequent questions in the audit."""

from collections.abc import Collection, Mapping

import sqlalchemy as sa

from app.audit import things, values
from app.audit.acts import tell
from app.audit.things import Thing
from app.extensions import db
from app.i18n import _l
from knowledge.models import FaqEntry


def _entries(ids: Collection[int]) -> Mapping[int, Thing]:
    return {row.id: Thing(row.question) for row in db.session.scalars(sa.select(FaqEntry).where(FaqEntry.id.in_(ids)))}


things.add("faq_entry", _l("Question"), _entries)

tell("faq.added", "settings", _l("%(who)s added the question “%(thing)s” to the department %(department)s"),
     department="department")  # fmt: skip
tell("faq.changed", "settings", _l("%(who)s changed the question “%(thing)s”"))
tell("faq.moved", "settings", _l("%(who)s moved the question “%(thing)s”"), from_="faq_entry", to_="faq_entry")

values.fields("faq", {
    "question_fa": _l("Question"), "question_en": _l("Question in English"), "answer_fa": _l("Answer"),
    "answer_en": _l("Answer in English"), "is_active": _l("Customers see it"),
})  # fmt: skip
