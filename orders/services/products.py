"""What we sell, at which price, and where it lies."""

from __future__ import annotations

import re
from typing import Any, TypedDict, Unpack

import sqlalchemy as sa

from app import events
from app.clock import utcnow
from app.errors import DomainError
from app.events import Actor, record
from app.extensions import db
from app.i18n import _
from app.locks import hold
from app.money import MOST_RIALS
from app.text import ascii_digits, clean_line, search_key
from orders.models import Product, Warehouse
from orders.totals import WHOLE

events.define("product.created", "product.updated", "product.archived", "product.restored", "warehouse.added")
NAME_LENGTH = 200


class ProductFacts(TypedDict, total=False):
    """What is kept of a product. The price is of one unit in rials without tax, the rate in hundredths of a percent."""

    sku: str
    name: str
    name_en: str
    price_rials: int
    vat_rate: int
    external_id: str | None


def create_product(*, by: Actor | None, silent: bool = False, **facts: Unpack[ProductFacts]) -> Product:
    """A new product. Raises a `DomainError` naming the field that is wrong."""
    cleaned = _checked(facts, None)
    for name in ("sku", "name", "price_rials"):
        if name not in cleaned:
            raise DomainError(_("Please fill this in."), code="empty", field=name)
    product = Product(sku=cleaned["sku"], price_rials=cleaned["price_rials"], vat_rate=cleaned.get("vat_rate", 1000),
                      external_id=cleaned.get("external_id"))  # fmt: skip
    product.rename(cleaned["name"], cleaned.get("name_en", ""))
    db.session.add(product)
    db.session.flush()
    record(
        "product.created", product, by=by, silent=silent, data={"sku": product.sku, "price_rials": product.price_rials}
    )
    return product


def update_product(product: Product, *, by: Actor | None, **facts: Unpack[ProductFacts]) -> None:
    """Change a product; orders keep the name and price of their day. Equal values change and record nothing."""
    hold(product)
    cleaned = _checked(facts, product)
    changed = {name: value for name, value in cleaned.items() if getattr(product, name) != value}
    if not changed:
        return
    before = {name: getattr(product, name) for name in changed}
    for name, value in changed.items():
        setattr(product, name, value)
    product.rename(product.name, product.name_en)
    db.session.flush()
    record("product.updated", product, by=by, data={"from": before, "to": changed})


def _checked(facts: ProductFacts, known: Product | None) -> dict[str, Any]:
    cleaned: dict[str, Any] = dict(facts)
    for name in ("sku", "name", "name_en"):
        if name in cleaned:
            cleaned[name] = clean_line(cleaned[name])
            if len(cleaned[name]) > NAME_LENGTH:
                sentence = _("This is too long. Use at most %(max)s characters.", max=NAME_LENGTH)
                raise DomainError(sentence, code="too_long", field=name)
    if "external_id" in cleaned:
        cleaned["external_id"] = clean_line(cleaned["external_id"] or "") or None
    for name in ("sku", "name"):
        if name in cleaned and not cleaned[name]:
            raise DomainError(_("Please fill this in."), code="empty", field=name)
    if "sku" in cleaned:
        cleaned["sku"] = _checked_sku(cleaned["sku"], known)
    if not 0 <= cleaned.get("price_rials", 0) <= MOST_RIALS:
        raise DomainError(_("The amount is too small or too large."), code="amount", field="price_rials")
    if not 0 <= cleaned.get("vat_rate", 0) <= WHOLE:
        raise DomainError(_("A rate is between 0 and 100 percent."), code="rate", field="vat_rate")
    return cleaned


def _checked_sku(sku: str, known: Product | None) -> str:
    sku = ascii_digits(sku)
    if not re.fullmatch(r"[\w\-./ ]{1,60}", sku):
        sentence = _("A product code has letters, digits, hyphens and dots, at most 60 of them.")
        raise DomainError(sentence, code="invalid", field="sku")
    taken = db.session.scalar(sa.select(Product.id).where(Product.sku == sku))
    if taken is not None and (known is None or known.id != taken):
        raise DomainError(_("Another product has this code already."), code="taken", field="sku")
    return sku


def archive_product(product: Product, *, by: Actor | None) -> None:
    """Sell it no more; orders that hold it stay as they are."""
    if product.archived_at is None:
        product.archived_at = utcnow()
        db.session.flush()
        record("product.archived", product, by=by)


def restore_product(product: Product, *, by: Actor | None) -> None:
    """Sell it again."""
    if product.archived_at is not None:
        product.archived_at = None
        db.session.flush()
        record("product.restored", product, by=by)


def add_warehouse(name_fa: str, name_en: str = "", *, by: Actor | None) -> Warehouse:
    """A place where stock lies; a name that is there already is that place."""
    name_fa, name_en = clean_line(name_fa)[:80], clean_line(name_en)[:80]
    if not name_fa:
        raise DomainError(_("Please write the name."), code="empty", field="name_fa")
    key = search_key(name_fa)
    known = [row for row in db.session.scalars(sa.select(Warehouse)) if search_key(row.name_fa) == key]
    if known:
        return known[0]
    warehouse = Warehouse(name_fa=name_fa, name_en=name_en)
    db.session.add(warehouse)
    db.session.flush()
    record("warehouse.added", None, by=by, data={"warehouse": warehouse.id, "name": name_fa})
    return warehouse
