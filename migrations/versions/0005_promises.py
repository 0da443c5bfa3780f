"""Working calendars, targets and promises."""

import json
import secrets
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

DAYS = ("sat", "sun", "mon", "tue", "wed", "thu", "fri")
# What the setting was before somebody changed it.
HOURS = {day: [["09:00", "17:00"]] for day in DAYS[:5]} | {"thu": [["09:00", "13:00"]]}


def upgrade() -> None:
    op.create_table(
        "calendars",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name_fa", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("keeps_holidays", sa.Boolean(), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendars")),
    )
    op.create_index(
        "uq_calendars_default", "calendars", ["is_default"], unique=True, sqlite_where=sa.text("is_default"),
        postgresql_where=sa.text("is_default"),
    )  # fmt: skip
    op.create_table(
        "calendar_weeks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("calendar_id", sa.Integer(), nullable=False),
        sa.Column("name_fa", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.CheckConstraint("until_on IS NULL OR from_on IS NOT NULL", name=op.f("ck_calendar_weeks_dates")),
        sa.ForeignKeyConstraint(
            ["calendar_id"], ["calendars.id"], name=op.f("fk_calendar_weeks_calendar_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_weeks")),
    )
    op.create_index("ix_calendar_weeks_calendar_id", "calendar_weeks", ["calendar_id"])
    op.create_table(
        "holiday_years",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kept_since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_holiday_years")),
    )
    op.create_table(
        "holidays",
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("name_fa", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("is_tentative", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("on_date", name=op.f("pk_holidays")),
    )
    op.create_table(
        "closed_times",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("calendar_id", sa.Integer(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("first_minute", sa.Integer(), nullable=False),
        sa.Column("last_minute", sa.Integer(), nullable=False),
        sa.Column("reason_fa", sa.String(), nullable=False),
        sa.Column("reason_en", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("from_on <= until_on", name=op.f("ck_closed_times_days")),
        sa.CheckConstraint(
            "0 <= first_minute AND first_minute < last_minute AND last_minute <= 1440",
            name=op.f("ck_closed_times_minutes"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_closed_times_by_id")),
        sa.ForeignKeyConstraint(
            ["calendar_id"], ["calendars.id"], name=op.f("fk_closed_times_calendar_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closed_times")),
    )
    op.create_index("ix_closed_times_calendar_id", "closed_times", ["calendar_id"])
    for table in ("teams", "departments"):
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("calendar_id", sa.Integer(), nullable=True))
            batch.create_foreign_key(
                batch.f(f"fk_{table}_calendar_id"), "calendars", ["calendar_id"], ["id"], ondelete="SET NULL"
            )
    _make_promises()
    _take_over_hours()


def _make_promises() -> None:
    op.create_table(
        "promises",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("promised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("from_seconds", sa.Integer(), nullable=False),
        sa.Column("is_by_hand", sa.Boolean(), nullable=False),
        sa.Column("missed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("reason IN ('opened', 'wrote', 'reopened', 'by_hand')", name=op.f("ck_promises_reason")),
        sa.ForeignKeyConstraint(["card_id"], ["cards.id"], name=op.f("fk_promises_card_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promises")),
    )
    op.create_index("ix_promises_card", "promises", ["card_id", "id"])
    op.create_index("ix_promises_met", "promises", ["met_at", "id"])
    op.create_index(
        "uq_promises_open", "promises", ["card_id"], unique=True, sqlite_where=sa.text("met_at IS NULL"),
        postgresql_where=sa.text("met_at IS NULL"),
    )  # fmt: skip
    op.create_table(
        "targets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_targets_minutes")),
        sa.CheckConstraint("priority IS NULL OR priority BETWEEN 1 AND 4", name=op.f("ck_targets_priority")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("fk_targets_department_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_targets")),
        sa.UniqueConstraint("department_id", "priority", name=op.f("uq_targets_department_id_priority")),
    )
    op.add_column("cards", sa.Column("promised_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("cards", sa.Column("promise_told_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("cards", sa.Column("promise_seconds", sa.Integer(), nullable=True))
    op.add_column("cards", sa.Column("promise_left_seconds", sa.Integer(), nullable=True))
    op.add_column("cards", sa.Column("promise_waits_for", sa.String(), nullable=True))
    op.create_index(
        "ix_cards_promised", "cards", ["promised_at"], sqlite_where=sa.text("promised_at IS NOT NULL"),
        postgresql_where=sa.text("promised_at IS NOT NULL"),
    )  # fmt: skip


def _take_over_hours() -> None:
    """The house's own calendar from the setting that held its hours, where there is a house already."""
    connection = op.get_bind()
    settings = sa.table("settings", sa.column("key", sa.String), sa.column("value", sa.JSON),
                        sa.column("changed_at", sa.DateTime(timezone=True)))  # fmt: skip
    if connection.scalar(sa.text("SELECT count(*) FROM users")) == 0:
        return
    stored = {row.key: row.value for row in connection.execute(sa.select(settings.c.key, settings.c.value))}
    hours = stored.get("business.hours") or HOURS
    now = datetime.now(UTC)
    calendars = sa.table("calendars", *map(sa.column, ("id", "name_fa", "name_en", "is_default", "timezone",
                                                       "keeps_holidays")))  # fmt: skip
    connection.execute(calendars.insert().values(
        id=1, name_fa="ساعت کاری کسب‌وکار", name_en="Hours of the business", is_default=True,
        timezone=stored.get("business.timezone") or "Asia/Tehran", keeps_holidays=hours.get("holidays", True) is not False,
    ))  # fmt: skip
    weeks = sa.table("calendar_weeks", *map(sa.column, ("calendar_id", "name_fa", "name_en")),
                     sa.column("days", sa.JSON))  # fmt: skip
    days = {day: hours[day] for day in DAYS if hours.get(day)}
    connection.execute(weeks.insert().values(calendar_id=1, name_fa="", name_en="", days=days))
    closed = sa.table(
        "closed_times", *map(sa.column, ("first_minute", "last_minute", "reason_fa", "reason_en")),
        sa.column("from_on", sa.Date), sa.column("until_on", sa.Date), sa.column("created_at", sa.DateTime(timezone=True)),
    )  # fmt: skip
    for text in hours.get("closed", []):
        day = datetime.fromisoformat(text).date()
        connection.execute(closed.insert().values(
            from_on=day, until_on=day, first_minute=0, last_minute=1440, reason_fa="تعطیلی", reason_en="Closed",
            created_at=now,
        ))  # fmt: skip
    connection.execute(settings.insert().values(key="calendars.version", value=secrets.token_hex(8), changed_at=now))
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT setval('calendars_id_seq', 1)"))


def downgrade() -> None:
    """The setting that held the hours is still there: what was changed since then is lost with the calendars."""
    _give_back_hours()
    op.drop_index("ix_cards_promised", table_name="cards")
    with op.batch_alter_table("cards") as batch:
        for name in ("promise_waits_for", "promise_left_seconds", "promise_seconds", "promise_told_at", "promised_at"):
            batch.drop_column(name)
    op.drop_table("targets")
    op.drop_table("promises")
    for table in ("departments", "teams"):
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(batch.f(f"fk_{table}_calendar_id"), type_="foreignkey")
            batch.drop_column("calendar_id")
    for name in ("closed_times", "holidays", "holiday_years", "calendar_weeks", "calendars"):
        op.drop_table(name)
    op.execute("DELETE FROM settings WHERE key = 'calendars.version'")


def _give_back_hours() -> None:
    """The present week of the house goes back into the setting, as far as the setting can hold it."""
    connection = op.get_bind()
    found = connection.execute(sa.text(
        "SELECT w.days AS days, c.keeps_holidays AS keeps FROM calendars c JOIN calendar_weeks w"
        " ON w.calendar_id = c.id AND w.from_on IS NULL WHERE c.is_default"
    )).first()  # fmt: skip
    if found is None:
        return
    days = json.loads(found.days) if isinstance(found.days, str) else found.days
    closed = connection.execute(sa.text(
        "SELECT from_on, until_on FROM closed_times WHERE calendar_id IS NULL AND removed_at IS NULL"
        " AND from_on = until_on AND first_minute = 0 AND last_minute = 1440"
    )).all()  # fmt: skip
    value = {**days, "holidays": bool(found.keeps), "closed": sorted(str(row.from_on) for row in closed)}
    settings = sa.table("settings", sa.column("key", sa.String), sa.column("value", sa.JSON),
                        sa.column("changed_at", sa.DateTime(timezone=True)))  # fmt: skip
    connection.execute(settings.delete().where(settings.c.key == "business.hours"))
    connection.execute(settings.insert().values(key="business.hours", value=value, changed_at=datetime.now(UTC)))
