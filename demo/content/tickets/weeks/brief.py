"""Short stories: a question, an answer, an end, perhaps an opinion. Most requests of a shop are like that."""

from collections.abc import Sequence
from typing import NamedTuple

from demo.content.shapes import Card, Closing, Moved, Replied, Survey

# The last of them ended before the grace time; the first is six weeks old.
NEWEST_HOURS, OLDEST_HOURS = 110, 1008
# Hours to the first look, to the answer and to the end, in turn: people are not equally quick every day.
PACES = ((0.4, 0.3, 6), (1.5, 0.6, 20), (0.2, 0.1, 1.5), (3, 1, 30), (0.8, 2, 9), (14, 0.5, 4), (0.3, 5, 40))


class Brief(NamedTuple):
    """`marks`: speed, usefulness, behaviour; None: no opinion."""

    key: str
    contact: str
    title: str
    text: str
    department: str
    assignee: str
    tag: str
    reply: str
    done: str
    marks: tuple[int, int, int] | None
    comment: str = ""


def told(briefs: Sequence[Brief]) -> tuple[Card, ...]:
    """The stories as cards, spread evenly over the six weeks, the first of them the newest."""
    step = (OLDEST_HOURS - NEWEST_HOURS) / max(len(briefs) - 1, 1)
    return tuple(_card(brief, number, NEWEST_HOURS + number * step) for number, brief in enumerate(briefs))


def _card(brief: Brief, number: int, age_hours: float) -> Card:
    look, answer, end = PACES[number % len(PACES)]
    # Two of five do not answer, unless they have something to say.
    speaks = brief.comment or number % 5 not in {1, 3}
    survey = Survey(2 + number % 5, *brief.marks, brief.comment) if brief.marks and speaks else None
    return Card(
        brief.key, "support", brief.contact, brief.title, brief.text,
        # A little aside of the full hour, or all of them would seem to come by the clock.
        round(age_hours + (number * 37 % 60) / 60, 2),
        department=brief.department, assignee=brief.assignee, tags=(brief.tag,),
        channel=("portal", "portal", "phone", "portal", "email")[number % 5], priority=(2, 1, 2, 3, 2, 2)[number % 6],
        steps=(
            Moved(look, brief.assignee, "review"),
            Replied(answer, brief.assignee, brief.reply),
            Closing(end, brief.assignee, "resolved", brief.done),
        ),
        survey=survey,
    )  # fmt: skip
