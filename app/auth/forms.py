"""Input of sign-in, reset, invitation and confirmation."""

from wtforms import HiddenField, PasswordField
from wtforms.validators import EqualTo, InputRequired, Length

from app.auth.proofs import Proof
from app.forms import EmailField, Form
from app.i18n import _l


class SignInForm(Form):
    email = EmailField(_l("E-mail"), [InputRequired(_l("Please enter your e-mail address."))])
    password = PasswordField(_l("Password"), [InputRequired(_l("Please enter your password.")), Length(max=200)])
    next = HiddenField()


class ResetRequestForm(Form):
    email = EmailField(_l("E-mail"), [InputRequired(_l("Please enter your e-mail address."))])


class PasswordForm(Form):
    password = PasswordField(_l("New password"), [InputRequired(_l("Please choose a password.")), Length(max=200)])
    again = PasswordField(_l("Once more"), [EqualTo("password", _l("The two passwords differ."))])


class ConfirmationForm(Form):
    """A proof of who sits here; what waits for it travels beside it."""

    confirm_password = PasswordField(_l("Password"), [InputRequired(_l("Please enter your password."))])
    confirm_next = HiddenField()
    confirm_again = HiddenField()

    @property
    def proof(self) -> Proof:
        return Proof(password=self.confirm_password.data or "")
