"""Input of the card page."""

from typing import Any

from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, HiddenField, MultipleFileField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from app.forms import (
    DigitsIntegerField,
    EmailField,
    Form,
    JalaliDateField,
    MoneyField,
    PhoneField,
    RadioField,
    SelectField,
    TagsField,
    TimeField,
)
from app.i18n import _, _l
from cards.models import CHANNELS, PRIORITIES
from cards.services.opening import TITLE_LENGTH
from contacts.forms import NamedField
from contacts.models import Contact
from contacts.queries import find_by_point

LONGEST_OP = 64


def uploads(field: MultipleFileField) -> list[FileStorage]:
    """The files that were really sent: an empty input sends one without a name, a forged one a text."""
    return [upload for upload in field.data or () if isinstance(upload, FileStorage) and upload.filename]


class WritingForm(Form):
    """What a note and a reply have in common. `op_id` names the act of writing: sent twice, it is kept once."""

    body = TextAreaField(_l("Text"))
    files = MultipleFileField(_l("Files"))
    op_id = StringField(validators=[Optional(), Length(max=LONGEST_OP)])


class NoteForm(WritingForm):
    # Who may be mentioned is asked by the verb, for the board of that moment.
    mentions = SelectMultipleField(_l("Colleagues"), coerce=int, validate_choice=False)


class ReplyForm(WritingForm):
    last_seen_entry_id = DigitsIntegerField(validators=[Optional()], least=0)
    send_anyway = BooleanField()


class AssignmentForm(Form):
    assignee_id = DigitsIntegerField(_l("Responsible"), [Optional()])
    # Take the card only when nobody else took it meanwhile.
    if_free = BooleanField()


class PriorityForm(Form):
    priority = DigitsIntegerField(_l("Priority"), [InputRequired(_l("Please choose a priority."))])


class TagsForm(Form):
    tags = TagsField(_l("Tags"))


class TitleForm(Form):
    title = StringField(_l("Title"), [InputRequired(_l("Please write a title.")), Length(max=TITLE_LENGTH)])


class PromiseForm(Form):
    """Another time for the next answer, on the clock of the card's calendar, and why: the customer reads it."""

    day = JalaliDateField(_l("Day"), [InputRequired(_l("Please choose a day."))])
    time = TimeField(_l("Time"), [InputRequired(_l("Please choose a time."))])
    reason = TextAreaField(_l("Why? The customer reads this"), [
        InputRequired(_l("Please write why: the customer reads it.")), Length(max=300),
    ])  # fmt: skip


class ReadForm(Form):
    entry_id = DigitsIntegerField(validators=[Optional()], least=0)


class ReopeningForm(Form):
    reason = StringField(_l("Why"), [Optional(), Length(max=200)])


class ClosureForm(Form):
    """What was wrong, what was done, and whether we still know the contact rightly."""

    stage_id = SelectField(_l("Ends as"), coerce=int)
    cause = TextAreaField(_l("What was wrong?"))
    solution = TextAreaField(_l("What was done?"))
    name = StringField(_l("Name"), [Optional(), Length(max=120)])
    mobile = PhoneField(_l("Mobile"), [Optional()])
    email = EmailField(_l("E-mail"), [Optional()])
    op_id = StringField(validators=[Optional(), Length(max=LONGEST_OP)])
    base_version = DigitsIntegerField(validators=[Optional()])
    after_id = DigitsIntegerField(validators=[Optional()])
    before_id = DigitsIntegerField(validators=[Optional()])
    at_end = BooleanField()


class OpeningForm(Form):
    """A card that a colleague opens for a customer who is known, or who is entered on the way."""

    contact = NamedField(_l("Customer"), [Optional(), Length(max=120)], model=Contact)
    contact_code = HiddenField(validators=[Length(max=20)])
    new_name = StringField(_l("Name"), [Optional(), Length(max=120)])
    new_mobile = PhoneField(_l("Mobile"), [Optional()])
    is_other = BooleanField(_l("This is somebody else who uses the same number"))
    department_id = SelectField(_l("Department"), coerce=int)
    title = StringField(_l("Title"), [InputRequired(_l("Please write a title.")), Length(max=TITLE_LENGTH)])
    kind = RadioField(_l("Who reads it?"), default="note", choices=[
        ("note", _l("Colleagues only: an internal note")), ("reply", _l("The customer, in the portal")),
    ])  # fmt: skip
    body = TextAreaField(_l("In more words"))
    files = MultipleFileField(_l("Files"))
    channel = SelectField(_l("How did it come?"), choices=[
        (key, CHANNELS[key]) for key in ("phone", "in_person", "email", "agent")
    ])  # fmt: skip
    priority = SelectField(_l("Priority"), coerce=int, choices=list(PRIORITIES.items()), default=2)
    assignee_id = SelectField(_l("Responsible"), coerce=int)
    amount = MoneyField(_l("Amount"), [Optional()])
    op_id = HiddenField(validators=[Optional(), Length(max=LONGEST_OP)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Somebody is needed; that it may be somebody new is said below the field.
        self.contact.flags.required = True

    def validate_contact(self, field: NamedField) -> None:
        """Somebody is needed: from the records, or by name and mobile."""
        if not field.data and not self.new_name.data:
            raise ValidationError(_("Choose the customer, or write the name of a new one."))

    def validate_new_mobile(self, field: PhoneField) -> None:
        """A number that is in the records belongs to somebody: two records of one person would tear the history."""
        if not field.data or not self.new_name.data or self.contact.data or self.is_other.data:
            return
        known = find_by_point("mobile", field.data)
        if known:
            raise ValidationError(_("%(name)s has this number. Choose them above, or say that this is somebody else.",
                                    name=known[0].shown_name))  # fmt: skip
