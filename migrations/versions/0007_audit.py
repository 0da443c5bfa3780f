"""Audit, exports and erasures."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

HAS_SOURCE = sa.text("source_address IS NOT NULL")


def upgrade() -> None:
    with op.batch_alter_table("events") as batch_op:
        batch_op.add_column(sa.Column("source_address", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("source_device", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("source_session_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("source_token_id", sa.Integer(), nullable=True))
        batch_op.create_index("ix_events_at", ["at", "id"])
        batch_op.create_index("ix_events_name", ["name", "at", "id"])
        batch_op.create_index("ix_events_actor", ["actor_kind", "actor_id", "at", "id"])
        batch_op.create_index("ix_events_source", ["source_address", "at", "id"],
                              sqlite_where=HAS_SOURCE, postgresql_where=HAS_SOURCE)  # fmt: skip
    with op.batch_alter_table("contacts") as batch_op:
        batch_op.add_column(sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    _create_exports()
    _create_erasures()


def _create_exports() -> None:
    op.create_table(
        "data_exports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_data_exports_contact_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_data_exports_job_id")),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_data_exports_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_exports")),
        sa.UniqueConstraint("code", name=op.f("uq_data_exports_code")),
    )
    with op.batch_alter_table("data_exports") as batch_op:
        batch_op.create_index(batch_op.f("ix_data_exports_contact_id"), ["contact_id"])


def _create_erasures() -> None:
    op.create_table(
        "erasures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_erasures_contact_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_erasures_job_id")),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_erasures_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
        sa.UniqueConstraint("contact_id", name=op.f("uq_erasures_contact_id")),
    )


def downgrade() -> None:
    op.drop_table("erasures")
    op.drop_table("data_exports")
    with op.batch_alter_table("contacts") as batch_op:
        batch_op.drop_column("erased_at")
    with op.batch_alter_table("events") as batch_op:
        for name in ("source", "actor", "name", "at"):
            batch_op.drop_index(f"ix_events_{name}")
        for name in ("token_id", "session_id", "device", "address"):
            batch_op.drop_column(f"source_{name}")
