"""Answers to what is asked often, for everybody."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.extensions import db
from app.text import clean_line
from knowledge.queries import faq_by_department, matching
from pipelines.models import Department
from portal.access import open_to_all
from portal.blueprint import bp
from portal.serialisers import department_of

LONGEST_QUESTION = 100


@bp.get("/help")
@open_to_all
def help() -> ResponseReturnValue:  # noqa: A001
    text = clean_line(request.args.get("q"))[:LONGEST_QUESTION]
    rows = list(db.session.scalars(Department.in_portal()))
    faq = faq_by_department(row.id for row in rows)
    found = {row.id: matching(faq[row.id], text) if text else faq[row.id] for row in rows}
    departments = [department_of(row, found[row.id]) for row in rows if found[row.id]]
    return render_template("portal/help.html", departments=departments, q=text)
