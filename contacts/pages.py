"""What the pages of one contact and of one company are drawn from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import g, render_template, request
from flask_login import current_user

from app.forms import Form
from app.i18n import _l
from contacts import figures, sections, timeline
from contacts.forms import CompanyForm, MembershipForm, PersonForm, PointForm, ProfileForm
from contacts.models import TIERS, Company, Contact
from contacts.models.contact import CHANNELS
from contacts.models.point import KINDS
from contacts.policies import can_archive, can_edit, can_erase, can_export
from contacts.words import LANGUAGES

DATA = "data"
# What stored values are called, for the templates.
WORDS = {"point_kinds": KINDS, "languages": LANGUAGES, "channels": CHANNELS, "tiers": TIERS}


def page_of_contact(contact: Contact, key: str = "", **forms: Form) -> dict[str, Any]:
    """The context of contacts/show.html, opened at the tab `key`. `forms` are refused ones, drawn with their errors."""
    g.refused_forms = forms
    return {
        **_opened(sections.of_contacts, contact, DATA if forms else key),
        **WORDS, "contact": contact, "figures": figures.of(contact),
        "can_edit": can_edit(current_user, contact), "can_archive": can_archive(current_user, contact),
    }  # fmt: skip


def page_of_company(company: Company, key: str = "", **forms: Form) -> dict[str, Any]:
    """The context of contacts/company.html."""
    g.refused_forms = forms
    return {
        **_opened(sections.of_companies, company, key), "company": company,
        "can_edit": can_edit(current_user, company), "can_archive": can_archive(current_user, company),
    }  # fmt: skip


def _opened(known: sections.Sections[Any], subject: Any, key: str) -> dict[str, Any]:
    """The tabs with their counts, and the open one's content; an unknown key opens the first."""
    counted = [(section, section.count(subject) if section.count else None) for section in known.all()]
    offered = [(section, count) for section, count in counted if count != 0 or not section.is_hidden_when_empty]
    section = next((section for section, _count in offered if section.key == key), offered[0][0])
    # Drawn by the template, after refused forms have taken their errors.
    content: Callable[[], str | None] = lambda: section.render(subject, request.args)  # noqa: E731
    return {"sections": offered, "section": section, "content": content}


def form_of(name: str, fresh: Callable[[], Form]) -> Form:
    """The refused form of this name, else a fresh one."""
    refused: dict[str, Form] = g.get("refused_forms", {})
    return refused.get(name) or fresh()


def _timeline(contact: Contact, args: sections.Args) -> str:
    group = args.get("show", "")
    group = group if group in timeline.GROUPS else ""
    told = timeline.tell(contact, current_user, group=group, after=args.get("after"))
    is_more = args.get("after") and request.headers.get("HX-Request") == "true"
    template = "contacts/_moments.html" if is_more else "contacts/_timeline.html"
    return render_template(template, contact=contact, told=told, group=group, groups=timeline.GROUPS)


def _data(contact: Contact, _args: sections.Args) -> str:
    return render_template(
        "contacts/_data.html", contact=contact, can_edit=can_edit(current_user, contact),
        profile=form_of("profile", lambda: ProfileForm(obj=contact)),
        point=form_of("point", PointForm), membership=form_of("membership", MembershipForm), **WORDS,
        can_export=can_export(current_user, contact), can_erase=can_erase(current_user),
    )  # fmt: skip


def _people(company: Company, _args: sections.Args) -> str:
    return render_template("contacts/_people.html", company=company, can_edit=can_edit(current_user, company),
                           person=form_of("person", PersonForm))  # fmt: skip


def _company_data(company: Company, _args: sections.Args) -> str:
    return render_template("contacts/_company_data.html", company=company, can_edit=can_edit(current_user, company),
                           profile=form_of("profile", lambda: CompanyForm(obj=company)))  # fmt: skip


sections.add("timeline", _l("Timeline"), 0, _timeline)
sections.add(DATA, _l("Contact data"), 90, _data)
sections.add_to_companies(
    "people", _l("People"), 0, _people,
    count=lambda company: sum(membership.is_active for membership in company.memberships),
)  # fmt: skip
sections.add_to_companies(DATA, _l("Company data"), 90, _company_data)
