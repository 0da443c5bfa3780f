"""One's own account."""

from wtforms import PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from app.forms import Form, RadioField
from app.i18n import _l
from app.settings_pages.forms.business import LANGUAGES


class AccountForm(Form):
    """What colleagues say about themselves. Role, e-mail and teams are not among it."""

    name = StringField(_l("Name"), [InputRequired(_l("Please enter a name.")), Length(max=80)])
    name_en = StringField(_l("Name in English"), [Length(max=80)])
    display_name = StringField(_l("Name for customers"), [Length(max=40)])
    locale = RadioField(_l("Language"), choices=LANGUAGES)
    calendar = RadioField(_l("Calendar"), choices=(("jalali", _l("Jalali")), ("gregorian", _l("Gregorian"))))
    digits = RadioField(_l("Digits"), choices=(("fa", "۱۲۳"), ("latin", "123")))
    theme = RadioField(
        _l("Theme"), choices=(("system", _l("Like the device")), ("light", _l("Light")), ("dark", _l("Dark")))
    )
    board_direction = RadioField(
        _l("Direction of the board"),
        choices=(
            ("auto", _l("As in my language")),
            ("rtl", _l("From right to left")),
            ("ltr", _l("From left to right")),
        ),
    )


class PasswordChangeForm(Form):
    current = PasswordField(_l("Present password"), [InputRequired(_l("Please enter your present password."))])
    password = PasswordField(_l("New password"), [InputRequired(_l("Please choose a password.")), Length(max=200)])
    again = PasswordField(_l("Once more"), [EqualTo("password", _l("The two passwords differ."))])
