"""What an import made and changed, for its undo; tickets that came from another system."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

STATE = "ck_imports_state"
BEFORE = "state IN ('draft', 'checking', 'checked', 'running', 'done', 'failed')"
AFTER = "state IN ('draft', 'checking', 'checked', 'running', 'done', 'failed', 'undoing', 'undone')"


def upgrade() -> None:
    with op.batch_alter_table("imports") as batch_op:
        batch_op.add_column(sa.Column("undo_counts", sa.JSON(), server_default="{}", nullable=False))
        batch_op.add_column(sa.Column("undone_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_imports_undone_by_id"), "users", ["undone_by_id"], ["id"])
        batch_op.drop_constraint(op.f(STATE), type_="check")
        batch_op.create_check_constraint(op.f(STATE), AFTER)
    with op.batch_alter_table("cards") as batch_op:
        batch_op.add_column(sa.Column("team_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("external_id", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("imported_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(op.f("fk_cards_team_id"), "teams", ["team_id"], ["id"])
        batch_op.create_index("ix_cards_external", ["external_id"], unique=False)
        batch_op.create_index("ix_cards_team", ["team_id", "closed_at"], unique=False)
    op.create_table(
        "import_records",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("row_table", sa.String(), nullable=False),
        sa.Column("row_id", sa.String(), nullable=False),
        sa.Column("is_new", sa.Boolean(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("floor_event_id", sa.BigInteger(), nullable=False),
        sa.Column("last_event_id", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name=op.f("fk_import_records_import_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_records")),
        sa.UniqueConstraint(
            "import_id", "row_table", "row_id", name=op.f("uq_import_records_import_id_row_table_row_id")
        ),
    )
    op.create_index("ix_import_records_row", "import_records", ["row_table", "row_id"])
    op.create_index("ix_import_records_open", "import_records", ["import_id", "outcome", "id"])
    op.create_table(
        "imported_tickets",
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("pipeline_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_change", sa.Integer(), nullable=False),
        sa.Column("last_count", sa.Integer(), nullable=False),
        sa.Column("last_event_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["card_id"], ["cards.id"], name=op.f("fk_imported_tickets_card_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["pipeline_id"], ["pipelines.id"], name=op.f("fk_imported_tickets_pipeline_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("card_id", name=op.f("pk_imported_tickets")),
        sa.UniqueConstraint("pipeline_id", "number", name=op.f("uq_imported_tickets_pipeline_id_number")),
    )
    op.create_table(
        "import_marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_marks")),
        sa.UniqueConstraint("kind", "mark", name=op.f("uq_import_marks_kind_mark")),
    )


def downgrade() -> None:
    op.drop_table("import_marks")
    op.drop_table("imported_tickets")
    op.drop_table("import_records")
    with op.batch_alter_table("cards") as batch_op:
        batch_op.drop_index("ix_cards_team")
        batch_op.drop_index("ix_cards_external")
        batch_op.drop_constraint(op.f("fk_cards_team_id"), type_="foreignkey")
        for column in ("imported_at", "external_id", "team_id"):
            batch_op.drop_column(column)
    op.execute("UPDATE imports SET state = 'done' WHERE state IN ('undoing', 'undone')")
    with op.batch_alter_table("imports") as batch_op:
        batch_op.drop_constraint(op.f(STATE), type_="check")
        batch_op.create_check_constraint(op.f(STATE), BEFORE)
        batch_op.drop_constraint(op.f("fk_imports_undone_by_id"), type_="foreignkey")
        batch_op.drop_column("undone_by_id")
        batch_op.drop_column("undo_counts")
