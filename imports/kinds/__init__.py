"""What can be imported."""

from imports.kinds.base import Kind
from imports.kinds.companies import Companies
from imports.kinds.contacts import Contacts
from imports.kinds.orders import Orders
from imports.kinds.products import Products
from imports.kinds.tickets import Tickets

KINDS: dict[str, Kind] = {kind.key: kind for kind in (Companies(), Contacts(), Products(), Orders(), Tickets())}

__all__ = ["KINDS", "Kind"]
