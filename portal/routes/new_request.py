"""A new request: what it is about, whether the answer is known already, and the form. Each step has its own address, so
that the page works without scripts."""

from typing import Any
from uuid import uuid4

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import DomainError, is_partial
from app.extensions import db
from app.forms import refuse
from app.i18n import _
from cards.promises.clock import expected_answer
from knowledge.queries import faq_by_department
from pipelines.models import Department
from portal.access import signed_in
from portal.blueprint import bp
from portal.forms import RequestForm, uploads
from portal.queries.orders import find_own_order, own_orders
from portal.serialisers import department_of, line_name, order_choice_of
from portal.services.requests import file_request


@bp.get("/requests/new")
def new_request() -> ResponseReturnValue:
    form = RequestForm(request.args, op_id=str(uuid4()))
    page = _page(form, writes="write" in request.args)
    return render_template("portal/_new_steps.html" if is_partial() else "portal/new_request.html", form=form, **page)


@bp.post("/requests")
def create_request() -> ResponseReturnValue:
    form = RequestForm.from_request()
    department = _department(form.department.data)
    if form.department.data and department is None:
        form.department.process_errors = [_("Please choose what this is about.")]
    if not form.validate() or department is None:
        return refuse(form, "portal/new_request.html", **_page(form, writes=True))
    try:
        card = file_request(
            signed_in(), department, title=form.title.data or "", body=form.body.data or "",
            files=uploads(form.files.data), order_number=form.order.data or "", line_place=form.line.data,
            op_id=form.op_id.data or "",
        )  # fmt: skip
    except DomainError as error:
        db.session.rollback()
        if error.field == "order":
            # What is not theirs is not kept among what was typed either.
            form.order.data = form.line.data = None
        return refuse(form, "portal/new_request.html", error=error, **_page(form, writes=True))
    db.session.commit()
    return redirect(url_for("portal.show_request", code=card.code, sent=1), 303)


def _department(slug: str | None) -> Department | None:
    return db.session.scalar(Department.in_portal().where(Department.slug == slug)) if slug else None


def _page(form: RequestForm, *, writes: bool) -> dict[str, Any]:
    """The three steps as far as they are reached. `writes`: the customer has read the answers and goes on."""
    contact = signed_in()
    rows = list(db.session.scalars(Department.in_portal()))
    chosen = next((row for row in rows if row.slug == form.department.data), rows[0] if len(rows) == 1 else None)
    faq = faq_by_department([chosen.id])[chosen.id] if chosen else []
    shows_form = chosen is not None and (writes or not faq)
    orders = own_orders(contact) if shows_form else []
    number, place = form.order.data, form.line.data
    expected = expected_answer(chosen) if chosen and shows_form else None
    about = find_own_order(contact, number) if number and place else None
    return {
        "departments": [department_of(row) for row in rows],
        "chosen": department_of(chosen, faq) if chosen else None,
        "shows_form": shows_form,
        "orders": [order_choice_of(row) for row in orders],
        "expected": expected,
        "about": line_name(about, place or 0) if about else "",
    }
