"""What happened to a contact's own record, in words for the timeline."""

from markupsafe import Markup

from app.events import Event
from app.filters import phone
from app.i18n import _, _l
from contacts.models import TIERS
from contacts.models.contact import CHANNELS
from contacts.models.point import KINDS
from contacts.timeline import Known, Line, say, words

FIELDS = {
    "name": _l("Name"), "name_en": _l("Name in English"), "honorific": _l("Honorific"), "tier": _l("Tier"),
    "tier_reason": _l("Reason of the tier"), "language": _l("Language"), "preferred_channel": _l("Preferred channel"),
    "external_id": _l("Number elsewhere"), "title": _l("Title in the company"),
    "is_manager": _l("Acts for the whole company"),
    "can_see_company_tickets": _l("Sees the company's requests"),
    "can_see_company_orders": _l("Sees the company's orders"), "can_see_prices": _l("Sees prices"),
}  # fmt: skip
LANGUAGES = {"fa": _l("Persian"), "en": _l("English")}


def shown_value(field: str, value: object) -> str:
    """A stored value of a field as people read it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    choices = {"tier": TIERS, "language": LANGUAGES, "preferred_channel": CHANNELS}.get(field, {})
    return str(choices.get(str(value), value or _("nothing")))


def change(event: Event, field: str) -> str:
    """One changed field: what it was and what it became."""
    old, new = (shown_value(field, event.data[side].get(field)) for side in ("from", "to"))
    name = str(FIELDS.get(field, field))
    return _("%(field)s: from “%(old)s” to “%(new)s”", field=name, old=old, new=new)


@words("contact.created", group="changes")
def _created(_event: Event, _known: Known) -> Line:
    return Line("person-add", _("The contact was recorded"))


@words("contact.updated", group="changes")
def _updated(event: Event, _known: Known) -> Line:
    fields = [field for field in event.data.get("to", {}) if field != "tier_reason" or "tier" not in event.data["to"]]
    icon = "star" if "tier" in fields else "edit"
    return Line(icon, _("; ").join(change(event, field) for field in fields), event.data["to"].get("tier_reason", ""))


@words("contact.archived", "contact.restored", group="changes")
def _archived(event: Event, _known: Known) -> Line:
    if event.name == "contact.archived":
        return Line("archive", _("The contact was archived"))
    return Line("undo", _("The contact was brought back"))


@words("contact.point_added", "contact.point_removed", "contact.point_made_primary", group="changes")
def _point(event: Event, _known: Known) -> Line:
    kind, value = event.data.get("kind", ""), event.data.get("value", "")
    shown = phone(value) if kind in {"mobile", "phone"} else Markup("<bdi>{}</bdi>").format(value)
    sentence = {
        "contact.point_added": _("%(kind)s %(value)s was added"),
        "contact.point_removed": _("%(kind)s %(value)s was removed"),
        "contact.point_made_primary": _("%(kind)s %(value)s comes first now"),
    }[event.name]
    return Line("mine", say(sentence, kind=KINDS.get(kind, kind), value=shown))


@words("membership.added", "membership.ended", "membership.changed", group="changes")
def _membership(event: Event, _known: Known) -> Line:
    company = Markup("<bdi>{}</bdi>").format(event.data.get("company_name", ""))
    if event.name == "membership.changed":
        changes = _("; ").join(change(event, field) for field in event.data.get("to", {}))
        return Line("building", Markup("{}: {}").format(company, changes))
    sentence = {
        "membership.added": _("Acts for %(company)s from now on"),
        "membership.ended": _("Acts for %(company)s no longer"),
    }[event.name]
    return Line("building", say(sentence, company=company))
