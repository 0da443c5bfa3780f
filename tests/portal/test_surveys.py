"""What the customer thought of it, by a link that opens nothing else."""

from datetime import timedelta

import pytest

from app.clock import freeze, utcnow
from app.extensions import db
from cards.models import Survey
from cards.services import resolve
from cards.surveys import token_for
from tests.conftest import event_names
from tests.portal.looking import snapshot


def asked(world, sara, **kwargs):
    """A finished request and the address of its survey."""
    card = world.card(assignee=sara, **kwargs)
    resolve(card, world.stage("Resolved"), cause="", solution="انجام شد", by=sara)
    db.session.commit()
    return card, f"/portal/surveys/{token_for(survey_of(card))}"


def survey_of(card):
    return db.session.query(Survey).filter_by(card_id=card.id).one()


def test_three_scores_and_a_word(client, world, sara):
    """H2: without signing in."""
    card, url = asked(world, sara)
    page = client.get(url)
    assert page.status_code == 200
    assert card.title in page.text
    assert "سارا" in page.text
    answer = client.post(url, data={"speed": "5", "usefulness": "۴", "behaviour": "5", "comment": "ممنون از شما"})
    assert answer.status_code == 303
    assert "سپاسگزاریم" in client.get(url).text
    row = survey_of(card)
    assert (row.speed, row.usefulness, row.behaviour, row.comment) == (5, 4, 5, "ممنون از شما")
    assert event_names()[-1] == "survey.answered"


def test_the_link_opens_nothing_but_the_survey(client, world, sara):
    """P12: it signs nobody in."""
    card, url = asked(world, sara)
    client.get(url)
    assert client.get(f"/portal/requests/{card.code}").status_code == 303
    assert card.code not in client.get(url).text
    assert client.get(url).headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_at_it_commits_nothing(client, world, sara, method):
    """P12: scanners of links answer no surveys."""
    _card, url = asked(world, sara)
    before = snapshot()
    client.open(f"{url}?speed=1&usefulness=1&behaviour=1", method=method)
    assert snapshot() == before


def test_one_answer_stands(client, world, sara):
    """P12: open twice, answer twice."""
    card, url = asked(world, sara)
    client.post(url, data={"speed": "5"})
    assert client.post(url, data={"speed": "1"}).status_code == 409
    assert survey_of(card).speed == 5


def test_it_ends_after_thirty_days(client, world, sara):
    """P12."""
    card, url = asked(world, sara)
    with freeze(utcnow() + timedelta(days=31)):
        assert client.get(url).status_code == 404
        assert client.post(url, data={"speed": "1"}).status_code == 404
    assert survey_of(card).speed is None


def test_the_secret_of_one_does_not_open_another(client, world, sara):
    """P12: T8's id with T7's secret."""
    _card, url = asked(world, sara)
    other, other_url = asked(world, sara, title="دیگری")
    forged = f"/portal/surveys/{survey_of(other).id}-{url.rsplit('-', 1)[1]}"
    assert client.get(forged).status_code == 404
    assert client.post(forged, data={"speed": "1"}).status_code == 404
    assert client.get(other_url).status_code == 200
    assert client.get("/portal/surveys/x").status_code == 404


@pytest.mark.parametrize(
    "scores", [{}, {"speed": "0"}, {"speed": "6"}, {"speed": "ten"}, {"speed": ["1", "2"]}, {"speed": "4.5"}]
)
def test_scores_that_are_none_are_refused(client, world, sara, scores):
    card, url = asked(world, sara)
    answer = client.post(url, data={**scores, "comment": "چه بد شد"})
    assert answer.status_code == 422
    assert "چه بد شد" in answer.text
    assert survey_of(card).answered_at is None
