"""What other systems call states and priorities, and where that is here."""

from __future__ import annotations

import re
from collections.abc import Iterable

import sqlalchemy as sa

from app.extensions import db
from app.i18n import _
from app.text import search_key
from cards.models import PRIORITIES
from pipelines.models import Pipeline, Stage
from pipelines.models.stage import KINDS_BY_PIPELINE, STAGE_KINDS, SUCCESS_KINDS

CLOSED, NEW = "closed", "new:"
PRIORITY_CHOICES = frozenset(PRIORITIES)
# Asked in this order: "waiting for the customer" waits before it is anything else.
_KINDS = (
    ("cancelled", ("cancel", "reject", "declin", "duplicate", "spam", "لغو", "انصراف", "رد شد", "تکراری")),
    ("waiting_customer", ("user info", "customer", "caller", "requester", "client", "more info", "need info",
                          "feedback", "پاسخ مشتری", "منتظر مشتری", "کاربر", "منتظر پاسخ شما")),
    ("waiting_other", ("await", "wait", "pending", "hold", "vendor", "problem", "supplier", "third party", "evidence",
                       "suspend", "منتظر", "معلق", "تامین کننده", "متوقف")),
    (CLOSED, ("clos", "archiv", "بسته", "مختومه", "بایگانی")),
    ("resolved", ("resolv", "solv", "done", "complet", "finish", "fixed", "حل", "انجام شد", "پایان", "تمام")),
    ("active", ("active", "progress", "assign", "work", "investigat", "escalat", "reopen", "consult", "در دست", "بررسی",
                "در حال", "ارجاع", "فعال", "بازگشایی")),
    ("new", ("new", "open", "regist", "submit", "creat", "receiv", "unassign", "جدید", "تازه", "ثبت", "باز")),
)  # fmt: skip
_PRIORITIES = (
    (4, ("critical", "urgent", "emergency", "blocker", "highest", "بحرانی", "فوری", "اضطراری", "حیاتی")),
    (3, ("high", "major", "زیاد", "بالا", "مهم")),
    (2, ("moderate", "medium", "normal", "average", "متوسط", "معمولی", "عادی")),
    (1, ("low", "minor", "planning", "trivial", "کم", "پایین")),
)
_RANK = re.compile(r"(?:p|s|sev|prio)?\s*([1-5])")


def boards() -> list[Pipeline]:
    """Boards that tickets may stand on, in their order."""
    query = sa.select(Pipeline).where(Pipeline.kind.in_(("ticket", "task")), Pipeline.archived_at.is_(None))
    return list(db.session.scalars(query.order_by(Pipeline.position, Pipeline.id)))


def stages_of(pipeline_id: int | None) -> list[Stage]:
    """Stages in use, in board order."""
    query = sa.select(Stage).join(Pipeline).where(Stage.pipeline_id == pipeline_id, Stage.archived_at.is_(None))
    query = query.where(Pipeline.archived_at.is_(None), Pipeline.kind.in_(("ticket", "task")))
    return list(db.session.scalars(query.order_by(Stage.position, Stage.id)))


def state_choices(pipeline_id: int | None) -> list[tuple[str, str]]:
    """Where a state may be on this board: its stages, the archive, or a stage that is made for it."""
    stages = stages_of(pipeline_id)
    if not stages:
        return []
    kinds = KINDS_BY_PIPELINE[stages[0].pipeline.kind]
    new = [(f"{NEW}{kind}", _("Make a stage for it: %(kind)s", kind=STAGE_KINDS[kind])) for kind in kinds]
    return [*((str(stage.id), stage.name) for stage in stages), (CLOSED, _("Closed, in the archive")), *new]


def guess_states(words: Iterable[str], pipeline_id: int | None) -> dict[str, str]:
    """For each state the stage of that name, else the first one of the kind that its words mean, else "".

    Where the board has no stage of the kind, one is to be made.
    """
    stages = stages_of(pipeline_id)
    return {word: _guess_state(word, stages) for word in words} if stages else {}


def _guess_state(word: str, stages: list[Stage]) -> str:
    key = search_key(word)
    for stage in stages:
        if key in {search_key(stage.name_fa), search_key(stage.name_en)}:
            return str(stage.id)
    kind = next((kind for kind, signs in _KINDS if any(search_key(sign) in key for sign in signs)), "")
    if kind in {"", CLOSED}:
        return kind
    found = next((stage for stage in stages if stage.kind == kind), None)
    if found is None and kind == "resolved":
        found = next((stage for stage in stages if stage.kind in SUCCESS_KINDS), None)
    return str(found.id) if found else f"{NEW}{kind}"


def guess_priorities(words: Iterable[str]) -> dict[str, int]:
    """For each word or rank (1 is the most urgent) one of the four priorities; what means nothing is normal."""
    return {word: _guess_priority(search_key(word)) for word in words}


def _guess_priority(key: str) -> int:
    for priority, signs in _PRIORITIES:
        if any(search_key(sign) in key.split() or (len(sign) > 3 and search_key(sign) in key) for sign in signs):
            return priority
    rank = _RANK.match(key)
    return max(5 - int(rank[1]), 1) if rank else 2
