"""The small world of the tests: sara, reza and maryam work in support, omid in sales; nika and babak are customers."""

from dataclasses import dataclass
from datetime import datetime

from app.clock import utcnow
from app.events import Actor
from app.extensions import db
from app.users.models import Team, User
from cards.models import Card
from cards.services import open_card
from contacts.models import Company, Contact, ContactPoint, Membership
from pipelines.models import Department, Pipeline, PipelineMembership, PortalStep, Stage


@dataclass
class World:
    """Everybody and everything that `build` makes."""

    admin: User
    maryam: User
    sara: User
    reza: User
    omid: User
    nika: Contact
    babak: Contact
    company: Company
    support: Pipeline
    sales: Pipeline
    orders: Pipeline
    department: Department

    def stage(self, name_en: str, pipeline: Pipeline | None = None) -> Stage:
        """A stage by its English name, on the support board unless said otherwise."""
        return next(stage for stage in (pipeline or self.support).all_stages if stage.name_en == name_en)

    def card(self, title: str = "قوری شکسته رسید", *, contact: Contact | None = None, stage: Stage | None = None,
             by: Actor | None = None, body: str = "سلام، قوری از کنار دسته شکسته است.", assignee: User | None = None,
             at: datetime | None = None) -> Card:  # fmt: skip
        """A committed card of nika's on the support board."""
        contact = contact or self.nika
        card = open_card(contact, stage or self.stage("New"), title=title, by=by or contact, body=body,
                         assignee=assignee, at=at)  # fmt: skip
        db.session.commit()
        return card


def person(email: str, name: str, name_en: str, role: str) -> User:
    user = User(email=f"{email}@kariz.test", name=name, name_en=name_en, role=role)
    db.session.add(user)
    return user


def customer(name: str, name_en: str, mobile: str, email: str) -> Contact:
    contact = Contact()
    contact.rename(name, name_en)
    contact.points = [
        ContactPoint(kind="mobile", raw=mobile, normalised=f"+98{mobile[1:]}", is_primary=True, verified_at=utcnow()),
        ContactPoint(kind="email", raw=email, normalised=email, verified_at=utcnow()),
    ]
    db.session.add(contact)
    return contact


# (slug, fa, en, kind, stages of (fa, en, kind, step or None, limit))
BOARDS = [
    ("support", "پشتیبانی", "Support", "ticket", [
        ("درخواست جدید", "New", "new", "ثبت شد/Received", None),
        ("در دست بررسی", "Working", "active", "در دست بررسی/In progress", 5),
        ("پرسش از همکار", "Consulting", "active", None, None),
        ("منتظر مشتری", "Waiting", "waiting_customer", "منتظر پاسخ شما/Waiting for you", None),
        ("حل شد", "Resolved", "resolved", "حل شد/Solved", None),
        ("لغو شد", "Cancelled", "cancelled", None, None),
    ]),
    ("sales", "فروش", "Sales", "deal", [
        ("سرنخ", "Lead", "new", None, None),
        ("پیش‌فاکتور", "Quoted", "active", None, None),
        ("برنده", "Won", "won", None, None),
        ("باخته", "Lost", "lost", None, None),
    ]),
    ("orders", "سفارش‌ها", "Orders", "order", [
        ("ثبت سفارش", "Placed", "new", "ثبت سفارش/Placed", None),
        ("بسته‌بندی", "Packing", "active", "بسته‌بندی/Packing", None),
        ("کنترل کیفیت", "Quality check", "active", None, None),
        ("تحویل به پست", "Shipped", "waiting_other", "تحویل به پست/Shipped", None),
        ("تحویل شد", "Delivered", "delivered", "به دستتان رسید/Delivered", None),
        ("مرجوع شد", "Returned", "returned", "مرجوع شد/Returned", None),
    ]),
]  # fmt: skip


StageRow = tuple[str, str, str, str | None, int | None]


def board(slug: str, name_fa: str, name_en: str, kind: str, stages: list[StageRow]) -> Pipeline:
    """A board with its stages, and what customers see of them; added to the session."""
    pipeline = Pipeline(slug=slug, name_fa=name_fa, name_en=name_en, kind=kind)
    for position, (fa, en, stage_kind, step, limit) in enumerate(stages):
        row = None
        if step:
            label_fa, label_en = step.split("/")
            row = PortalStep(label_fa=label_fa, label_en=label_en, position=position,
                             is_aside=stage_kind in {"returned", "cancelled"})  # fmt: skip
            pipeline.portal_steps.append(row)
        pipeline.all_stages.append(
            Stage(name_fa=fa, name_en=en, kind=stage_kind, portal_step=row, position=position, card_limit=limit)
        )
    db.session.add(pipeline)
    return pipeline


def build() -> World:
    """Make the world and commit it."""
    admin = person("admin", "آرش کیانی", "Arash Kiani", "admin")
    maryam = person("maryam", "مریم رستگار", "Maryam Rastegar", "manager")
    sara = person("sara", "سارا امینی", "Sara Amini", "agent")
    reza = person("reza", "رضا پاکزاد", "Reza Pakzad", "agent")
    omid = person("omid", "امید نوری", "Omid Nouri", "sales")
    support, sales, orders = (board(*entry) for entry in BOARDS)
    team = Team(name_fa="پشتیبانی", name_en="Support", members=[sara, reza])
    department = Department(slug="support", name_fa="پشتیبانی", name_en="Support", pipeline=support)
    company = Company()
    company.rename("پخش نوین‌آوا", "Novin Ava")
    nika = customer("نیکا صفوی", "Nika Safavi", "09121234567", "nika@example.com")
    babak = customer("بابک دهقان", "Babak Dehghan", "09351234567", "babak@example.com")
    nika.memberships.append(Membership(company=company, title="مدیر خرید"))
    db.session.add_all([team, department, company])
    db.session.flush()
    for pipeline, user, level in [
        (support, maryam, "manager"), (sales, omid, "member"), (orders, sara, "member"), (orders, omid, "member"),
        (sales, maryam, "member"),
    ]:  # fmt: skip
        db.session.add(PipelineMembership(pipeline_id=pipeline.id, user_id=user.id, level=level))
    db.session.add(PipelineMembership(pipeline_id=support.id, team_id=team.id, level="member"))
    db.session.commit()
    return World(admin, maryam, sara, reza, omid, nika, babak, company, support, sales, orders, department)
