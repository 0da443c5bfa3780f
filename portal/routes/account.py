"""The customer's own details, language and open sessions."""

import sqlalchemy as sa
from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.auth import sessions
from app.auth.models import PORTAL, Session
from app.events import record
from app.extensions import db
from app.i18n import LANGUAGE_COOKIE, LOCALES, _, forget_viewer
from app.links import own_path
from app.pages import YEAR_SECONDS
from contacts.models import ContactPoint
from contacts.services import update_contact
from portal.access import find_contact, open_to_all, signed_in
from portal.blueprint import bp
from portal.serialisers import account_of


@bp.get("/account")
def account() -> ResponseReturnValue:
    points = sa.select(ContactPoint).where(ContactPoint.contact_id == signed_in().id).order_by(ContactPoint.id)
    return render_template("portal/account.html", account=account_of(signed_in(), db.session.scalars(points)))


@bp.post("/language")
@open_to_all
def choose_language() -> ResponseReturnValue:
    language = request.form.get("language", "")
    language = language if language in LOCALES else "fa"
    contact = find_contact()
    if contact is not None:
        update_contact(contact, by=contact, language=language)
        db.session.commit()
    back = own_path(request.form.get("back"), "")
    response = make_response(redirect(back if back.startswith("/portal/") else url_for("portal.home"), 303))
    response.set_cookie(LANGUAGE_COOKIE, language, max_age=YEAR_SECONDS, samesite="Lax", secure=request.is_secure)
    return response


@bp.post("/sign-out-everywhere")
def end_all_sessions() -> ResponseReturnValue:
    query = sa.select(Session).where(Session.contact_id == signed_in().id, Session.ended_at.is_(None))
    rows = db.session.scalars(query).all()
    sessions.end(rows)
    record("contact.signed_out", signed_in(), by=signed_in(), data={"others": len(rows) - 1})
    sessions.sign_out(PORTAL)
    forget_viewer()
    flash(_("You are signed out on every device."))
    db.session.commit()
    return redirect(url_for("portal.sign_in"), 303)
