"""Going straight to a thing by what one knows of it: a code, a number, a telephone. Packages add what they can find."""

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.auth.guards import require_staff
from app.text import clean_line
from app.users.models import User

bp = Blueprint("go", __name__)
bp.before_request(require_staff)

Finder = Callable[[str, User], str | None]
_finders: list[tuple[int, Finder]] = []
LONGEST = 100


def add_finder(order: int, find: Finder) -> None:
    """Offer a way to find a page: the text as typed and who asks, answering an address or None."""
    if all(entry[1] is not find for entry in _finders):
        _finders.append((order, find))
        _finders.sort(key=lambda entry: entry[0])


@bp.get("/go")
def go() -> ResponseReturnValue:
    text = clean_line(request.args.get("q", ""))[:LONGEST]
    for _order, find in _finders if text else ():
        url = find(text, current_user)
        if url:
            return redirect(url, 303)
    return render_template("app/go.html", text=text), 404 if text else 200
