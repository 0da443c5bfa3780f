"""Setting how long an answer may take."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from app import events
from app.calendars.kept import renew
from app.errors import DomainError
from app.events import Actor, record
from app.extensions import db
from app.i18n import _
from cards.models import PRIORITIES, Target

events.define("targets.changed")


def set_targets(wanted: Mapping[tuple[int | None, int | None], int], *, by: Actor | None) -> None:
    """Keep exactly these targets: open minutes by (department or None, priority or None).

    They count for promises that are made from then on; what was promised stands. Raises a `DomainError` for a priority
    that does not exist or a length that is none.
    """
    if any(priority is not None and priority not in PRIORITIES for _department, priority in wanted):
        raise DomainError(_("There is no such priority."), code="unknown")
    if any(minutes <= 0 for minutes in wanted.values()):
        raise DomainError(_("A target needs some working time."), code="range")
    rows = {(row.department_id, row.priority): row for row in db.session.scalars(sa.select(Target))}
    before = {key: row.minutes for key, row in rows.items()}
    if before == dict(wanted):
        return
    for key in before.keys() - wanted.keys():
        db.session.delete(rows[key])
    for key, minutes in wanted.items():
        if key in rows:
            rows[key].minutes = minutes
        else:
            db.session.add(Target(department_id=key[0], priority=key[1], minutes=minutes))
    db.session.flush()
    record("targets.changed", None, by=by, data={"from": _listed(before), "to": _listed(wanted)})
    renew()


def _listed(targets: Mapping[tuple[int | None, int | None], int]) -> list[list[int | None]]:
    return [[*key, targets[key]] for key in sorted(targets, key=lambda key: (key[0] or 0, key[1] or 0))]
