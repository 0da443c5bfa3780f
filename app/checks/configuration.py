"""Checks of the environment: key, addresses, time zones, disk and rights."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.checks.registry import BAD, WARN, Finding, House, check, fine
from app.dates import in_digits
from app.i18n import _, _l
from app.money import format_number
from app.startup import is_loopback
from app.text import isolated

GIGABYTE = 1 << 30
FEW, TOO_FEW = 2 * GIGABYTE, GIGABYTE // 4
SHORT_KEY = 32
OTHERS = 0o077


@check("settings.key", _l("Key"), "settings")
def key(house: House) -> Finding:
    if len(house.config["SECRET_KEY"]) < SHORT_KEY:
        return Finding(
            WARN,
            _("SECRET_KEY is short enough to be guessed."),
            _("Set it to the output of openssl rand -base64 48. Everybody signs in anew after that."),
        )
    path = Path(house.config["INSTANCE_DIR"]) / "secret_key"
    if path.exists() and path.read_text() == house.config["SECRET_KEY"] and path.stat().st_mode & OTHERS:
        return Finding(
            BAD,
            _("Other accounts of this machine can read the key in %(path)s.", path=isolated(path)),
            _("Run chmod 600 on it."),
        )
    return fine(_("The key is long enough, and only this account reads it."))


@check("settings.address", _l("Public address"), "settings")
def address(house: House) -> Finding:
    config = house.config
    is_public = config["PRODUCTION"] or not is_loopback(config["HOST"])
    if not config["BASE_URL"]:
        if not is_public:
            return fine(_("Kariz answers on this machine only."))
        return Finding(
            WARN,
            _("Links in messages point to nowhere: the public address is not set."),
            _("Set BASE_URL to it, for example https://desk.example.com."),
        )
    if not config["BASE_URL"].startswith("https://"):
        return Finding(
            WARN,
            _("The public address %(url)s is not encrypted.", url=config["BASE_URL"]),
            _("Serve it by HTTPS and set BASE_URL to the https address."),
        )
    if not config["TRUSTED_PROXIES"]:
        return Finding(
            WARN,
            _("HTTPS ends at a proxy that is not named, so that everybody seems to come from there."),
            _("Set TRUSTED_PROXIES to the number of proxies in front of Kariz."),
        )
    if not config["ALLOWED_HOSTS"]:
        return Finding(
            WARN,
            _("Kariz answers to any name that it is called by."),
            _("Set ALLOWED_HOSTS to the names of the public address."),
        )
    return fine(_("The public address is %(url)s.", url=config["BASE_URL"]))


@check("settings.timezones", _l("Time zones"), "settings")
def timezones(house: House) -> Finding:
    name = house.setting("business.timezone")
    try:
        zone, tehran = ZoneInfo(name), ZoneInfo("Asia/Tehran")
    except (ZoneInfoNotFoundError, ValueError):
        return Finding(
            BAD, _("The time zone %(name)s is unknown on this machine.", name=name), _("Install the package tzdata.")
        )
    # Iran has kept one time all year since 2022; older data still moves its clocks.
    if datetime(2026, 7, 1, tzinfo=tehran).utcoffset() != timedelta(hours=3, minutes=30):
        return Finding(
            BAD,
            _("The time zone data of this machine is older than 2022, and wrong for Iran in summer."),
            _("Update the package tzdata."),
        )
    hour = in_digits(datetime.now(UTC).astimezone(zone).strftime("%H:%M"))
    return fine(_("In %(name)s it is %(time)s.", name=name, time=hour))


@check("settings.disk", _l("Disk"), "settings")
def disk(house: House) -> Finding:
    folders = [Path(house.config["INSTANCE_DIR"]), Path(house.config["FILES_DIR"])]
    free = {folder: shutil.disk_usage(_existing(folder)).free for folder in folders}
    folder = min(free, key=lambda one: free[one])
    size = format_number(f"{free[folder] / GIGABYTE:.1f}")
    where = isolated(folder)
    advice = _("Remove what is not needed, or move the folder to a larger disk.")
    if free[folder] < TOO_FEW:
        return Finding(
            BAD,
            _("The disk of %(path)s is all but full: %(size)s GB are left.", path=where, size=size),
            advice,
        )
    if free[folder] < FEW:
        return Finding(
            WARN,
            _("The disk of %(path)s is filling up: %(size)s GB are left.", path=where, size=size),
            advice,
        )
    return fine(_("%(size)s GB are free.", size=size))


@check("settings.rights", _l("Rights on files"), "settings")
def rights(house: House) -> Finding:
    for name in ("INSTANCE_DIR", "FILES_DIR"):
        folder = _existing(Path(house.config[name]))
        if not os.access(folder, os.W_OK | os.X_OK):
            return Finding(
                BAD,
                _("This account may not write to %(path)s.", path=isolated(folder)),
                _("Give the folder to the account that Kariz runs as."),
            )
    database = Path(house.config["INSTANCE_DIR"]) / "kariz.db"
    parent_is_open = database.parent.stat().st_mode & OTHERS & 0o055
    if not house.config["PRODUCTION"] and database.exists() and database.stat().st_mode & 0o044 and parent_is_open:
        return Finding(
            WARN,
            _("Other accounts of this machine can read the database."),
            _("Run chmod 700 on %(path)s.", path=isolated(database.parent)),
        )
    return fine(_("Kariz may write where it must."))


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    return next((one for one in (folder, *folder.parents) if one.exists()), folder)
