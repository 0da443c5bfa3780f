"""Carrying out a plan in short transactions, so that nobody at work waits for it. A dry run is the same, undone."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from itertools import islice

from sqlalchemy.exc import IntegrityError

from app.errors import DomainError
from app.events import Actor
from app.extensions import db
from app.i18n import _
from imports.facts import Fault, Item, Reader, Refused
from imports.kinds.base import Counts, Work
from imports.plans import LINES, MAIN, Plan
from imports.reading import BadRow
from imports.services.tracking import Tracker

# So many records are read between two transactions, and so long may one transaction last.
BATCH = 200
HOLD_SECONDS = 0.04
# Writers that wait for their turn look again in steps; without a rest they would hardly ever meet a free moment.
REST_SECONDS = 0.02
FAULTY = ("rows", "faulty")


@dataclass
class Step:
    """What one transaction did: items and rows, what became of them, and what is wrong."""

    items: int = 0
    rows: int = 0
    counts: Counts = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)

    def add(self, item: Item, counts: Counts, faults: list[Fault]) -> None:
        self.items += 1
        self.rows += item.rows
        self.counts += counts
        self.counts[FAULTY] += len({(fault.role, fault.row) for fault in faults})
        self.faults += faults


Keep = Callable[[Step], None]


def run(
    plan: Plan, *, by: Actor | None, is_dry: bool, keep: Keep, skip: int = 0, tracker: Tracker | None = None
) -> None:
    """Carry the plan out; `keep` is told of each step inside its transaction (a dry run's is undone before).

    `skip` items were done by an earlier attempt. `tracker` notes what is made and changed. Commits.
    """
    work = plan.kind.work(plan, by)
    readers = {role: Reader(plan, role) for role in plan.sources}
    items = iter(plan.kind.items(plan))
    for item in islice(items, skip):
        _noticed(work, item)
    is_begun = False
    with tracker.listening() if tracker else nullcontext():
        while batch := deque(islice(items, BATCH)):
            while batch:
                # What is made at the beginning of a dry run is gone with each step.
                step = _step(work, readers, batch, tracker, begins=is_dry or not is_begun)
                is_begun = True
                if is_dry:
                    db.session.rollback()
                keep(step)
                db.session.commit()
                time.sleep(REST_SECONDS)


def _noting(tracker: Tracker | None) -> AbstractContextManager[None]:
    return tracker.item() if tracker else nullcontext()


def _step(work: Work, readers: dict[str, Reader], batch: deque[Item], tracker: Tracker | None, *, begins: bool) -> Step:
    """Do items until the batch or the time is used up."""
    step, until = Step(), time.monotonic() + HOLD_SECONDS
    if tracker:
        tracker.begin_step()
    if begins:
        with _noting(tracker):
            work.begin()
    while batch and (not step.items or time.monotonic() < until):
        item = batch.popleft()
        refused = _noticed(work, item)
        faults = item.faults or ([_fault(readers, item, refused)] if refused else [])
        if faults:
            step.add(item, Counter(), faults)
            continue
        try:
            with _noting(tracker), db.session.begin_nested():
                counts = work.apply(item)
        except Refused as error:
            step.add(item, Counter(), [_fault(readers, item, error)])
        except DomainError as error:
            step.add(item, Counter(), [_fault(readers, item, Refused(error.message))])
        except IntegrityError:
            sentence = _("Somebody recorded the same at this very moment. Import the file once more.")
            step.add(item, Counter(), [_fault(readers, item, Refused(sentence))])
        else:
            step.add(item, counts, [])
    if tracker:
        tracker.write()
    return step


def _noticed(work: Work, item: Item) -> Refused | None:
    """Let the work see every record, also one that is not done now. Answers why it is refused."""
    if isinstance(item.row, BadRow) or not item.rows:
        return None
    try:
        work.notice(item)
    except Refused as refused:
        return refused
    return None


def _fault(readers: dict[str, Reader], item: Item, refused: Refused) -> Fault:
    if refused.line is not None:
        role = LINES if LINES in readers else MAIN
        return readers[role].fault(refused.line.row, refused.sentence, refused.field)
    return readers[MAIN].fault(item.row, refused.sentence, refused.field)
