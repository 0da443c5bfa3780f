"""Where a sign-in leads: to work, or to the step that is still to be taken."""

from flask import make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.auth import throttle
from app.auth.models import Session, SignInStep
from app.auth.services import safe_next
from app.extensions import db
from app.navigation import start_page
from app.users.models import User

PAGES = {"code": "second_step.show", "set_up": "second_step.show_set_up"}


def go_on(row: Session | SignInStep) -> ResponseReturnValue:
    """The answer after a right proof; `next` is taken along."""
    wanted = request.values.get("next") or None
    if isinstance(row, SignInStep):
        return redirect(url_for(PAGES[row.kind], next=wanted), 303)
    user = db.session.get_one(User, row.user_id)
    response = make_response(redirect(safe_next(start_page(user)), 303))
    throttle.mark_device(response, user.email)
    return response
