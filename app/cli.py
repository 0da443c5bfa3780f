"""The `kariz` command: what an operator does without a browser."""

from importlib import import_module

import click
import sqlalchemy as sa
from flask import Flask
from flask.cli import AppGroup, FlaskGroup

from app import schema
from app.auth import services, sessions
from app.emails import parse_email
from app.errors import DomainError
from app.extensions import db
from app.users import services as accounts
from app.users.models import User

users = AppGroup("user", help="Staff accounts.")


@users.command("reset")
@click.argument("email")
def reset_user(email: str) -> None:
    """Print a link with which EMAIL chooses a new password; signs the user out everywhere."""
    user = db.session.scalar(sa.select(User).where(User.email == email.strip().lower()))
    if user is None:
        raise click.ClickException(f"nobody has the address {email}")
    token = services.make_link(user, "reset", by=None)
    sessions.end_all_of_user(user)
    db.session.commit()
    click.echo(f"/reset/{token}")


@users.command("create")
@click.argument("email")
@click.option("--name", required=True)
@click.option("--role", type=click.Choice(["admin", "manager", "agent", "sales"]), default="agent")
def create_user(email: str, name: str, role: str) -> None:
    """Make an account for EMAIL and print the link with which it is opened."""
    address = parse_email(email)
    if address is None:
        raise click.ClickException(f"{email} is no e-mail address")
    try:
        user = accounts.create(address, name, role, by=None)
    except DomainError as error:
        raise click.ClickException(error.message) from error
    token = services.make_link(user, "invitation", by=None)
    db.session.commit()
    click.echo(f"/invitation/{token}")


def init_app(app: Flask) -> None:
    """Add the commands."""
    from app import backup, checks

    app.cli.add_command(users)
    backup.init_app(app)
    checks.init_app(app)


def _make_app() -> Flask:
    """The application, and what its commands below `db` need beside it; web processes have no use for that."""
    from flask_migrate import Migrate

    app: Flask = import_module("app").create_app()
    Migrate(render_as_batch=True, compare_type=True).init_app(app, db, directory=str(schema.MIGRATIONS))
    return app


@click.group(cls=FlaskGroup, create_app=_make_app, add_default_commands=True)
def main() -> None:
    """Kariz."""


if __name__ == "__main__":
    main(prog_name="kariz")
