"""Pages of companies: the list, a new one, one company with its people, cards and orders."""

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.auth.guards import require_staff
from app.errors import DomainError, NotFound, is_partial
from app.extensions import db
from app.forms import refuse
from app.i18n import _
from app.policies import require
from app.text import clean_line
from contacts.forms import CompanyForm, PersonForm
from contacts.models import Company
from contacts.pages import page_of_company
from contacts.policies import can_archive, can_edit
from contacts.queries import choices_of_companies, company_with_people, page_of_companies
from contacts.services import add_membership, archive_company, create_company, restore_company, update_company

bp = Blueprint("companies", __name__, url_prefix="/companies")
bp.before_request(require_staff)


def get_company(code: str) -> Company:
    """The company with this code, archived or not; 404 when there is none."""
    company = company_with_people(current_user, code)
    if company is None:
        raise NotFound
    return company


@bp.get("")
def index() -> ResponseReturnValue:
    text, archived = clean_line(request.args.get("q")), "archived" in request.args
    page = page_of_companies(current_user, text, request.args.get("after"), archived=archived)
    return render_template("contacts/companies.html", page=page, q=text, archived=archived)


@bp.get("/choices")
def choices() -> ResponseReturnValue:
    """What a field offers while a name is typed."""
    found = choices_of_companies(current_user, text) if (text := clean_line(request.args.get("q"))) else []
    return jsonify([{"value": row.code, "label": row.shown_name, "hint": row.city} for row in found])


@bp.get("/new")
def new() -> ResponseReturnValue:
    return render_template("contacts/new_company.html", form=CompanyForm(request.args))


@bp.post("")
def create() -> ResponseReturnValue:
    form = CompanyForm.from_request()
    if not form.validate():
        return refuse(form, "contacts/new_company.html")
    try:
        company = create_company(by=current_user, **form.facts)
    except DomainError as error:
        db.session.rollback()
        return refuse(form, "contacts/new_company.html", error=error)
    db.session.commit()
    return redirect(url_for("companies.show", code=company.code), 303)


@bp.get("/<code>")
def show(code: str) -> ResponseReturnValue:
    context = page_of_company(get_company(code), request.args.get("tab", ""))
    if is_partial():
        return context["content"]() or ""
    return render_template("contacts/company.html", **context)


@bp.post("/<code>/profile")
def create_profile(code: str) -> ResponseReturnValue:
    company = get_company(code)
    require(can_edit(current_user, company))
    form = CompanyForm.from_request()
    if not form.validate():
        return refuse(form, "contacts/company.html", **page_of_company(company, "data", profile=form))
    try:
        update_company(company, by=current_user, **form.facts)
    except DomainError as error:
        db.session.rollback()
        return refuse(form, "contacts/company.html", error=error, **page_of_company(company, "data", profile=form))
    db.session.commit()
    flash(_("Saved."))
    return redirect(url_for("companies.show", code=company.code, tab="data"), 303)


@bp.post("/<code>/people")
def create_person(code: str) -> ResponseReturnValue:
    company = get_company(code)
    require(can_edit(current_user, company))
    form = PersonForm.from_request()
    if not form.validate():
        return refuse(form, "contacts/company.html", **page_of_company(company, "people", person=form))
    try:
        add_membership(form.contact.found, company, by=current_user, **form.facts)
    except DomainError as error:
        db.session.rollback()
        error.field = "contact"
        return refuse(form, "contacts/company.html", error=error, **page_of_company(company, "people", person=form))
    db.session.commit()
    flash(_("Saved."))
    return redirect(url_for("companies.show", code=company.code), 303)


@bp.post("/<code>/archival")
def create_archival(code: str) -> ResponseReturnValue:
    company = get_company(code)
    require(can_archive(current_user, company))
    archive_company(company, by=current_user)
    db.session.commit()
    flash(_("%(name)s is in the archive now.", name=company.shown_name))
    return redirect(url_for("companies.show", code=company.code), 303)


@bp.post("/<code>/restoration")
def create_restoration(code: str) -> ResponseReturnValue:
    company = get_company(code)
    require(can_archive(current_user, company))
    restore_company(company, by=current_user)
    db.session.commit()
    flash(_("%(name)s is back.", name=company.shown_name))
    return redirect(url_for("companies.show", code=company.code), 303)
