"""Who can sign in to the demo, and with what."""

from __future__ import annotations

import secrets

from flask import current_app

from app.links import external
from app.phones import show_phone
from app.startup import is_loopback
from demo.content import PORTAL_SIGN_INS
from demo.shop import Shop

# Known to everybody who reads this, so it is used only where nobody else can reach the demo.
OPEN_PASSWORD = "ganjeh-1405"  # noqa: S105
SHOWN = {"parinaz": "admin", "kaveh": "manager", "sara": "support agent", "omid": "sales"}


def choose_password() -> str:
    """The one password of the colleagues: a known one on one's own machine, else a random one that is shown once."""
    config = current_app.config
    is_at_home = config["EMBEDDED"] and not config["PRODUCTION"] and is_loopback(config["HOST"])
    if is_at_home and not config["BASE_URL"] and not config["TRUSTED_PROXIES"]:
        return OPEN_PASSWORD
    return secrets.token_urlsafe(12)


def describe(shop: Shop, password: str) -> str:
    """The sign-ins as they are printed at the first start."""
    lines = [f"A demo shop is loaded. Colleagues sign in at {external('/sign-in')} with the password  {password}", ""]
    for key, role in SHOWN.items():
        user = shop.staff[key]
        lines.append(f"  {user.email:26}{user.name_en}, {role}")
    lines += ["", f"Customers sign in at {external('/portal/')} with a mobile number and a code:", ""]
    for key in PORTAL_SIGN_INS:
        contact = shop.people[key]
        lines.append(f"  {show_phone(contact.mobile or ''):26}{contact.name_en}")
    lines.append("")
    lines.append("No message leaves the demo: the codes are printed here and stand in Settings, Sent messages (admin).")
    lines.append("To begin with an empty Kariz instead: KARIZ_DEMO=0 and another INSTANCE_DIR.")
    return "\n".join(lines)
