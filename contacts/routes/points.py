"""Ways to reach a person."""

from flask import flash
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.errors import DomainError, NotFound
from app.extensions import db
from app.forms import refuse
from app.i18n import _
from app.policies import require
from contacts.forms import PointForm
from contacts.models import Contact, ContactPoint
from contacts.pages import page_of_contact
from contacts.policies import can_edit
from contacts.routes.people import back_to, bp, get_contact
from contacts.services import add_point, make_primary, remove_point


def get_point(contact: Contact, point_id: int) -> ContactPoint:
    """This contact's point with this id; 404 for others'."""
    point = next((point for point in contact.points if point.id == point_id), None)
    if point is None:
        raise NotFound
    return point


@bp.post("/<code>/points")
def create_point(code: str) -> ResponseReturnValue:
    contact = get_contact(code)
    require(can_edit(current_user, contact))
    form = PointForm.from_request()
    if not form.validate():
        return refuse(form, "contacts/show.html", **page_of_contact(contact, point=form))
    try:
        add_point(contact, str(form.kind.data), str(form.value.data), label=form.label.data or "",
                  is_shared=bool(form.is_shared.data), by=current_user)  # fmt: skip
    except DomainError as error:
        db.session.rollback()
        return refuse(form, "contacts/show.html", error=error, **page_of_contact(contact, point=form))
    db.session.commit()
    flash(_("Saved."))
    return back_to(contact)


@bp.post("/<code>/points/<int:point_id>/removal")
def create_point_removal(code: str, point_id: int) -> ResponseReturnValue:
    contact = get_contact(code)
    require(can_edit(current_user, contact))
    remove_point(contact, get_point(contact, point_id), by=current_user)
    db.session.commit()
    flash(_("Removed."))
    return back_to(contact)


@bp.post("/<code>/points/<int:point_id>/primacy")
def create_point_primacy(code: str, point_id: int) -> ResponseReturnValue:
    contact = get_contact(code)
    require(can_edit(current_user, contact))
    make_primary(contact, get_point(contact, point_id), by=current_user)
    db.session.commit()
    return back_to(contact)
