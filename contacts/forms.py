"""What people type about people and companies."""

from __future__ import annotations

from typing import Any

from wtforms import fields
from wtforms.validators import InputRequired, Length, ValidationError

from app.form_fields import CodeField, EmailField, PhoneField
from app.forms import DigitsField, Form, SelectField
from app.i18n import _, _l
from contacts.models import TIERS, Company, Contact
from contacts.models.contact import CHANNELS
from contacts.models.point import KINDS
from contacts.queries import named
from contacts.services.changes import NAME_LENGTH
from contacts.words import FIELDS, LANGUAGES

PROFILE = ("name", "name_en", "honorific", "tier", "tier_reason", "language", "preferred_channel")
RIGHTS = ("is_manager", "can_see_company_tickets", "can_see_company_orders", "can_see_prices")


class NamedField(fields.StringField):
    """A contact or company by its name or code; a hidden field beside it carries the code that a list offered.

    `found` is the row after validation, None when nothing was typed.
    """

    def __init__(self, *args: Any, model: type[Contact] | type[Company], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.model = model
        self.found: Any = None

    def pre_validate(self, form: Any) -> None:
        if not self.data:
            return
        chosen = form[f"{self.short_name}_code"].data
        self.found = (named(self.model, chosen) if chosen else None) or named(self.model, self.data)
        if self.found is None:
            raise ValidationError(_("Nobody of exactly this name was found. Please choose from the list."))


class ProfileForm(Form):
    """What is known of a person."""

    name = fields.StringField(_l("Name"), [InputRequired(_l("Please write the name.")), Length(max=NAME_LENGTH)])
    name_en = fields.StringField(FIELDS["name_en"], [Length(max=NAME_LENGTH)], render_kw={"dir": "ltr"})
    honorific = fields.StringField(FIELDS["honorific"], [Length(max=30)], description=_l("For example Mr, Ms or Dr."))
    tier = SelectField(FIELDS["tier"], choices=list(TIERS.items()), default="plain")
    tier_reason = fields.StringField(
        FIELDS["tier_reason"], [Length(max=200)], description=_l("Colleagues read it beside the tier.")
    )
    language = SelectField(FIELDS["language"], choices=list(LANGUAGES.items()), default="fa")
    preferred_channel = SelectField(FIELDS["preferred_channel"], choices=list(CHANNELS.items()), default="")

    @property
    def facts(self) -> dict[str, Any]:
        """The person's own fields for the verb; what is empty is emptied."""
        return {name: self[name].data or "" for name in PROFILE}


class NewContactForm(ProfileForm):
    """A person with the first ways to reach them, and the company they act for."""

    mobile = PhoneField(_l("Mobile"), render_kw={"type": "tel"})
    phone = PhoneField(_l("Phone"), kind="any", render_kw={"type": "tel"})
    email = EmailField(_l("E-mail"), render_kw={"type": "email"})
    address = fields.StringField(_l("Address"), [Length(max=400)])
    company = NamedField(_l("Company"), [Length(max=NAME_LENGTH)], model=Company)
    company_code = fields.HiddenField(validators=[Length(max=20)])
    title = fields.StringField(FIELDS["title"], [Length(max=80)])

    @property
    def points(self) -> list[tuple[str, str]]:
        """The ways to reach them that were given, as (kind, as stored)."""
        return [(kind, str(self[kind].data)) for kind in KINDS if self[kind].data]


class PointForm(Form):
    """One more way to reach a person."""

    kind = SelectField(_l("Kind"), choices=list(KINDS.items()), default="mobile")
    value = fields.StringField(_l("Number or address"), [InputRequired(), Length(max=400)])
    label = fields.StringField(_l("Label"), [Length(max=40)], description=_l("For example work or home."))
    is_shared = fields.BooleanField(_l("Other people use it too"))


class RightsForm(Form):
    """What somebody may see of the company in the portal."""

    title = fields.StringField(FIELDS["title"], [Length(max=80)])
    is_manager = fields.BooleanField(FIELDS["is_manager"])
    can_see_company_tickets = fields.BooleanField(FIELDS["can_see_company_tickets"])
    can_see_company_orders = fields.BooleanField(FIELDS["can_see_company_orders"])
    can_see_prices = fields.BooleanField(FIELDS["can_see_prices"])

    @property
    def facts(self) -> dict[str, Any]:
        """Title and rights for the verb."""
        return {name: self[name].data for name in ("title", *RIGHTS)}


class MembershipForm(RightsForm):
    """The company somebody acts for, from the person's page."""

    company = NamedField(_l("Company"), [InputRequired(), Length(max=NAME_LENGTH)], model=Company)
    company_code = fields.HiddenField(validators=[Length(max=20)])


class PersonForm(RightsForm):
    """Somebody who acts for the company, from the company's page."""

    contact = NamedField(_l("Person"), [InputRequired(), Length(max=NAME_LENGTH)], model=Contact)
    contact_code = fields.HiddenField(validators=[Length(max=20)])


class CompanyForm(Form):
    """What is known of a company."""

    name = fields.StringField(_l("Name"), [InputRequired(_l("Please write the name.")), Length(max=NAME_LENGTH)])
    name_en = fields.StringField(_l("Name in English"), [Length(max=NAME_LENGTH)], render_kw={"dir": "ltr"})
    legal_id = DigitsField(_l("National legal ID"), length=11, render_kw={"inputmode": "numeric"})
    economic_code = DigitsField(_l("Economic code"), render_kw={"inputmode": "numeric"})
    phone = PhoneField(_l("Phone"), kind="any", render_kw={"type": "tel"})
    city = fields.StringField(_l("City"), [Length(max=80)])
    address = fields.StringField(_l("Address"), [Length(max=400)])
    postal_code = DigitsField(_l("Postal code"), length=10, render_kw={"inputmode": "numeric"})

    @property
    def facts(self) -> dict[str, Any]:
        """All fields for the verb; what is empty is emptied."""
        return {field.name: field.data or "" for field in self}


class ExportForm(Form):
    language = SelectField(_l("Language of the archive"), choices=list(LANGUAGES.items()))


class ErasureForm(Form):
    """The code of the contact, typed by hand: nobody forgets the wrong person with two clicks."""

    code = CodeField(_l("Code of the contact"), [InputRequired(_l("Please type the code of the contact."))])
