"""The question for an opinion."""

from dataclasses import dataclass

from cards.models import Card
from cards.models import Survey as SurveyRow
from portal.serialisers.basics import agent_name


@dataclass(frozen=True, slots=True)
class Survey:
    title: str
    agent: str
    is_answered: bool


def survey_of(row: SurveyRow, card: Card) -> Survey:
    return Survey(card.title, agent_name(card.assignee), row.is_answered)
