"""`kariz backup` and `kariz restore`. Progress goes to standard error, so that an archive may go to standard output."""

import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from app.backup import making, proving
from app.backup.archive import is_sealed
from app.backup.errors import BackupError, explained
from app.backup.places import Place, PostgreSQLPlace, SQLitePlace
from app.backup.restoring import FolderKeeper, Restored, Verified, verify
from app.backup.restoring import restore as carry_out
from app.checks import registry as checks
from app.checks.commands import own_language, show
from app.clock import utcnow
from app.embedded import claim_instance
from app.extensions import db
from app.i18n import as_viewer
from app.startup import StartupRefused

VARIABLE = "KARIZ_BACKUP_PASSPHRASE"
PATH = click.Path(path_type=Path)
KEY_FILE = click.option(
    "--key-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=f"A file whose content is the passphrase; else {VARIABLE} is asked, then you.",
)
QUIET = click.option("--quiet", is_flag=True, help="Say nothing while all is well.")

NO_KEY = (
    "The archive holds no key: everybody signs in anew, old survey links are refused, and the passwords of other "
    "services (the mail server) have to be typed again."
)
OTHER_KEY = (
    "SECRET_KEY of the environment is another one than that of the backup: set it to the content of {path} before you "
    "start Kariz, else nobody stays signed in and the mail password cannot be read."
)


class Trouble(click.ClickException):
    """What stopped us, in a sentence."""

    def show(self, file: Any = None) -> None:
        click.echo(self.format_message(), err=True, file=file)


def sayer(quiet: bool) -> Callable[[str], None]:
    """How progress is told."""
    return (lambda _sentence: None) if quiet else (lambda sentence: click.echo(f"  {sentence}", err=True))


def passphrase_of(key_file: Path | None, *, repeats: bool = False) -> str:
    """The passphrase: from the file, the environment, or the person at the terminal."""
    if key_file:
        with explained(key_file):
            said = key_file.read_text().strip()
    else:
        said = os.environ.get(VARIABLE, "")
    if not said and not key_file and sys.stdin.isatty():
        said = click.prompt("Passphrase", hide_input=True, confirmation_prompt=repeats, err=True)
    if not said:
        raise BackupError(f"A passphrase is needed: name a file that holds one (--key-file), or set {VARIABLE}.")
    return said


@click.command("backup")
@click.argument("file", type=PATH, required=False)
@click.option("--check", "checks_file", is_flag=True, help="Prove FILE by restoring it to a place of its own.")
@click.option("--encrypt", is_flag=True, help="Put the archive under a passphrase.")
@KEY_FILE
@click.option("--without-secrets", is_flag=True, help="Leave the key out: after a restore everybody signs in anew.")
@click.option("--keep", type=click.IntRange(1), help="Afterwards remove all but so many archives of the folder FILE.")
@QUIET
@with_appcontext
def backup(
    *,
    file: Path | None,
    checks_file: bool,
    encrypt: bool,
    key_file: Path | None,
    without_secrets: bool,
    keep: int | None,
    quiet: bool,
) -> None:
    """Save database, files and key in one archive, while people go on working.

    FILE is an archive to write, a folder for one named after the time, or - for standard output. Without it the archive
    goes to the folder backups of the instance.
    """
    try:
        if checks_file:
            _prove(file, key_file, quiet)
            return
        passphrase = passphrase_of(key_file, repeats=True) if encrypt or key_file else None
        _make(file, passphrase, with_secrets=not without_secrets, keep=keep, quiet=quiet)
    except (BackupError, SQLAlchemyError) as error:
        raise Trouble(told(error)) from error


def told(error: Exception) -> str:
    """What happened, for a person."""
    return str(error) if isinstance(error, BackupError) else f"The database refused: {error}".partition("\n[SQL")[0]


def _make(file: Path | None, passphrase: str | None, *, with_secrets: bool, keep: int | None, quiet: bool) -> None:
    say = sayer(quiet)
    if file is not None and str(file) == "-":
        if sys.stdout.isatty():
            raise BackupError("An archive is nothing for a terminal: send standard output to a file or a program.")
        with explained("standard output"):
            made = making.write(sys.stdout.buffer, passphrase=passphrase, with_secrets=with_secrets, say=say)
            sys.stdout.buffer.flush()
        _report(made, quiet)
        return
    target, folder = _target(file, is_sealed=passphrase is not None)
    if keep and folder is None:
        raise BackupError("--keep counts the archives of a folder: name a folder instead of a file.")
    made = making.write_file(target, passphrase=passphrase, with_secrets=with_secrets, say=say)
    for old in making.forget_old(folder, keep) if keep and folder else []:
        say(f"removed {old.name}")
    _report(made, quiet)
    click.echo(f"{target}  {_size(target.stat().st_size)}")


def _target(file: Path | None, *, is_sealed: bool) -> tuple[Path, Path | None]:
    """The archive to write, and its folder where we chose its name."""
    if file is not None and not file.is_dir():
        return file, None
    folder = file or current_app.config["INSTANCE_DIR"] / "backups"
    name = making.NAME.format(utcnow()) + (".sealed" if is_sealed else "")
    return folder / name, folder


def _report(made: making.Made, quiet: bool) -> None:
    for names, word in ((made.missing, "missing from the store"), (made.damaged, "damaged in the store")):
        if names:
            click.echo(f"  {len(names)} files are {word}, first {names[0]}. ./kariz check says more.", err=True)
    if not quiet:
        click.echo(f"  {made.rows} rows and {made.files} files ({_size(made.file_bytes)})", err=True)


def _size(number: int) -> str:
    return f"{number / 1_000_000:.1f} MB"


@click.command("restore")
@click.argument("file", type=PATH)
@click.option("--check", "checks_file", is_flag=True, help="Only prove the archive, in a place that is thrown away.")
@KEY_FILE
@QUIET
@with_appcontext
def restore(file: Path, checks_file: bool, key_file: Path | None, quiet: bool) -> None:
    """Restore the archive FILE into an empty place: a new INSTANCE_DIR, or an empty database and folder of files.

    The archive is read to its end and compared before anything is written; then all of it comes back, or nothing.
    Nothing is sent again: what had not left waits for a decision in Settings, Sent messages.
    """
    try:
        if checks_file:
            _prove(file, key_file, quiet)
            return
        _restore(file, key_file, sayer(quiet))
    except (BackupError, StartupRefused, SQLAlchemyError) as error:
        raise Trouble(told(error) if not isinstance(error, StartupRefused) else str(error)) from error


def _verified(file: Path, key_file: Path | None) -> Verified:
    passphrase = passphrase_of(key_file) if is_sealed(file) else None
    return verify(file, passphrase)


def _restore(file: Path, key_file: Path | None, say: Callable[[str], None]) -> None:
    config = current_app.config
    keeper = FolderKeeper(config["FILES_DIR"])
    place = place_of(db.engine.url)
    with ExitStack() as stack:
        if isinstance(place, SQLitePlace):
            stack.enter_context(claim_instance(config["INSTANCE_DIR"], wait_seconds=0))
        place.check_empty()
        say("reading the archive")
        verified = _verified(file, key_file)
        keeper.check_empty(verified.files)
        # From here on its pages would be of a file that is no longer there.
        db.session.remove()
        db.engine.dispose()
        done = carry_out(verified, place, keeper, say=say)
        advice = _take_key(verified)
    _tell(verified, done, advice)


def place_of(url: sa.URL) -> Place:
    """Where the configured database is, as a place to restore to."""
    if url.get_backend_name() != "sqlite":
        return PostgreSQLPlace(db.engine)
    if not url.database or url.database == ":memory:":
        raise BackupError("The database is not kept anywhere: set INSTANCE_DIR to a new folder.")
    return SQLitePlace(Path(url.database))


def _take_key(verified: Verified) -> str:
    """Make the archive's key ours; says what is left to do where the environment holds another one."""
    key = verified.secret_key
    if key is None:
        return NO_KEY
    path: Path = current_app.config["INSTANCE_DIR"] / "secret_key"
    with explained(path):
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(key)
    if os.environ.get("SECRET_KEY") in {None, "", key}:
        current_app.config["SECRET_KEY"] = key
        return ""
    return OTHER_KEY.format(path=path)


def _tell(verified: Verified, done: Restored, advice: str) -> None:
    click.echo(
        f"Restored the backup of {verified.header['made_at'][:19].replace('T', ' ')} UTC (Kariz "
        f"{verified.header['kariz']}): {sum(done.rows.values())} rows and {done.files} files."
    )
    if done.held:
        click.echo(f"{done.held} messages waited then. None is sent until you decide: Settings, Sent messages.")
    for name in verified.manifest["missing"]:
        click.echo(f"The file {name} was missing already when the backup was made.")
    if advice:
        click.echo(advice)
    with as_viewer(own_language()), checks.here() as house:
        results = checks.ask(house, checks.all_checks(("settings", "data")))
        show(results, only_trouble=True)
    if checks.worst(results) != checks.BAD:
        click.echo("The data is whole. Start Kariz.")
    else:
        raise SystemExit(1)


def _prove(file: Path | None, key_file: Path | None, quiet: bool) -> None:
    if file is None:
        raise BackupError("Name the archive to check.")
    say = sayer(quiet)
    with tempfile.TemporaryDirectory(prefix="kariz-proof-") as folder, as_viewer(own_language()):
        verified = _verified(file, key_file)
        done, results = proving.prove(verified, Path(folder), say=say)
        show(results, only_trouble=True)
    if checks.worst(results) == checks.BAD:
        raise BackupError("The archive is whole, but what it holds is not well.")
    click.echo(
        f"The archive is whole: {sum(done.rows.values())} rows and {done.files} files came back as they were saved."
    )
