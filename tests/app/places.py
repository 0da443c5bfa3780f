"""One real thing for every address, and a copy of the database to go back to."""

import sqlite3
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import Flask
from werkzeug.routing import Rule

from app.auth.services import make_link
from app.calendars import services as calendars
from app.clock import utcnow
from app.extensions import db
from app.links import API_PATH
from app.outbox import Outbox
from app.users.models import Team, User
from cards.models import Survey
from cards.services import add_reply, resolve
from cards.surveys import token_for
from contacts.models import Contact, DataExport, Membership
from imports.models import Import
from knowledge.models import FaqEntry
from orders.models import Product, Warehouse
from pipelines.models import PipelineMembership
from tests.portal.shop import Shop, fill
from tests.world import World, board, person

# What no row is called, by the argument's name; a token of the right length that nobody made.
NOWHERE = {"code": "2222-2222-2", "attachment_code": "222222222", "file_code": "222222222", "slug": "nothing-here",
           "number": "XX-00001", "token": "x" * 43, "key": "nothing.here", "purpose": "reset",
           "filename": "nothing.css"}  # fmt: skip
NO_NUMBER = 999_999


@dataclass
class Places:
    """Everything that an address can name, and two more people: ex worked here once, stranger has another board."""

    world: World
    shop: Shop
    ex: User
    stranger: User
    named: dict[str, dict[str, Any]]

    def arguments(self, rule: Rule) -> dict[str, Any]:
        """Real arguments for a rule, of things that agent and contact both know where such things exist."""
        blueprint = rule.endpoint.partition(".")[0]
        known = {**self.named.get(blueprint, {}), **self.named.get(rule.endpoint, {})}
        return {name: known[name] for name in rule.arguments}


def nowhere(rule: Rule, real: dict[str, Any], argument: str) -> dict[str, Any]:
    """The same address with one argument that names nothing."""
    unknown = NO_NUMBER if isinstance(real[argument], int) else NOWHERE[argument]
    return {**real, argument: unknown}


def furnish(world: World) -> Places:
    """Make and commit all of it."""
    shop = fill(world)
    ex, stranger = person("ex", "نادر پیشین", "Nader Pishin", "agent"), person("far", "دورا بیگانه", "Dora", "agent")
    ex.deactivated_at = utcnow()
    other = board("projects", "پروژه‌ها", "Projects", "task", [("تازه", "Fresh", "new", None, None)])
    db.session.flush()
    db.session.add(PipelineMembership(pipeline_id=other.id, user_id=stranger.id, level="member"))
    draft = Import(kind="contacts", by_id=world.admin.id, sources={})
    lost = Outbox(kind="message.reply", key="lost", state="unknown")
    warehouse = Warehouse(name_fa="انبار مرکزی", name_en="Central")
    db.session.add_all([draft, lost, warehouse])
    reply = add_reply(shop.request, "از همکارمان می‌پرسم و خبر می‌دهم.", by=world.sara)
    done = world.card("پایان یافته", assignee=world.sara)
    resolve(done, world.stage("Resolved"), cause="", solution="انجام شد", by=world.sara)
    invitation = make_link(person("new", "نو", "New", "agent"), "invitation", by=world.admin)
    db.session.commit()
    named = _names(world, shop, draft, lost, invitation) | {"cards.create_withdrawal": {"entry_id": reply.id}}
    survey = db.session.scalars(sa.select(Survey).where(Survey.card_id == done.id)).one()
    named["portal"]["token"] = token_for(survey)
    archive = DataExport(contact_id=shop.nika.id, expires_at=utcnow().replace(year=utcnow().year + 1))
    db.session.add(archive)
    db.session.commit()
    named["contacts"]["file_code"] = archive.code
    named["calendars"] = _hours(world)
    return Places(world, shop, ex, stranger, named)


def _hours(world: World) -> dict[str, Any]:
    """A calendar beside that of the house, with other hours for a time, and a closure."""
    week = {"sat": [["09:00", "13:00"]]}
    calendar = calendars.create("انبار", "Warehouse", week, by=world.admin)
    day = utcnow().date()
    dated = calendars.Dated(name_fa="تابستان", name_en="Summer", from_on=day, until_on=None, days=week)
    summer = calendars.put_week(calendar, dated, by=world.admin)
    closing = calendars.Closing(from_on=day, until_on=day, reason_fa="برف", reason_en="Snow", calendar_id=calendar.id)
    closed = calendars.close_time(closing, by=world.admin)
    db.session.commit()
    return {"calendar_id": calendar.id, "week_id": summer.id, "closure_id": closed.id, "year": 1405}


def _names(world: World, shop: Shop, draft: Import, lost: Outbox, invitation: str) -> dict[str, dict[str, Any]]:
    order, nika = shop.order, shop.nika
    shipment, invoice = order.shipments[0], order.invoices[0]
    return {
        "cards": {"code": shop.request.code, "attachment_code": shop.file.code},
        "placement": {"code": shop.request.code},
        "order_links": {"code": shop.request.code},
        "boards": {"slug": "support", "stage_id": world.stage("Working").id},
        "contacts": {"code": nika.code, "membership_id": _first(Membership, contact_id=nika.id).id,
                     "point_id": nika.points[0].id},
        "companies": {"code": world.company.code},
        "orders": {"number": order.number, "shipment_id": shipment.id, "invoice_id": invoice.id},
        "products": {"product_id": _first(Product).id},
        "pipelines": {"slug": "support", "stage_id": world.stage("Consulting").id,
                      "step_id": world.stage("Working").portal_step_id,
                      "membership_id": _first(PipelineMembership, pipeline_id=world.support.id).id},
        "departments": {"slug": shop.parts.slug},
        "faq": {"slug": shop.parts.slug, "entry_id": _first(FaqEntry).id},
        "imports": {"import_id": draft.id},
        "message_texts": {"key": "acknowledgement"},
        "sent": {"row_id": lost.id},
        "users": {"user_id": world.reza.id},
        "teams": {"team_id": _first(Team).id},
        "account": {"session_id": NO_NUMBER},
        "tokens": {"token_id": NO_NUMBER},
        "services": {"token_id": NO_NUMBER},
        "addresses": {"token": "x" * 43},
        "people": {"user_id": world.reza.id},
        "security": {"passkey_id": NO_NUMBER, "browser_id": NO_NUMBER},
        "auth": {"purpose": "invitation", "token": invitation},
        "portal": {"code": shop.request.code, "file_code": shop.file.code, "number": order.number},
        "static": {"filename": "favicon.svg"},
    }  # fmt: skip


def _first(model: Any, **columns: Any) -> Any:
    return db.session.scalars(sa.select(model).filter_by(**columns).order_by(model.id)).first()


class Copy:
    """The SQLite database as it is now, kept in memory."""

    def __init__(self) -> None:
        db.session.commit()
        self._kept = sqlite3.connect(":memory:")
        self._file = sqlite3.connect(str(db.engine.url.database), timeout=15)
        self._file.backup(self._kept)
        self._version = self._data_version()

    def _data_version(self) -> int:
        """A number that differs once somebody else has committed anything."""
        version: int = self._file.execute("PRAGMA data_version").fetchone()[0]
        return version

    def restore(self) -> None:
        """Bring everything back."""
        db.session.rollback()
        if self._version != self._data_version():
            self._kept.backup(self._file)
            self._version = self._data_version()
        db.session.expire_all()

    def changed_tables(self) -> list[str]:
        """Tables that differ from the copy; that a session was used is no change."""
        if self._version == self._data_version():
            return []
        names = [table.name for table in db.metadata.sorted_tables if table.name != "sessions"]
        return [name for name in names if self._rows(self._file, name) != self._rows(self._kept, name)]

    @staticmethod
    def _rows(connection: sqlite3.Connection, name: str) -> list[tuple[Any, ...]]:
        return connection.execute(f'SELECT * FROM "{name}" ORDER BY 1, 2').fetchall()

    def close(self) -> None:
        self._kept.close()
        self._file.close()


def people(places: Places) -> dict[str, User | Contact | None]:
    """Who asks, by role."""
    world = places.world
    return {"anon": None, "ex": places.ex, "contact": world.nika, "other": world.babak, "agent": world.sara,
            "stranger": places.stranger, "manager": world.maryam, "admin": world.admin}  # fmt: skip


def rules(app: Flask) -> list[tuple[Rule, str]]:
    """Every rule that a browser asks, with its one method. Programs have tests/app/test_api_access.py."""
    return [(rule, next(iter(_methods(rule)))) for rule in app.url_map.iter_rules() if not is_for_programs(rule)]


def is_for_programs(rule: Rule) -> bool:
    """Whether tokens open this address, and no cookie."""
    return rule.rule.startswith(API_PATH)


def _methods(rule: Rule) -> set[str]:
    return set(rule.methods or ()) - {"HEAD", "OPTIONS"}
