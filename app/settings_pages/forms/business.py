"""The business: its names, how customers reach it, and its looks."""

from wtforms import BooleanField, FileField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from app import colors
from app.forms import Form, PhoneField, RadioField
from app.i18n import _, _l

LANGUAGES = (("fa", "فارسی"), ("en", "English"))
UNITS = (("toman", _l("Toman")), ("rial", _l("Rial")))


class BusinessForm(Form):
    name_fa = StringField(_l("Name"), [InputRequired(_l("Please write the name of the business.")), Length(max=80)])
    name_en = StringField(_l("Name in English"), [Length(max=80)])
    phone = PhoneField(_l("Phone shown to customers"), kind="any")
    address_fa = TextAreaField(_l("Address"), [Length(max=400)])
    address_en = TextAreaField(_l("Address in English"), [Length(max=400)])
    language = RadioField(_l("Language of the business"), choices=LANGUAGES)
    unit = RadioField(_l("Amounts are written in"), choices=UNITS)
    color = StringField(_l("Colour"), [InputRequired(_l("Please choose a colour."))])
    logo = FileField(_l("Logo"))
    removes_logo = BooleanField(_l("Remove the logo"))

    def validate_color(self, field: StringField) -> None:
        color = colors.parse_color(field.data)
        if color is None:
            raise ValidationError(_("This is not a colour. Write it like #1f6244."))
        if colors.contrast(color, "#ffffff") < colors.LEAST_CONTRAST:
            raise ValidationError(_("White text cannot be read on this colour. Choose a darker one."))
        field.data = color
