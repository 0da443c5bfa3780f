"""Signing in with a one-time code, and out."""

from typing import Any

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from app.auth import sessions
from app.auth.models import PORTAL
from app.errors import DomainError
from app.events import record
from app.extensions import db
from app.forms import refuse
from portal.access import find_contact, next_page, open_to_all
from portal.blueprint import bp
from portal.forms import AddressForm, AnswerForm, CodeForm
from portal.models import Code
from portal.services import codes, identity

# The browser's half of the code it asked for, in the signed cookie.
COOKIE_KEY = "portal_code"


def _browser() -> str:
    return str(session.get(COOKIE_KEY, ""))


@bp.get("/sign-in")
@open_to_all
def sign_in() -> ResponseReturnValue:
    if find_contact() is not None:
        return redirect(next_page(), 303)
    return render_template("portal/sign_in.html", form=AddressForm(next=request.args.get("next", "")))


@bp.post("/sign-in")
@open_to_all
def create_code() -> ResponseReturnValue:
    form = AddressForm.from_request()
    if not form.validate():
        return refuse(form, "portal/sign_in.html")
    point = str(form.address.data)
    try:
        browser = codes.ask("email" if "@" in point else "mobile", point, instead_of=_browser())
    except DomainError as error:
        return refuse(form, "portal/sign_in.html", error=error)
    db.session.commit()
    session[COOKIE_KEY] = browser
    return redirect(url_for("portal.code", next=next_page()), 303)


@bp.get("/sign-in/code")
@open_to_all
def code() -> ResponseReturnValue:
    row = codes.waiting(_browser())
    if row is None:
        return redirect(url_for("portal.sign_in", next=next_page()), 303)
    return render_template("portal/sign_in_code.html", form=CodeForm(next=next_page()), point=row.point)


@bp.post("/sign-in/code")
@open_to_all
def create_session() -> ResponseReturnValue:
    form = CodeForm.from_request()
    row = codes.waiting(_browser())
    context: dict[str, Any] = {"point": row.point if row else ""}
    if not form.validate():
        return refuse(form, "portal/sign_in_code.html", **context)
    try:
        entered = codes.redeem(_browser(), str(form.code.data))
        question = identity.question_after(entered)
    except DomainError as error:
        # The try counts, whatever came of it.
        db.session.commit()
        return refuse(form, "portal/sign_in_code.html", error=error, **context)
    if question.contact is None or question.kind:
        db.session.commit()
        return redirect(url_for("portal.question", next=next_page()), 303)
    identity.let_in(entered, question.contact, question)
    db.session.commit()
    return redirect(next_page(), 303)


def _entered() -> tuple[Code, identity.Question]:
    """The code that was entered a moment ago and what is asked after it. Raises a `DomainError` when that is over."""
    row = codes.passed(_browser())
    if row is None:
        raise codes.no_longer_good()
    return row, identity.question_after(row)


@bp.get("/sign-in/question")
@open_to_all
def question() -> ResponseReturnValue:
    try:
        _row, asked = _entered()
    except DomainError:
        return redirect(url_for("portal.sign_in", next=next_page()), 303)
    return render_template("portal/sign_in_question.html", form=AnswerForm(next=next_page()), kind=asked.kind)


@bp.post("/sign-in/question")
@open_to_all
def create_answer() -> ResponseReturnValue:
    form = AnswerForm.from_request()
    row, asked = _entered()
    if not form.validate():
        return refuse(form, "portal/sign_in_question.html", kind=asked.kind)
    try:
        contact = identity.answer(row, asked, str(form.answer.data))
        identity.let_in(row, contact, asked)
    except DomainError as error:
        db.session.commit()
        return refuse(form, "portal/sign_in_question.html", error=error, kind=asked.kind)
    db.session.commit()
    return redirect(next_page(), 303)


@bp.post("/sign-out")
@open_to_all
def end_session() -> ResponseReturnValue:
    contact = find_contact()
    sessions.sign_out(PORTAL)
    if contact is not None:
        record("contact.signed_out", contact, by=contact)
    db.session.commit()
    return redirect(url_for("portal.sign_in"), 303)
