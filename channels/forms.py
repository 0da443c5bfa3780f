"""Input of the message settings."""

from wtforms import PasswordField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from app.forms import DigitsIntegerField, EmailField, Form, SelectField
from app.i18n import _, _l
from channels.mail import SECURITY

SECURITY_LABELS = {"starttls": _l("STARTTLS (usual, port 587)"), "tls": _l("TLS from the start (port 465)"),
                   "none": _l("No encryption (only inside one machine)")}  # fmt: skip


class MailServerForm(Form):
    """An empty password keeps the one that is stored."""

    host = StringField(_l("Server"), [Length(max=255)])
    port = DigitsIntegerField(_l("Port"), [InputRequired(_l("Please enter the port.")), NumberRange(1, 65535)])
    security = SelectField(_l("Encryption"), choices=[(key, SECURITY_LABELS[key]) for key in SECURITY])
    user = StringField(_l("User name"), [Length(max=255)])
    password = PasswordField(_l("Password"), [Length(max=500)])
    sender = EmailField(_l("Sender address"))

    def validate_sender(self, field: EmailField) -> None:
        if self.host.data and not field.data:
            raise ValidationError(_("Please enter the address that customers see as the sender."))


class TestMailForm(Form):
    to = EmailField(_l("Send a test message to"), [InputRequired(_l("Please enter an e-mail address."))])


class TextsForm(Form):
    """Own texts for one occasion; an empty one means the built-in text."""

    fa = TextAreaField(_l("Persian text"), [Length(max=1000)])
    en = TextAreaField(_l("English text"), [Length(max=1000)])
