"""The first admin and the first words about the business."""

from wtforms import PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from app.forms import EmailField, Form, PhoneField, RadioField
from app.i18n import _l
from app.settings_pages.forms.business import LANGUAGES, UNITS


class FirstAdminForm(Form):
    name = StringField(_l("Your name"), [InputRequired(_l("Please enter your name.")), Length(max=80)])
    email = EmailField(_l("E-mail"), [InputRequired(_l("Please enter your e-mail address."))])
    password = PasswordField(_l("Password"), [InputRequired(_l("Please choose a password.")), Length(max=200)])
    again = PasswordField(_l("Once more"), [EqualTo("password", _l("The two passwords differ."))])


class FirstBusinessForm(Form):
    name_fa = StringField(_l("Name of the business"),
                          [InputRequired(_l("Please write the name of the business.")), Length(max=80)])  # fmt: skip
    name_en = StringField(_l("Name in English"), [Length(max=80)])
    phone = PhoneField(_l("Phone shown to customers"), kind="any")
    language = RadioField(_l("Language of the business"), choices=LANGUAGES)
    unit = RadioField(_l("Amounts are written in"), choices=UNITS)
