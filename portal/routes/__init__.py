"""Pages of the portal, one module a noun."""

from portal.routes import account, brand, help, home, new_request, orders, requests, search, sign_in, surveys  # noqa: A004, F401
