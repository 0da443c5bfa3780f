"""What people type about orders, parcels, bills, products and stock."""

from __future__ import annotations

import re
from typing import Any, Self

from wtforms import fields
from wtforms.validators import InputRequired, Length, ValidationError

from app.dates import in_digits
from app.forms import DigitsIntegerField, Form, JalaliDateField, MoneyField, SelectField
from app.i18n import _, _l
from app.phones import show_phone
from app.text import ascii_digits
from contacts.forms import NamedField
from contacts.models import Company, Contact
from contacts.services.changes import NAME_LENGTH
from orders.models import Order, Product
from orders.models.invoice import METHODS
from orders.models.order import CHANNELS
from orders.models.shipment import CARRIERS
from orders.queries import find_product
from orders.services.ordering import MOST_LINES, Delivery, NewLine
from orders.totals import MOST_QUANTITY, WHOLE

# A browser names the act of sending, so that sent twice it is done once.
OP_ID_LENGTH = 64


class ProductField(fields.StringField):
    """A product by name or code; a hidden field beside it carries the id that a list offered. `found` is the row."""

    found: Product | None = None

    def pre_validate(self, form: Any) -> None:
        if not self.data:
            return
        self.found = find_product(form["product_id"].data or "", self.data)
        if self.found is None:
            raise ValidationError(_("There is no product of exactly this name or code. Please choose from the list."))


class PercentField(DigitsIntegerField):
    """A rate typed in percent, as hundredths of a percent: 9 or 9.5 in any digits."""

    def parse(self, text: str) -> int:
        bare = ascii_digits(text).replace("٫", ".").replace("/", ".").rstrip("%٪ ")
        match = re.fullmatch(r"([0-9]{1,3})(?:\.([0-9]{1,2}))?", bare)
        if match is None:
            raise ValueError(_("Write a percentage in digits, like 10."))
        rate = int(match[1]) * 100 + int((match[2] or "0").ljust(2, "0"))
        if rate > WHOLE:
            raise ValueError(_("A rate is between 0 and 100 percent."))
        return rate

    def show(self, data: int) -> str:
        whole, part = divmod(data, 100)
        return super().show(whole) if not part else f"{super().show(whole)}٫{f'{part:02d}'.rstrip('0')}"


class LineForm(Form):
    """A product of an order. A line without a product is no line."""

    product = ProductField(_l("Product"), [Length(max=200)])
    product_id = fields.HiddenField(validators=[Length(max=20)])
    quantity = DigitsIntegerField(_l("Quantity"), least=1, most=MOST_QUANTITY, default=1)
    discount = MoneyField(_l("Discount"))

    def validate_discount(self, field: MoneyField) -> None:
        product = self.product.found
        if field.data and not self.product.data:
            raise ValidationError(_("Choose the product first."))
        if field.data and product and field.data > product.price_rials * (self.quantity.data or 1):
            raise ValidationError(_("The discount is larger than the price."))


class DeliveryForm(Form):
    """Where an order goes, and by when."""

    recipient = fields.StringField(_l("Recipient"), [Length(max=NAME_LENGTH)])
    recipient_phone = fields.StringField(_l("Recipient's phone"), [Length(max=40)], render_kw={"type": "tel"})
    address = fields.TextAreaField(_l("Address"), [Length(max=600)], render_kw={"rows": 2})
    promised_on = JalaliDateField(_l("Promised for"))
    reason = fields.StringField(_l("Why the promise changes"), [Length(max=200)])

    @classmethod
    def of(cls, order: Order) -> Self:
        """The form as the order stands."""
        return cls(recipient=order.recipient, recipient_phone=in_digits(show_phone(order.recipient_phone)),
                   address=order.address, promised_on=order.promised_on)  # fmt: skip

    def delivery(self, shipping_rials: int = 0) -> Delivery:
        """What was typed, for the verb."""
        return Delivery(
            recipient=self.recipient.data or "", recipient_phone=self.recipient_phone.data or "",
            address=self.address.data or "", promised_on=self.promised_on.data, shipping_rials=shipping_rials,
        )  # fmt: skip


class OrderForm(DeliveryForm):
    """A new order."""

    contact = NamedField(_l("Customer"), [InputRequired(), Length(max=NAME_LENGTH)], model=Contact)
    contact_code = fields.HiddenField(validators=[Length(max=20)])
    company = NamedField(_l("For the company"), [Length(max=NAME_LENGTH)], model=Company)
    company_code = fields.HiddenField(validators=[Length(max=20)])
    pipeline_id = SelectField(_l("Board"), coerce=int)
    channel = SelectField(_l("How it was ordered"), choices=list(CHANNELS.items())[:-1], default="phone")
    lines = fields.FieldList(fields.FormField(LineForm), _l("Products"), min_entries=1, max_entries=MOST_LINES)
    shipping = MoneyField(_l("Shipping"))
    op_id = fields.HiddenField(validators=[Length(max=OP_ID_LENGTH)])

    def validate_lines(self, _field: fields.Field) -> None:
        if not self.new_lines:
            raise ValidationError(_("Add at least one product."))

    @property
    def new_lines(self) -> list[NewLine]:
        """The lines that name a product, for the verb."""
        rows = [entry.form for entry in self.lines]
        return [NewLine(row.product.found, row.quantity.data or 1, discount_rials=row.discount.data or 0)
                for row in rows if row.product.found]  # fmt: skip


class ShipmentForm(Form):
    """A parcel; `for_order` adds a field of units for each line that is not shipped yet."""

    carrier = SelectField(_l("Carrier"), choices=list(CARRIERS.items()), default="post")
    carrier_name = fields.StringField(_l("Name of the carrier"), [Length(max=80)],
                                      description=_l("When it is another one."))  # fmt: skip
    tracking_code = fields.StringField(_l("Tracking code"), [Length(max=60)], render_kw={"dir": "ltr"})
    warehouse_id = SelectField(_l("From the warehouse"), coerce=int, choices=[])
    op_id = fields.HiddenField(validators=[Length(max=OP_ID_LENGTH)])

    @classmethod
    def for_order(cls, order: Order, places: list[tuple[int, str]]) -> type[ShipmentForm]:
        """The form with the order's open lines, everything that is left filled in, and the warehouses."""
        own: dict[str, Any] = {}
        for line in (line for line in order.lines if line.left_quantity > 0):
            left = line.left_quantity
            own[f"units_{line.id}"] = DigitsIntegerField(line.name, least=0, most=left, default=left)
        choices = [(0, _("Leave the stock as it is")), *places]
        own["warehouse_id"] = SelectField(_l("From the warehouse"), coerce=int, choices=choices, default=0)
        return type("ShipmentForm", (cls,), own)

    @property
    def unit_fields(self) -> list[Any]:
        return [field for field in self if field.name.startswith("units_")]

    @property
    def quantities(self) -> dict[int, int]:
        """Units by line id; lines that are not in the parcel are left out."""
        return {int(field.name.removeprefix("units_")): field.data for field in self.unit_fields if field.data}


class TrackingCodeForm(Form):
    """The code that the carrier gave later."""

    tracking_code = fields.StringField(_l("Tracking code"), [InputRequired(), Length(max=60)], render_kw={"dir": "ltr"})


class ShipmentEventForm(Form):
    """What happened to a parcel."""

    text = fields.StringField(_l("What happened"), [InputRequired(), Length(max=200)])
    is_delivered = fields.BooleanField(_l("It is delivered"))


class InvoiceForm(Form):
    """By when an invoice is due."""

    due_on = JalaliDateField(_l("Due on"))


class PaymentForm(Form):
    """Money that came in."""

    amount = MoneyField(_l("Amount"), [InputRequired()], least=1)
    method = SelectField(_l("How it was paid"), choices=list(METHODS.items()), default="gateway")
    reference = fields.StringField(_l("Reference"), [Length(max=80)], render_kw={"dir": "ltr"})
    op_id = fields.HiddenField(validators=[Length(max=OP_ID_LENGTH)])


class ProductForm(Form):
    """What we sell."""

    sku = fields.StringField(_l("Code"), [InputRequired(), Length(max=60)], render_kw={"dir": "ltr"})
    name = fields.StringField(_l("Name"), [InputRequired(), Length(max=200)])
    name_en = fields.StringField(_l("Name in English"), [Length(max=200)], render_kw={"dir": "ltr"})
    price_rials = MoneyField(_l("Price without tax"), [InputRequired()])
    vat_rate = PercentField(_l("Value added tax, percent"), [InputRequired()], default=1000)

    @property
    def facts(self) -> dict[str, Any]:
        return {"sku": self.sku.data, "name": self.name.data, "name_en": self.name_en.data or "",
                "price_rials": self.price_rials.data, "vat_rate": self.vat_rate.data}  # fmt: skip


class StockForm(Form):
    """What came, what went, or what was counted."""

    warehouse_id = SelectField(_l("Warehouse"), coerce=int, choices=[])
    act = SelectField(_l("What is this?"), choices=[("in", _l("Came in")), ("out", _l("Went out")),
                                                    ("count", _l("Counted: this many lie there"))])  # fmt: skip
    quantity = DigitsIntegerField(_l("Quantity"), [InputRequired()], least=0, most=1_000_000)
    reason = fields.StringField(_l("Why"), [InputRequired(), Length(max=200)])


class WarehouseForm(Form):
    """A place where stock lies."""

    name_fa = fields.StringField(_l("Name in Persian"), [InputRequired(), Length(max=80)])
    name_en = fields.StringField(_l("Name in English"), [Length(max=80)], render_kw={"dir": "ltr"})


class LinkForm(Form):
    """The order that a request is about."""

    order = fields.StringField(_l("Order number"), [InputRequired(), Length(max=40)], render_kw={"dir": "ltr"})
