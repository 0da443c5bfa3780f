"""Passkeys, and who must sign in with two steps."""

from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length

from app.auth.forms import LONGEST_ANSWER
from app.forms import Form
from app.i18n import _l
from app.settings_pages.forms.people import ChecksField
from app.users.models import ROLES


class PasskeyNameForm(Form):
    name = StringField(_l("Name of the passkey"), [InputRequired(_l("Please give it a name.")), Length(max=60)])


class PasskeyForm(PasskeyNameForm):
    """A new passkey. `credential`: what the browser made, in JSON."""

    credential = HiddenField(
        _l("Passkey"), [InputRequired(_l("The browser made no passkey.")), Length(max=LONGEST_ANSWER)]
    )


class SecondStepRolesForm(Form):
    roles = ChecksField(_l("Roles that need a second step"), choices=list(ROLES.items()))
