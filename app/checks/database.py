"""Checks of the database itself: its tables are those of this version, and no row points nowhere."""

import sqlalchemy as sa

from app import schema
from app.backup.tables import revision_of
from app.checks.registry import BAD, FULL, Finding, House, check, fine
from app.i18n import _, _l


@check("data.revision", _l("Tables"), "data")
def revision(house: House) -> Finding:
    found, wanted = revision_of(house.connection), schema.head()
    if found == wanted:
        return fine(_("The tables are those of this version (%(revision)s).", revision=wanted))
    if found is None:
        return Finding(BAD, _("The database has no tables yet."), _("Run ./kariz db upgrade."))
    if not schema.knows(found):
        return Finding(
            BAD,
            _("The tables (%(revision)s) are of a newer version than this one.", revision=found),
            _("Start the version of Kariz that made them, or restore a backup of this one."),
        )
    return Finding(
        BAD,
        _("The tables are older (%(found)s) than this version (%(wanted)s).", found=found, wanted=wanted),
        _("Make a backup, then run ./kariz db upgrade."),
    )


@check("data.references", _l("References"), "data", FULL)
def references(house: House) -> Finding:
    if house.connection.dialect.name == "sqlite":
        wrong = house.connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        name = wrong[0] if wrong else None
    else:
        # PostgreSQL holds them itself, but for those that somebody added without a look at the rows.
        name = house.scalar(
            sa.text(
                "SELECT conrelid::regclass::text FROM pg_constraint WHERE contype = 'f' AND NOT convalidated LIMIT 1"
            )
        )
    if name:
        return Finding(
            BAD,
            _("Rows of the table %(name)s point to rows that are gone.", name=name),
            _("Restore the newest backup that has them; write to us if there is none."),
        )
    return fine(_("Every row points to one that is there."))


@check("data.pages", _l("Database file"), "data", FULL)
def pages(house: House) -> Finding:
    if house.connection.dialect.name != "sqlite":
        return fine(_("PostgreSQL looks after its files."))
    found = house.connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    if found == "ok":
        return fine(_("The file can be read from end to end."))
    return Finding(
        BAD,
        _("The database file is damaged: %(reason)s", reason=str(found)),
        _("Stop Kariz, keep a copy of the file, and restore the newest backup."),
    )
