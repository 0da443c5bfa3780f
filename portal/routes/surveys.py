"""The question for an opinion: its link opens without signing in, and opens nothing else."""

from flask import Response, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.errors import DomainError, NotFound
from app.extensions import db
from app.forms import refuse
from cards import surveys
from cards.models import Card, Survey
from contacts.models import Contact
from portal.access import open_to_all
from portal.blueprint import bp
from portal.forms import SurveyForm
from portal.serialisers import survey_of


@bp.get("/surveys/<token>")
@open_to_all
def survey(token: str) -> ResponseReturnValue:
    row, card = _get_survey(token)
    shown = survey_of(row, card)
    return _unnamed(make_response(render_template("portal/survey.html", form=SurveyForm(), survey=shown, token=token)))


@bp.post("/surveys/<token>")
@open_to_all
def create_answer_of_survey(token: str) -> ResponseReturnValue:
    row, card = _get_survey(token)
    form = SurveyForm.from_request()
    if not form.validate():
        return refuse(form, "portal/survey.html", survey=survey_of(row, card), token=token)
    try:
        contact = db.session.get_one(Contact, row.contact_id)
        surveys.answer(row, card, by=contact, comment=form.comment.data or "", **form.scores())
    except DomainError as error:
        db.session.rollback()
        row, card = _get_survey(token)
        return refuse(form, "portal/survey.html", error=error, survey=survey_of(row, card), token=token)
    db.session.commit()
    return redirect(url_for("portal.survey", token=token), 303)


def _get_survey(token: str) -> tuple[Survey, Card]:
    """The survey of a link and its request; `NotFound` when it is wrong, too old, or the request is not theirs now."""
    row = surveys.find(token)
    card = db.session.get_one(Card, row.card_id)
    if card.contact_id != row.contact_id or card.is_internal:
        raise NotFound
    return row, card


def _unnamed(response: Response) -> Response:
    # The token is in the address: it must not travel on in a Referer.
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
