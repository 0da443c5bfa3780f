"""Colleagues and their teams."""

from collections.abc import Iterable, Sequence
from typing import Any

from wtforms import StringField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from app.extensions import db
from app.forms import EmailField, Form, RadioField, SelectField, SelectMultipleField
from app.i18n import _, _l, _n
from app.settings_pages.forms.business import LANGUAGES
from app.users.holdings import Holding
from app.users.models import ROLES, Team, User

NOBODY = "nobody"


def teams_in_use() -> list[tuple[int, str]]:
    """Teams as choices."""
    return [(team.id, team.name) for team in db.session.scalars(Team.in_use())]


def colleagues() -> list[tuple[int, str]]:
    """Active users as choices."""
    return [(user.id, user.shown_name) for user in db.session.scalars(User.active())]


class ChecksField(SelectMultipleField):
    """Any number of the choices, all to be seen."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class InvitationForm(Form):
    email = EmailField(_l("E-mail"), [InputRequired(_l("Please enter an e-mail address."))])
    name = StringField(_l("Name"), [InputRequired(_l("Please enter a name.")), Length(max=80)])
    name_en = StringField(_l("Name in English"), [Length(max=80)])
    role = RadioField(_l("Role"), choices=list(ROLES.items()), default="agent")
    locale = RadioField(_l("Language"), choices=LANGUAGES)
    teams = ChecksField(_l("Teams"), coerce=int, choices=teams_in_use)


class UserForm(Form):
    name = StringField(_l("Name"), [InputRequired(_l("Please enter a name.")), Length(max=80)])
    name_en = StringField(_l("Name in English"), [Length(max=80)])
    email = EmailField(_l("E-mail"), [InputRequired(_l("Please enter an e-mail address."))])
    role = RadioField(_l("Role"), choices=list(ROLES.items()))
    teams = ChecksField(_l("Teams"), coerce=int, choices=teams_in_use)


class TeamForm(Form):
    name_fa = StringField(_l("Name"), [InputRequired(_l("Please enter a name.")), Length(max=80)])
    name_en = StringField(_l("Name in English"), [Length(max=80)])
    members = ChecksField(_l("Members"), coerce=int, choices=colleagues)


class HandOverForm(Form):
    """Who takes over what a colleague holds: one person for everything, or a choice for each holding by its key."""

    everything = SelectField(_l("Everything goes to"), choices=[("", "")])

    @property
    def places(self) -> list[Any]:
        """The fields of the single holdings, in order."""
        return [field for field in self if field.name != "everything"]

    def takers(self, people: dict[int, User]) -> dict[str, User | None]:
        """Holding's key -> who takes it, None for nobody; keys without a choice are left out."""
        chosen = {field.name: field.data or self.everything.data for field in self.places}
        return {
            key: None if value == NOBODY else people[int(value)]
            for key, value in chosen.items()
            if value == NOBODY or (value or "").isdecimal()
        }


def hand_over_form(holdings: Sequence[Holding]) -> type[HandOverForm]:
    """The form for exactly these holdings; for everything at once only those are offered who may take all of it."""
    able = [{user.id for user in holding.candidates} for holding in holdings]
    shared = set.intersection(*able) if able else set()
    people = {user.id: user for holding in holdings for user in holding.candidates if user.id in shared}
    fields: dict[str, Any] = {
        holding.key: SelectField(
            _n("%(num)s open card of %(place)s", "%(num)s open cards of %(place)s", holding.count, place=holding.name),
            choices=[
                ("", _("As chosen above") if len(holdings) > 1 else _("Choose somebody")),
                *_choices(holding.candidates),
            ],
            default="",
        )
        for holding in holdings
    }
    everything = SelectField(
        _l("Everything goes to"),
        choices=[("", _("Choose board by board")), *_choices(people.values())],
        default="",
    )
    return type("HandOverFormOf", (HandOverForm,), {"everything": everything, **fields})


def _choices(people: Iterable[User]) -> list[tuple[str, str]]:
    nobody = (NOBODY, _("Nobody yet: they head the list of unassigned cards"))
    return [*((str(user.id), user.shown_name) for user in people), nobody]
