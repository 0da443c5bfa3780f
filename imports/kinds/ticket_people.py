"""Who is meant by the names and numbers of another system: colleagues, teams and customers."""

from __future__ import annotations

from collections import Counter
from typing import Any

import sqlalchemy as sa

from app.emails import parse_email
from app.events import Actor
from app.extensions import db
from app.i18n import _
from app.phones import parse_mobile
from app.text import search_key
from app.users import teams
from app.users.former import add_former
from app.users.models import Team, TeamMember, User
from contacts.models import Contact
from contacts.services import create_contact, normalise
from imports.facts import Facts
from imports.kinds.base import CREATED, Counts, blaming
from imports.kinds.people import by_external_id, by_name, by_point, only
from imports.models import ImportMark

USER, TEAM, CONTACT = "user", "team", "contact"
# Of customers that a file does not name.
NOBODY = "\n"


class Everybody:
    """Finds people and teams by what an earlier import called them, then by address or name; makes who is missing.

    Remembers ids for the whole run: rows come and go with the transactions.
    """

    def __init__(self, by: Actor | None) -> None:
        self.by = by
        self._known: dict[tuple[str, str], int] = {}
        self._fresh: set[tuple[str, str]] = set()
        # Who was made, so that a dry run, which forgets them with each step, counts them once.
        self._made: set[tuple[str, str]] = set()
        self.counts: Counts = Counter()

    def forget(self) -> None:
        """Begin anew: what was made so far may be gone."""
        self._known.clear()

    def begin_item(self) -> None:
        """Forget what a refused record found out: its rows are gone."""
        for key in self._fresh:
            self._known.pop(key, None)
            self._made.discard(key)
        self._fresh, self.counts = set(), Counter()

    def keep_item(self) -> Counts:
        """What the record made on its way."""
        self._fresh = set()
        return self.counts

    def user(self, name: str) -> int:
        """The colleague of this name or address; somebody unknown gets an account that nobody can sign in with."""
        return self._find(USER, name, _find_user, lambda: add_former(_shown(name), email=name, by=self.by))

    def known_user(self, name: str) -> int | None:
        """The same for somebody who is only mentioned: None when they are unknown. Nobody is made."""
        key = (USER, search_key(name))
        if key not in self._known:
            found = self._marked(*key) or _find_user(name)
            self._remember(key, found or 0)
        return self._known[key] or None

    def team(self, name: str) -> int:
        """The team of this name."""
        return self._find(TEAM, name, _find_team, lambda: teams.create(name, "", (), by=self.by))

    def join(self, team_id: int, user_id: int) -> None:
        """Let somebody who was made here belong to a team that was: nobody known gains what a team may reach."""
        key = ("member", f"{team_id}:{user_id}")
        if key in self._known:
            return
        self._remember(key, 1)
        made = sa.or_(*(sa.and_(ImportMark.kind == kind, ImportMark.row_id == row_id)
                        for kind, row_id in ((TEAM, team_id), (USER, user_id))))  # fmt: skip
        kinds = set(db.session.scalars(sa.select(ImportMark.kind).where(made)))
        if kinds == {TEAM, USER} and db.session.get(TeamMember, (team_id, user_id)) is None:
            db.session.add(TeamMember(team_id=team_id, user_id=user_id))

    def contact(self, facts: Facts) -> Contact:
        """The customer of a ticket."""
        said = (
            facts.get("customer") or facts.get("email") or facts.get("mobile") or facts.get("customer_name") or NOBODY
        )
        found = self._find(CONTACT, said, lambda _said: _find_contact(facts), lambda: self._make_contact(facts))
        return db.session.get_one(Contact, found)

    def _make_contact(self, facts: Facts) -> Contact:
        said = facts.get("customer", "")
        name = facts.get("customer_name") or _shown(said) or facts.get("email") or facts.get("mobile")
        points: list[tuple[str, str]] = [(kind, facts[kind]) for kind in ("mobile", "email") if kind in facts]
        points += [] if points or not said else _points(said)
        # A number that identifies customers: one word with a digit in it, or whatever stands beside a name.
        is_number = said and not points and ("customer_name" in facts or any(map(str.isdigit, said)))
        with blaming({"name": "customer", "external_id": "customer", "mobile": "mobile", "email": "email"}):
            return create_contact(by=self.by, points=points, silent=True, name=name or _("Unknown customer"),
                                  external_id=said if is_number else None)  # fmt: skip

    def _find(self, kind: str, said: str, find: Any, make: Any) -> int:
        key = (kind, said if said == NOBODY else search_key(said) or said)
        if self._known.get(key):
            return self._known[key]
        found = self._marked(*key) or find(said)
        if not found:
            row = make()
            found = row.id
            self.counts[{USER: "users", TEAM: "teams", CONTACT: "contacts"}[kind], CREATED] += key not in self._made
            self._made.add(key)
            db.session.add(ImportMark(kind=kind, mark=key[1], row_id=found))
            db.session.flush()
        self._remember(key, found)
        return int(found)

    def _remember(self, key: tuple[str, str], found: int) -> None:
        self._known[key] = found
        self._fresh.add(key)

    def _marked(self, kind: str, mark: str) -> int | None:
        model: Any = {USER: User, TEAM: Team, CONTACT: Contact}[kind]
        query = sa.select(ImportMark.row_id).join(model, model.id == ImportMark.row_id)
        return db.session.scalar(query.where(ImportMark.kind == kind, ImportMark.mark == mark))


def _shown(said: str) -> str:
    """A name to show: of an address the part before the sign."""
    return said.partition("@")[0] if parse_email(said) else said


def _points(said: str) -> list[tuple[str, str]]:
    if parse_email(said):
        return [("email", said)]
    return [("mobile", said)] if parse_mobile(said) else []


def _find_user(said: str) -> int | None:
    if address := parse_email(said):
        return db.session.scalar(sa.select(User.id).where(sa.func.lower(User.email) == address))
    key = search_key(said)
    rows = db.session.execute(sa.select(User.id, User.name, User.name_en, User.display_name)).all()
    found = [row.id for row in rows if key in {search_key(row.name), search_key(row.name_en)}]
    return found[0] if len(found) == 1 else None


def _find_team(said: str) -> int | None:
    key = search_key(said)
    rows = db.session.execute(sa.select(Team.id, Team.name_fa, Team.name_en).order_by(Team.archived_at.is_not(None)))
    return next((row.id for row in rows if key in {search_key(row.name_fa), search_key(row.name_en)}), None)


def _find_contact(facts: Facts) -> int | None:
    said = facts.get("customer", "")
    found: list[Contact] = by_external_id(Contact, said) if said else []
    for kind, value in (*_points(said), *((kind, facts[kind]) for kind in ("email", "mobile") if kind in facts)):
        with blaming(kind if kind in facts else "customer"):
            normalise(kind, value)
        found = found or by_point(kind, value)[:1]
    name = facts.get("customer_name") or said
    if not found and name and not any(key in facts for key in ("email", "mobile")) and not _points(said):
        found = by_name(Contact, name)[:2]
        found = found if len(found) == 1 and ("customer_name" not in facts or not said) else []
    contact: Contact | None = only(found, "customer")
    return contact.id if contact else None
