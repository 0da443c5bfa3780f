"""Products and stock for programs."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from app.api.access import me
from app.api.lists import rows_of
from app.api.resource import Answer, Resource
from app.errors import DomainError, NotFound
from app.extensions import db
from app.i18n import _
from app.links import external
from app.policies import require
from app.text import ascii_digits, clean_line
from orders.api.shapes.products import (
    NewProduct,
    NewStockMove,
    ProductAnswer,
    ProductChanges,
    ProductFilters,
    ProductList,
    WarehouseAnswer,
    WarehouseList,
)
from orders.models import Product, StockLevel, Warehouse
from orders.policies import can_manage_products, can_move_stock
from orders.queries import matches_product, warehouses
from orders.services import archive_product, create_product, move_stock, restore_product, set_stock, update_product

bp = Resource("products", __name__, tag="Products")


def get_product(sku: str) -> Product:
    """The product with this code, archived or not; `NotFound` when there is none."""
    query = sa.select(Product).where(Product.sku == ascii_digits(sku))
    product = db.session.scalar(query.options(selectinload(Product.levels).joinedload(StockLevel.warehouse)))
    if product is None:
        raise NotFound
    return product


def shown(product: Product) -> Answer:
    return Answer(ProductAnswer.of(product), location=external(f"/api/v1/products/{product.sku}"))


@bp.operation("GET", "/products", scope="products:read", summary="List products", query=ProductFilters,
              answer=ProductList)  # fmt: skip
def list_products(query: ProductFilters) -> ProductList:
    """Products that fit every filter, with their stock."""
    is_archived = Product.archived_at.is_not(None)
    found = sa.select(Product).where(is_archived if query.archived else ~is_archived)
    if query.q:
        found = found.where(matches_product(query.q))
    if query.sku is not None:
        found = found.where(Product.sku == ascii_digits(clean_line(query.sku)))
    if query.external_id is not None:
        found = found.where(Product.external_id == clean_line(query.external_id))
    rows, following = rows_of(found.options(selectinload(Product.levels)), Product.id, query)
    return ProductList(items=[ProductAnswer.of(row) for row in rows], next=following)


@bp.operation("POST", "/products", scope="products:write", summary="Add a product", body=NewProduct, status=201,
              answer=ProductAnswer)  # fmt: skip
def create_product_(body: NewProduct) -> Answer:
    """The token's user is a manager."""
    require(can_manage_products(me()))
    return shown(create_product(by=me(), **body.model_dump()))


@bp.operation("GET", "/products/<sku>", scope="products:read", summary="Read a product", answer=ProductAnswer)
def show_product(sku: str) -> Answer:
    """A product with its stock, archived or not."""
    return shown(get_product(sku))


@bp.operation("PATCH", "/products/<sku>", scope="products:write", summary="Change a product", body=ProductChanges,
              answer=ProductAnswer)  # fmt: skip
def change_product(sku: str, body: ProductChanges) -> Answer:
    """Change what is sent; orders keep the name and price of their day. The token's user is a manager."""
    product = get_product(sku)
    require(can_manage_products(me()))
    update_product(product, by=me(), **body.given())
    return shown(product)


@bp.operation("GET", "/warehouses", scope="products:read", summary="List warehouses", answer=WarehouseList)
def list_warehouses() -> WarehouseList:
    """Places where stock lies."""
    return WarehouseList(items=[
        WarehouseAnswer(id=row.id, name_fa=row.name_fa, name_en=row.name_en) for row in warehouses()
    ])  # fmt: skip


@bp.operation("POST", "/products/<sku>/stock-moves", scope="products:write", summary="Record stock",
              body=NewStockMove, answer=ProductAnswer)  # fmt: skip
def create_stock_move(sku: str, body: NewStockMove) -> Answer:
    """What came, what went, or what was counted; with the reason."""
    product = get_product(sku)
    require(can_move_stock(me()))
    place = db.session.get(Warehouse, body.warehouse_id)
    if place is None:
        raise DomainError(_("There is no such warehouse."), code="unknown", field="warehouse_id")
    if body.act == "count":
        set_stock(product, place, body.quantity, reason=body.reason, by=me())
    else:
        units = body.quantity if body.act == "in" else -body.quantity
        move_stock(product, place, units, reason=body.reason, by=me())
    db.session.expire(product, ["levels"])
    return shown(product)


@bp.operation("POST", "/products/<sku>/archival", scope="products:write", summary="Archive a product",
              answer=ProductAnswer)  # fmt: skip
def create_product_archival(sku: str) -> Answer:
    """Sell it no more; orders that hold it stay. The token's user is a manager."""
    product = get_product(sku)
    require(can_manage_products(me()))
    archive_product(product, by=me())
    return shown(product)


@bp.operation("POST", "/products/<sku>/restoration", scope="products:write", summary="Bring a product back",
              answer=ProductAnswer)  # fmt: skip
def create_product_restoration(sku: str) -> Answer:
    """Sell it again. The token's user is a manager."""
    product = get_product(sku)
    require(can_manage_products(me()))
    restore_product(product, by=me())
    return shown(product)
