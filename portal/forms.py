"""What customers type. Fields that are not listed here cannot be set from outside."""

from collections.abc import Sequence
from typing import Any

from werkzeug.datastructures import FileStorage
from wtforms import HiddenField, IntegerField, MultipleFileField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.forms import DigitsField, EmailField, Form, RadioField
from app.i18n import _, _l
from app.phones import parse_mobile, show_phone
from app.text import ascii_digits
from cards.services.opening import TITLE_LENGTH

OP_LENGTH = 36


class PointField(EmailField):
    """A mobile number as E.164, or an e-mail address in lower case."""

    def parse(self, text: str) -> str:
        number = parse_mobile(text)
        if number is not None:
            return number
        try:
            return super().parse(text)
        except ValueError:
            raise ValueError(_("Write a mobile number like 0912 345 6789, or an e-mail address.")) from None

    def show(self, data: str) -> str:
        return show_phone(data)


class AddressForm(Form):
    address = PointField(
        _l("Mobile number or e-mail"), [InputRequired(_l("Please enter your mobile number or e-mail address."))]
    )
    next = HiddenField(validators=[Length(max=500)])


class CodeForm(Form):
    code = DigitsField(_l("The code"), [InputRequired(_l("Please enter the code that we sent."))], length=6)
    next = HiddenField(validators=[Length(max=500)])


class AnswerForm(Form):
    answer = StringField(_l("Answer"), [InputRequired(_l("Please fill this in.")), Length(max=120)])
    next = HiddenField(validators=[Length(max=500)])


class RequestForm(Form):
    department = HiddenField(
        _l("What is it about?"), [InputRequired(_l("Please choose what this is about.")), Length(max=80)]
    )
    title = StringField(_l("Title"), [InputRequired(_l("Please write a title; a few words are enough.")),
                                      Length(max=TITLE_LENGTH)])  # fmt: skip
    body = TextAreaField(_l("What happened?"), [InputRequired(_l("Please tell us in a few words what happened."))])
    order = StringField(_l("Which order?"), [Optional(), Length(max=60)])
    line = IntegerField(validators=[Optional(), NumberRange(min=1, max=10_000)])
    files = MultipleFileField(_l("Photo or file"))
    op_id = HiddenField(validators=[Length(max=OP_LENGTH)])


class MessageForm(Form):
    body = TextAreaField(_l("Your message"))
    files = MultipleFileField(_l("Photo or file"))
    op_id = HiddenField(validators=[Length(max=OP_LENGTH)])


def uploads(sent: Sequence[Any] | None) -> list[FileStorage]:
    """The files among what a field of files received."""
    return [upload for upload in sent or () if isinstance(upload, FileStorage) and upload.filename]


def score_field(label: str) -> RadioField:
    """A score of 1 to 5, none when it is left out."""
    return RadioField(label, choices=[(str(value), str(value)) for value in range(1, 6)], validators=[Optional()],
                      coerce=_as_score)  # fmt: skip


def _as_score(value: Any) -> str | None:
    return ascii_digits(str(value)) if value else None


class SurveyForm(Form):
    speed = score_field(_l("How fast did we answer?"))
    usefulness = score_field(_l("How useful was the answer?"))
    behaviour = score_field(_l("How did we treat you?"))
    comment = TextAreaField(_l("Anything else you would like to tell us?"), [Optional(), Length(max=2000)])

    def scores(self) -> dict[str, int | None]:
        """Each score by its name; None where none was given."""
        fields: Sequence[Any] = (self.speed, self.usefulness, self.behaviour)
        return {field.name: int(field.data) if field.data else None for field in fields}
