"""Reading the answers."""

from collections import defaultdict
from collections.abc import Iterable

import sqlalchemy as sa

from app.extensions import db
from app.text import compact_key, search_key
from knowledge.models import FaqEntry


def faq_by_department(department_ids: Iterable[int]) -> dict[int, list[FaqEntry]]:
    """What customers of these departments read, in order. One query; a department without answers is left out."""
    query = sa.select(FaqEntry).where(FaqEntry.department_id.in_(set(department_ids)), FaqEntry.is_active)
    found: dict[int, list[FaqEntry]] = defaultdict(list)
    for entry in db.session.scalars(query.order_by(FaqEntry.position, FaqEntry.id)):
        found[entry.department_id].append(entry)
    return found


def matching(entries: Iterable[FaqEntry], text: str) -> list[FaqEntry]:
    """The entries that hold every word of `text` in either language, those whose question does so first."""
    words = search_key(text).split()

    def holds(*texts: str) -> bool:
        key = " ".join((*map(search_key, texts), *map(compact_key, texts)))
        return all(word in key for word in words)

    fitting = [entry for entry in entries if words and holds(
        entry.question_fa, entry.question_en, entry.answer_fa, entry.answer_en)]  # fmt: skip
    return sorted(fitting, key=lambda entry: not holds(entry.question_fa, entry.question_en))
