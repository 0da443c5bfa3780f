"""Who acts for which company, from the person's page."""

from flask import flash, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.errors import DomainError, NotFound
from app.extensions import db
from app.forms import refuse
from app.i18n import _
from app.policies import require
from contacts.forms import MembershipForm, RightsForm
from contacts.models import Contact, Membership
from contacts.pages import page_of_contact
from contacts.policies import can_edit
from contacts.routes.people import back_to, bp, get_contact
from contacts.services import add_membership, change_membership, end_membership


def get_membership(contact: Contact, membership_id: int) -> Membership:
    """This contact's membership with this id; 404 for others'."""
    membership = next((row for row in contact.memberships if row.id == membership_id), None)
    if membership is None:
        raise NotFound
    return membership


@bp.post("/<code>/memberships")
def create_membership(code: str) -> ResponseReturnValue:
    contact = get_contact(code)
    require(can_edit(current_user, contact))
    form = MembershipForm.from_request()
    if not form.validate():
        return refuse(form, "contacts/show.html", **page_of_contact(contact, membership=form))
    try:
        add_membership(contact, form.company.found, by=current_user, **form.facts)
    except DomainError as error:
        db.session.rollback()
        return refuse(form, "contacts/show.html", error=error, **page_of_contact(contact, membership=form))
    db.session.commit()
    flash(_("Saved."))
    return back_to(contact)


@bp.get("/<code>/memberships/<int:membership_id>")
def show_membership(code: str, membership_id: int) -> ResponseReturnValue:
    contact = get_contact(code)
    membership = get_membership(contact, membership_id)
    return render_template("contacts/membership.html", contact=contact, membership=membership,
                           form=RightsForm(obj=membership), can_edit=can_edit(current_user, contact))  # fmt: skip


@bp.post("/<code>/memberships/<int:membership_id>/rights")
def create_rights(code: str, membership_id: int) -> ResponseReturnValue:
    contact = get_contact(code)
    require(can_edit(current_user, contact))
    membership = get_membership(contact, membership_id)
    form = RightsForm.from_request()
    if not form.validate():
        return refuse(form, "contacts/membership.html", contact=contact, membership=membership, can_edit=True)
    change_membership(membership, by=current_user, **form.facts)
    db.session.commit()
    flash(_("Saved."))
    return back_to(contact)


@bp.post("/<code>/memberships/<int:membership_id>/ending")
def create_ending(code: str, membership_id: int) -> ResponseReturnValue:
    contact = get_contact(code)
    require(can_edit(current_user, contact))
    end_membership(get_membership(contact, membership_id), by=current_user)
    db.session.commit()
    flash(_("Ended as of today."))
    return back_to(contact)
