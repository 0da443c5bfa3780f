"""A person's data: the archive of it, and forgetting it."""

from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.auth.recent import require_recent
from app.errors import DomainError, NotFound
from app.extensions import db
from app.forms import refuse
from app.i18n import _
from app.policies import require
from contacts.forms import ErasureForm, ExportForm
from contacts.models import Contact, DataExport
from contacts.policies import can_erase, can_export
from contacts.privacy import erasing
from contacts.routes.people import bp, get_contact
from contacts.services import privacy

EXPORTS, ERASURE = "contacts/exports.html", "contacts/erasure.html"
SHOWN = 20


@bp.get("/<code>/exports")
def exports(code: str) -> ResponseReturnValue:
    contact = get_contact(code)
    require(can_export(current_user, contact))
    return render_template(EXPORTS, form=ExportForm(data={"language": contact.language}), **_exports(contact))


def _exports(contact: Contact) -> dict[str, Any]:
    query = sa.select(DataExport).where(DataExport.contact_id == contact.id).order_by(DataExport.id.desc())
    return {"contact": contact, "rows": db.session.scalars(query.limit(SHOWN)).all()}


@bp.post("/<code>/exports")
def create_export(code: str) -> ResponseReturnValue:
    contact = get_contact(code)
    require(can_export(current_user, contact))
    require_recent()
    form = ExportForm.from_request()
    if not form.validate():
        return refuse(form, EXPORTS, **_exports(contact))
    privacy.ask_export(contact, language=str(form.language.data), by=current_user)
    db.session.commit()
    flash(_("The archive is being made. It will be here in a moment."))
    return redirect(url_for("contacts.exports", code=contact.code), 303)


@bp.post("/<code>/exports/<file_code>/download")
def create_download(code: str, file_code: str) -> ResponseReturnValue:
    """The archive. Not by its address alone: that somebody took it is a fact."""
    contact = get_contact(code)
    require(can_export(current_user, contact))
    query = sa.select(DataExport).where(DataExport.contact_id == contact.id, DataExport.code == file_code)
    row = db.session.scalar(query)
    if row is None:
        raise NotFound
    privacy.fetch_export(contact, row, by=current_user)
    db.session.commit()
    return send_file(row.path.resolve(), mimetype="application/zip", as_attachment=True,
                     download_name=f"{contact.code}.zip", max_age=0)  # fmt: skip


@bp.get("/<code>/erasure")
def erasure(code: str) -> ResponseReturnValue:
    contact = get_contact(code)
    require(can_erase(current_user))
    return render_template(ERASURE, form=ErasureForm(), **_erasure(contact))


def _erasure(contact: Contact) -> dict[str, Any]:
    found = privacy.find_erasure(contact)
    if found is not None:
        return {"contact": contact, "erasure": found}
    return {"contact": contact, "erasure": None, "going": erasing.preview(contact),
            "staying": erasing.staying(contact), "blocks": erasing.blocks(contact)}  # fmt: skip


@bp.post("/<code>/erasure")
def create_erasure(code: str) -> ResponseReturnValue:
    contact = get_contact(code)
    require(can_erase(current_user))
    require_recent()
    form = ErasureForm.from_request()
    if not form.validate():
        return refuse(form, ERASURE, **_erasure(contact))
    try:
        privacy.erase_contact(contact, typed_code=str(form.code.data), by=current_user)
    except DomainError as error:
        db.session.rollback()
        return refuse(form, ERASURE, error=error, **_erasure(contact))
    db.session.commit()
    return redirect(url_for("contacts.erasure", code=contact.code), 303)
