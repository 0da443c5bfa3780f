"""The second factor, passkeys, avatars and notification choices."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    # In place: made anew on SQLite, the tables would lose their checks.
    op.execute("ALTER TABLE users ADD COLUMN picture_id INTEGER "
               "CONSTRAINT fk_users_picture_id REFERENCES files (id)")  # fmt: skip
    op.add_column("users", sa.Column("quiet_from", sa.String()))
    op.add_column("users", sa.Column("quiet_until", sa.String()))
    op.add_column("sessions", sa.Column("address", sa.String(), server_default="", nullable=False))
    op.add_column("sessions", sa.Column("method", sa.String(), server_default="", nullable=False))
    op.add_column("sessions", sa.Column("proved_at", sa.DateTime(timezone=True)))
    op.add_column("notifications", sa.Column("mailed_at", sa.DateTime(timezone=True)))
    create_steps()
    create_factors()
    op.create_table(
        "notice_choices",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.CheckConstraint("level IN ('nothing', 'bell', 'mail')", name=op.f("ck_notice_choices_level")),
        owner("notice_choices"),
        sa.PrimaryKeyConstraint("user_id", "kind", name=op.f("pk_notice_choices")),
    )


def owner(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f(f"fk_{table}_user_id"), ondelete="CASCADE")


def when(name: str, *, needed: bool = False) -> sa.Column[sa.DateTime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not needed)


def create_steps() -> None:
    """Sign-ins on their way, trusted browsers, changes of an address."""
    op.create_table(
        "sign_in_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        *(when("created_at", needed=True), when("expires_at", needed=True)),
        sa.Column("tries", sa.Integer(), nullable=False),
        when("done_at"),
        sa.CheckConstraint("kind IN ('code', 'set_up')", name=op.f("ck_sign_in_steps_kind")),
        owner("sign_in_steps"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_steps")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_steps_token_hash")),
    )
    op.create_table(
        "trusted_browsers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        *(when("created_at", needed=True), when("seen_at", needed=True), when("expires_at", needed=True)),
        when("ended_at"),
        owner("trusted_browsers"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trusted_browsers")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_trusted_browsers_token_hash")),
    )
    op.create_table(
        "address_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("old_email", sa.String(), nullable=False),
        *(when("created_at", needed=True), when("expires_at", needed=True), when("used_at")),
        owner("address_changes"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_changes")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_address_changes_token_hash")),
    )
    for table in ("sign_in_steps", "trusted_browsers", "address_changes"):
        op.create_index(f"ix_{table}_user_id", table, ["user_id"])


def create_factors() -> None:
    """What proves a person beside the password."""
    op.create_table(
        "authenticators",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        *(when("created_at", needed=True), when("confirmed_at")),
        sa.Column("last_step", sa.Integer(), nullable=False),
        owner("authenticators"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_authenticators")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        *(when("created_at", needed=True), when("used_at")),
        owner("recovery_codes"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_recovery_codes_code_hash")),
    )
    op.create_table(
        "passkeys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("credential_id", sa.String(), nullable=False),
        sa.Column("public_key", sa.String(), nullable=False),
        sa.Column("user_handle", sa.String(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        *(when("created_at", needed=True), when("used_at")),
        owner("passkeys"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkeys_credential_id")),
    )
    op.create_table(
        "challenges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("challenge_hash", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        *(when("created_at", needed=True), when("used_at")),
        sa.CheckConstraint("purpose IN ('add', 'sign_in', 'prove')", name=op.f("ck_challenges_purpose")),
        owner("challenges"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenges")),
        sa.UniqueConstraint("challenge_hash", name=op.f("uq_challenges_challenge_hash")),
    )
    for table in ("recovery_codes", "passkeys", "challenges"):
        op.create_index(f"ix_{table}_user_id", table, ["user_id"])


def downgrade() -> None:
    for table in ("notice_choices", "challenges", "passkeys", "recovery_codes", "authenticators", "address_changes",
                  "trusted_browsers", "sign_in_steps"):  # fmt: skip
        op.drop_table(table)
    op.drop_column("notifications", "mailed_at")
    for name in ("proved_at", "method", "address"):
        op.drop_column("sessions", name)
    for name in ("quiet_until", "quiet_from", "picture_id"):
        op.drop_column("users", name)
