"""What people type about tokens."""

from wtforms import fields, widgets
from wtforms.validators import InputRequired, Length

from app.api.programs import ROLES
from app.api.scopes import SCOPES
from app.api.tokens import NAME_LENGTH
from app.forms import Form, RadioField, SelectField, SelectMultipleField
from app.i18n import _l

LIFETIMES = {30: _l("30 days"), 90: _l("90 days"), 365: _l("One year"), 0: _l("Until it is revoked")}


class Boxes(SelectMultipleField):
    """Any number of the choices, all to be seen."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


class TokenForm(Form):
    """A token: what it is called, what it is for, how long it lasts."""

    name = fields.StringField(_l("Name"), [InputRequired(_l("Please enter a name.")), Length(max=NAME_LENGTH)],
                              description=_l("What it is for, for example “Online shop”."))  # fmt: skip
    scopes = Boxes(_l("What it is for"), [InputRequired(_l("Choose at least one thing that the token is for."))],
                   choices=list(SCOPES.items()))  # fmt: skip
    days = SelectField(_l("How long it lasts"), coerce=int, choices=list(LIFETIMES.items()), default=90)


class ServiceForm(TokenForm):
    """A program with an identity of its own."""

    role = RadioField(_l("Its rights"), [InputRequired()], choices=list(ROLES.items()), default="agent")
    boards = Boxes(_l("Boards on which it works"), coerce=int)
