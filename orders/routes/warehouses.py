"""Places where stock lies."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.auth.guards import require_staff
from app.extensions import db
from app.forms import refuse
from app.i18n import _
from app.policies import require
from orders.forms import WarehouseForm
from orders.policies import can_manage_products
from orders.queries import page_of_products, warehouses
from orders.services import add_warehouse

bp = Blueprint("warehouses", __name__, url_prefix="/warehouses")
bp.before_request(require_staff)


@bp.post("")
def create() -> ResponseReturnValue:
    require(can_manage_products(current_user))
    form = WarehouseForm.from_request()
    if not form.validate():
        return refuse(form, "orders/products.html", page=page_of_products(), q="", archived=False, places=warehouses(),
                      can_manage=True)  # fmt: skip
    add_warehouse(str(form.name_fa.data), form.name_en.data or "", by=current_user)
    db.session.commit()
    flash(_("Saved."))
    return redirect(url_for("products.index"), 303)
