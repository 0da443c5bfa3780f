"""Input of the audit: what is looked for, and how long sources are kept."""

from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from app.audit.acts import GROUPS
from app.audit.queries import CUSTOMERS, SYSTEM, Wanted
from app.extensions import db
from app.forms import DigitsIntegerField, Form, JalaliDateField, SelectField
from app.i18n import _, _l
from app.text import ascii_digits, clean_line
from app.users.models import User


class FilterForm(Form):
    """What is looked for. Everything may stay empty."""

    q = StringField(_l("Name, code or number"), [Length(max=100)])
    group = SelectField(_l("Kind of act"))
    person = SelectField(_l("Who did it"))
    since = JalaliDateField(_l("From"))
    until = JalaliDateField(_l("Until"))
    address = StringField(_l("Internet address"), [Length(max=60)])
    thing = HiddenField()

    @classmethod
    def offered(cls, values: object) -> "FilterForm":
        """The form with its choices, filled with the arguments of an address or a form. One query."""
        form = cls(values)
        form.group.choices = [("", _("Everything")), *GROUPS.items()]
        people = db.session.query(User).order_by(User.deactivated_at.is_not(None), User.name, User.id)
        form.person.choices = [
            ("", _("Everybody")), (CUSTOMERS, _("Customers")), (SYSTEM, _("Kariz itself")),
            *((f"user:{user.id}", user.shown_name) for user in people),
        ]  # fmt: skip
        for field in (form.group, form.person):
            field.data = field.data or ""
        return form

    @property
    def wanted(self) -> Wanted:
        return Wanted(
            group=self.group.data or "", person=self.person.data or "", thing=self.thing.data or "",
            address=ascii_digits(clean_line(self.address.data)), text=clean_line(self.q.data), since=self.since.data,
            until=self.until.data,
        )  # fmt: skip

    @property
    def arguments(self) -> dict[str, str]:
        """What was typed, for the address of the next page and for the export."""
        typed = {field.name: field.raw_data[0] for field in self if field.raw_data and field.raw_data[0]}
        return {name: str(value) for name, value in typed.items() if name in self._fields and name != "csrf_token"}

    def validate_until(self, field: JalaliDateField) -> None:
        if field.data and self.since.data and field.data < self.since.data:
            raise ValidationError(_("The end lies before the beginning."))


class RetentionForm(Form):
    """How long the audit keeps from where something was done."""

    days = DigitsIntegerField(
        _l("Keep addresses and devices for so many days"),
        [InputRequired(_l("Please fill this in."))],
        least=7,
        most=3650,
    )
