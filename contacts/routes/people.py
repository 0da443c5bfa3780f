"""Pages of people: the list, a new one, the 360 page, and what changes the person's own record."""

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.auth.guards import require_staff
from app.errors import DomainError, NotFound, is_partial
from app.extensions import db
from app.filters import digits
from app.forms import refuse
from app.i18n import _
from app.phones import show_phone
from app.policies import require
from app.text import clean_line
from contacts.forms import NewContactForm, ProfileForm
from contacts.models import Contact
from contacts.pages import page_of_contact
from contacts.policies import can_archive, can_edit
from contacts.queries import choices_of_contacts, contact_with_points, page_of_contacts
from contacts.services import add_membership, archive_contact, create_contact, restore_contact, update_contact

bp = Blueprint("contacts", __name__, url_prefix="/contacts")
bp.before_request(require_staff)


def get_contact(code: str) -> Contact:
    """The contact with this code, archived or not; 404 when there is none."""
    contact = contact_with_points(current_user, code)
    if contact is None:
        raise NotFound
    return contact


def back_to(contact: Contact, tab: str = "data") -> ResponseReturnValue:
    return redirect(url_for("contacts.show", code=contact.code, tab=tab), 303)


@bp.get("")
def index() -> ResponseReturnValue:
    text, archived = clean_line(request.args.get("q")), "archived" in request.args
    page = page_of_contacts(current_user, text, request.args.get("after"), archived=archived)
    return render_template("contacts/index.html", page=page, q=text, archived=archived)


@bp.get("/choices")
def choices() -> ResponseReturnValue:
    """What a field offers while a name or a number is typed."""
    found = choices_of_contacts(current_user, text) if (text := clean_line(request.args.get("q"))) else []
    return jsonify([{"value": contact.code, "label": contact.shown_name, "hint": _hint(contact)} for contact in found])


def _hint(contact: Contact) -> str:
    company = next((membership.company.shown_name for membership in contact.active_memberships), None)
    # The groups of a number keep their order inside a Persian line.
    reached = f"\u2066{digits(show_phone(contact.mobile))}\u2069" if contact.mobile else contact.email
    return "، ".join(filter(None, (company, reached)))


@bp.get("/new")
def new() -> ResponseReturnValue:
    return render_template("contacts/new.html", form=NewContactForm(request.args))


@bp.post("")
def create() -> ResponseReturnValue:
    form = NewContactForm.from_request()
    if not form.validate():
        return refuse(form, "contacts/new.html")
    try:
        contact = create_contact(by=current_user, points=form.points, **form.facts)
        if form.company.found:
            add_membership(contact, form.company.found, title=form.title.data or "", by=current_user)
    except DomainError as error:
        db.session.rollback()
        return refuse(form, "contacts/new.html", error=error)
    db.session.commit()
    return redirect(url_for("contacts.show", code=contact.code), 303)


@bp.get("/<code>")
def show(code: str) -> ResponseReturnValue:
    context = page_of_contact(get_contact(code), request.args.get("tab", ""))
    if is_partial():
        return context["content"]() or ""
    return render_template("contacts/show.html", **context)


@bp.post("/<code>/profile")
def create_profile(code: str) -> ResponseReturnValue:
    contact = get_contact(code)
    require(can_edit(current_user, contact))
    form = ProfileForm.from_request()
    if not form.validate():
        return refuse(form, "contacts/show.html", **page_of_contact(contact, profile=form))
    try:
        update_contact(contact, by=current_user, **form.facts)
    except DomainError as error:
        db.session.rollback()
        return refuse(form, "contacts/show.html", error=error, **page_of_contact(contact, profile=form))
    db.session.commit()
    flash(_("Saved."))
    return back_to(contact)


@bp.post("/<code>/archival")
def create_archival(code: str) -> ResponseReturnValue:
    contact = get_contact(code)
    require(can_archive(current_user, contact))
    archive_contact(contact, by=current_user)
    db.session.commit()
    flash(_("%(name)s is in the archive now.", name=contact.shown_name))
    return back_to(contact, "timeline")


@bp.post("/<code>/restoration")
def create_restoration(code: str) -> ResponseReturnValue:
    contact = get_contact(code)
    require(can_archive(current_user, contact))
    restore_contact(contact, by=current_user)
    db.session.commit()
    flash(_("%(name)s is back.", name=contact.shown_name))
    return back_to(contact, "timeline")
