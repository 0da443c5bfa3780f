"""One's own account."""

from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, Field, PasswordField, StringField
from wtforms.fields import TimeField
from wtforms.validators import EqualTo, InputRequired, Length, Optional

from app.forms import EmailField, Form, RadioField
from app.i18n import _l
from app.notifications import kinds
from app.settings_pages.forms.business import LANGUAGES


class ProfileForm(Form):
    """How one is called and looks. Role, e-mail and teams are not among it."""

    picture = FileField(_l("Picture"))
    removes_picture = BooleanField(_l("Remove the picture"))
    name = StringField(_l("Name"), [InputRequired(_l("Please enter a name.")), Length(max=80)])
    name_en = StringField(_l("Name in English"), [Length(max=80)])
    display_name = StringField(_l("Name for customers"), [Length(max=40)])


class DisplayForm(Form):
    """How pages look to oneself."""

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


class AddressForm(Form):
    email = EmailField(_l("New e-mail address"), [InputRequired(_l("Please enter an e-mail address."))])


class PasswordChangeForm(Form):
    current = PasswordField(_l("Present password"), [InputRequired(_l("Please enter your present password."))])
    password = PasswordField(_l("New password"), [InputRequired(_l("Please choose a password.")), Length(max=200)])
    again = PasswordField(_l("Once more"), [EqualTo("password", _l("The two passwords differ."))])


class NoticesForm(Form):
    """How one hears of each kind; the fields of the kinds are added by `notices_form`."""

    quiet_from = TimeField(_l("No mail from"), [Optional()])
    quiet_until = TimeField(_l("until"), [Optional()])

    @property
    def chosen(self) -> list[Field]:
        """The fields of the kinds, in order."""
        return [field for field in self if field.name.startswith("kind_")]

    @property
    def levels(self) -> dict[str, str]:
        return {field.name.removeprefix("kind_"): str(field.data) for field in self.chosen}

    @property
    def quiet(self) -> tuple[str | None, str | None]:
        first, last = self.quiet_from.data, self.quiet_until.data
        return (f"{first:%H:%M}" if first else None, f"{last:%H:%M}" if last else None)


def notices_form() -> type[NoticesForm]:
    """The form with a choice for each kind of news."""
    silent = ("nothing", _l("Not at all"))
    rest = (("bell", _l("In the app")), ("mail", _l("In the app and by mail")))
    fields: dict[str, Any] = {
        f"kind_{kind.name}": RadioField(kind.label, choices=(silent, *rest) if kind.can_be_silent else rest)
        for kind in kinds()
    }
    return type("NoticesFormOfKinds", (NoticesForm,), fields)
