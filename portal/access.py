"""Who is looking: the signed-in customer, and the guard that closes every page of the portal but the listed ones."""

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from flask import Flask, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import joinedload
from werkzeug.local import LocalProxy

from app.auth import sessions
from app.auth.models import PORTAL
from app.auth.services import safe_next
from app.errors import is_partial, problem, wants_json
from app.extensions import db
from app.i18n import _, set_viewer_source
from contacts.models import Contact
from portal.serialisers import Me, me_of

F = TypeVar("F", bound=Callable[..., Any])
_open: set[Callable[..., Any]] = set()


def find_contact() -> Contact | None:
    """The signed-in customer with their memberships; None when signed out or archived. Two queries a request."""
    row = sessions.current_session(PORTAL)
    if row is None:
        return None
    if g.get("portal_contact", (0, None))[0] != row.id:
        g.portal_contact = (row.id, db.session.scalars(_by_id(), {"id": row.contact_id}).unique().one_or_none())
    return cast("Contact | None", g.portal_contact[1])


@cache
def _by_id() -> sa.Select[Contact]:
    query = sa.select(Contact).options(joinedload(Contact.memberships))
    return query.where(Contact.id == sa.bindparam("id", type_=sa.Integer), Contact.archived_at.is_(None))


def signed_in() -> Contact:
    """The customer of a page behind the guard."""
    contact = find_contact()
    if contact is None:
        raise LookupError("a page without the guard asked for its customer")
    return contact


def _me() -> Me | None:
    contact = find_contact()
    return me_of(contact) if contact else None


current_contact = cast("Contact", LocalProxy(find_contact))


def open_to_all(view: F) -> F:
    """Let a page be read without signing in. Put it below the route's decorator."""
    _open.add(view)
    return view


def require_contact() -> ResponseReturnValue | None:
    """Let customers in; send others to sign in (pages) or answer 401 (scripts and partials)."""
    from flask import current_app

    if current_app.view_functions.get(request.endpoint or "") in _open or find_contact() is not None:
        return None
    if wants_json() or is_partial():
        return problem(401, "unauthenticated", _("Please sign in first."))
    if request.method not in {"GET", "HEAD"}:
        return redirect(url_for("portal.sign_in"), 303)
    return redirect(url_for("portal.sign_in", next=request.full_path.rstrip("?")), 303)


def next_page() -> str:
    """Where to go after signing in: the page of the portal that was asked for, else the first one."""
    home = url_for("portal.home")
    target = safe_next(home)
    return target if target.startswith("/portal/") else home


def _language() -> str | None:
    contact = find_contact()
    return contact.language if contact else None


def init_app(app: Flask) -> None:
    """Tell the kernel who reads portal pages, and note the use of their sessions after each answer."""
    set_viewer_source(_language)
    # Templates only ever meet what the serialiser allows.
    app.jinja_env.globals["current_contact"] = LocalProxy(_me)

    @app.teardown_request
    def touch(_error: BaseException | None) -> None:
        row = g.get(f"session_{PORTAL}")
        if row is not None:
            sessions.touch(row)
