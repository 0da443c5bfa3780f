"""The rail: the steps that a customer sees instead of stages. Hidden stages leave no trace in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.clock import utcnow
from app.dates import format_date, format_datetime, in_digits
from app.i18n import _, _n
from cards.models import Card
from portal.queries.steps import StepRow

DONE, NOW, NEXT = "done", "now", "next"


@dataclass(frozen=True, slots=True)
class Step:
    """One well of the rail. `at` is when it was first reached, of the present step since when it lasts."""

    label: str
    state: str  # done, now, next
    explanation: str = ""
    at: datetime | None = None
    expected_on: date | datetime | None = None
    usual_hours: int | None = None
    # Whether we wait for the customer's own answer here.
    asks: bool = False

    @property
    def when(self) -> str:
        """The line under the label."""
        if self.at is not None:
            shown = format_datetime(self.at, "short")
            return _("since %(when)s", when=shown) if self.state == NOW else shown
        return _("expected %(when)s", when=format_date(self.expected_on, "short")) if self.expected_on else ""

    @property
    def hint(self) -> str:
        """How long the step usually takes, while that still matters."""
        if self.state == DONE or not self.usual_hours:
            return ""
        hours = self.usual_hours
        if hours < 24:
            return in_digits(_n("usually %(num)s hour", "usually %(num)s hours", hours))
        return in_digits(_n("usually %(num)s day", "usually %(num)s days", round(hours / 24)))


def steps_of(
    card: Card, rows: Sequence[StepRow], reached: Mapping[int, datetime], *, promised_on: date | None = None
) -> tuple[Step, ...]:
    """The rail of a card. `rows` are its pipeline's steps in order, `reached` the first instants by step id.

    A step that was skipped is left out, a side track and a step that only waits for the customer stand there only for
    those who are or were on it, and "Received" begins the rail where the first stage shows nothing.
    """
    current = next((row for row in rows if row.id == card.portal_step_id), None)
    steps = [Step(row.label, DONE, row.explanation, reached[row.id]) for row in rows if _is_done(row, current, reached)]
    if card.opened_at not in reached.values():
        explanation = _("We have it and will look at it soon.")
        steps.insert(0, Step(_("Received"), DONE if current else NOW, explanation, card.opened_at))
    if current is not None:
        steps.append(Step(
            current.label, DONE if card.is_resolved else NOW, current.explanation, card.portal_step_at,
            usual_hours=current.usual_hours, asks=current.asks and not card.is_resolved,
        ))  # fmt: skip
    if not card.is_resolved:
        steps += _coming([row for row in rows if _is_coming(row, current)], current, card, promised_on)
    return tuple(steps)


def present(steps: Sequence[Step]) -> Step:
    """Where things stand: the present step, or the last one when all is done."""
    return next((step for step in steps if step.state == NOW), steps[-1])


def _is_done(row: StepRow, current: StepRow | None, reached: Mapping[int, datetime]) -> bool:
    if current is None or row.id not in reached or row.id == current.id or row.is_aside:
        return False
    return current.is_aside or row.position < current.position


def _is_coming(row: StepRow, current: StepRow | None) -> bool:
    if row.is_aside or row.asks or not row.is_used or (current is not None and current.is_aside):
        return False
    return current is None or row.position > current.position


def _coming(rows: Sequence[StepRow], current: StepRow | None, card: Card, promised_on: date | None) -> list[Step]:
    """The steps ahead: the first is expected after the usual time of the present one, the last on the promised day."""
    steps = []
    for row in rows:
        expected: date | datetime | None = promised_on if row is rows[-1] else None
        if expected is None and row is rows[0] and current and current.usual_hours and card.portal_step_at:
            soonest = card.portal_step_at + timedelta(hours=current.usual_hours)
            expected = soonest if soonest > utcnow() else None
        steps.append(Step(row.label, NEXT, row.explanation, expected_on=expected, usual_hours=row.usual_hours))
    return steps
