"""What customers may know: frozen values with an allow-list of fields. Templates of the portal get these, never models.

Each function takes what a query of the portal has already filtered and copies single fields by name.
"""

from portal.serialisers.basics import Account, Department, Faq, Me, account_of, agent_name, department_of, me_of
from portal.serialisers.orders import Order, OrderChoice, OrderRow, line_name, order_choice_of, order_of, order_row_of
from portal.serialisers.requests import Entry, File, Promise, Request, RequestRow, request_of, request_row_of
from portal.serialisers.steps import Step, steps_of
from portal.serialisers.surveys import Survey, survey_of

__all__ = [
    "Account", "Department", "Entry", "Faq", "File", "Me", "Order", "OrderChoice", "OrderRow", "Promise", "Request",
    "RequestRow", "Step", "Survey", "account_of", "agent_name", "department_of", "line_name", "me_of",
    "order_choice_of", "order_of", "order_row_of", "request_of", "request_row_of", "steps_of", "survey_of",
]  # fmt: skip
