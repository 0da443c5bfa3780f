"""The mail server and its test."""

import secrets

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import events, settings
from app.auth.guards import require_admin
from app.errors import DomainError
from app.events import record
from app.extensions import db
from app.forms import refuse
from app.i18n import _, viewer
from app.vault import seal
from channels import mail
from channels.forms import MailServerForm, TestMailForm

bp = Blueprint("mail_server", __name__, url_prefix="/settings/mail")
bp.before_request(require_admin)
events.define("mail_server.tested")
NAMES = ("host", "port", "security", "user", "sender")
TEMPLATE = "channels/mail.html"


def _form() -> MailServerForm:
    return MailServerForm(data={name: settings.get(f"mail.{name}") for name in NAMES})


@bp.get("")
def show() -> ResponseReturnValue:
    return render_template(TEMPLATE, form=_form(), test=TestMailForm(data={"to": current_user.email}),
                           has_password=bool(settings.get("mail.password")))  # fmt: skip


@bp.post("")
def update() -> ResponseReturnValue:
    form = MailServerForm.from_request()
    if not form.validate():
        return refuse(form, TEMPLATE, test=TestMailForm(), has_password=bool(settings.get("mail.password")))
    for name in NAMES:
        settings.put(f"mail.{name}", form[name].data, by=current_user)
    if form.password.data:
        settings.put("mail.password", seal(form.password.data), by=current_user)
    db.session.commit()
    flash(_("The mail server is saved. Send yourself a test message."))
    return redirect(url_for("mail_server.show"), 303)


@bp.post("/test")
def create_test() -> ResponseReturnValue:
    """Send a message now and say in words how that went."""
    test = TestMailForm.from_request()
    context = {"form": _form(), "has_password": bool(settings.get("mail.password"))}
    server = mail.server()
    if not test.validate():
        return render_template(TEMPLATE, test=test, **context), 422
    if server is None:
        test.take(DomainError(_("Please save a mail server first."), field="to"))
        return render_template(TEMPLATE, test=test, **context), 422
    message = mail.compose(
        str(test.to.data), _("A test message of Kariz"), _("If you can read this, mail from Kariz arrives."),
        sender=server.sender, reference=f"kariz-test-{secrets.token_hex(8)}", language=viewer().locale,
    )  # fmt: skip
    # The slow call must not hold the write lock.
    db.session.rollback()
    delivery = mail.hand_in(message, server)
    record("mail_server.tested", None, by=current_user, data={"to_address": test.to.data, "state": delivery.state})
    db.session.commit()
    if delivery.state != "done":
        test.take(DomainError(_("The server did not take it: %(reason)s", reason=delivery.error), field="to"))
        return render_template(TEMPLATE, test=test, **context), 422
    flash(_("The server took the test message. Look into the mailbox of %(address)s.", address=test.to.data))
    return redirect(url_for("mail_server.show"), 303)
