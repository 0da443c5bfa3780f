"""Input of sign-in, reset, invitation and confirmation."""

from dataclasses import replace

from wtforms import BooleanField, Field, HiddenField, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length, ValidationError

from app.auth.proofs import Proof
from app.forms import EmailField, Form
from app.i18n import _, _l

LONGEST_ANSWER = 16_000


class SignInForm(Form):
    email = EmailField(_l("E-mail"), [InputRequired(_l("Please enter your e-mail address."))])
    password = PasswordField(_l("Password"), [InputRequired(_l("Please enter your password.")), Length(max=200)])
    next = HiddenField()


class ResetRequestForm(Form):
    email = EmailField(_l("E-mail"), [InputRequired(_l("Please enter your e-mail address."))])


class PasswordForm(Form):
    password = PasswordField(_l("New password"), [InputRequired(_l("Please choose a password.")), Length(max=200)])
    again = PasswordField(_l("Once more"), [EqualTo("password", _l("The two passwords differ."))])


class ProofForm(Form):
    """A proof of who sits here: one of these. Which of them a page offers, it knows itself."""

    confirm_password = PasswordField(_l("Password"))
    confirm_code = StringField(_l("Code of the app, or a recovery code"), [Length(max=40)])
    # What a passkey answers, put in by the page's script.
    confirm_passkey = HiddenField(_l("Passkey"), [Length(max=LONGEST_ANSWER)])

    @property
    def proof(self) -> Proof:
        return Proof(self.confirm_password.data or "", self.confirm_code.data or "", self.confirm_passkey.data or "")


class ConfirmationForm(ProofForm):
    """A proof; what waits for it travels beside it."""

    confirm_next = HiddenField()
    confirm_again = HiddenField()

    def validate_confirm_password(self, field: Field) -> None:
        if self.proof == Proof():
            raise ValidationError(_("Please enter your password."))


class SecondStepForm(ProofForm):
    """The second proof; a password is none."""

    remember = BooleanField(_l("Do not ask in this browser for 30 days"))
    next = HiddenField()

    @property
    def proof(self) -> Proof:
        return replace(super().proof, password="")

    def validate_confirm_code(self, field: Field) -> None:
        if self.proof == Proof():
            raise ValidationError(_("Please enter the code."))


class CodeForm(Form):
    """The first code of an app that is being set up."""

    code = StringField(_l("Code of the app"), [InputRequired(_l("Please enter the code.")), Length(max=20)])
    next = HiddenField()
