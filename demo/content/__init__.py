"""The content of the demo as plain data; `demo.content.shapes` says how to read it."""

from demo.content.business import BUSINESS
from demo.content.companies import COMPANIES
from demo.content.deals import DEALS
from demo.content.departments import DEPARTMENTS
from demo.content.orders import ORDERS
from demo.content.people import PEOPLE, PORTAL_SIGN_INS
from demo.content.pipelines import PIPELINES
from demo.content.products import PRODUCTS, WAREHOUSES
from demo.content.staff import STAFF, TEAMS
from demo.content.tickets import TICKETS

__all__ = [
    "BUSINESS",
    "COMPANIES",
    "DEALS",
    "DEPARTMENTS",
    "ORDERS",
    "PEOPLE",
    "PIPELINES",
    "PORTAL_SIGN_INS",
    "PRODUCTS",
    "STAFF",
    "TEAMS",
    "TICKETS",
    "WAREHOUSES",
]
