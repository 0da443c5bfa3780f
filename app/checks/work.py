"""Checks of what runs: the broker, the clock, messages that wait, long work, and the hours of the business."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import redis
import sqlalchemy as sa

from app import pulse
from app.calendars import CalendarError, calendars
from app.checks.registry import BAD, FULL, OK, WARN, Finding, House, _n, check, fine
from app.clock import utcnow
from app.dates import format_date, in_digits, jalali
from app.db import table_of
from app.held import HELD
from app.i18n import _, _l
from app.jobs import Job
from app.outbox import Outbox
from app.search import rebuilding

ROWS, JOBS = table_of(Outbox), table_of(Job)
LATE, TOO_LATE = timedelta(minutes=5), timedelta(hours=1)
SILENT = timedelta(minutes=3)
SOON = timedelta(days=14)
# The holidays of a year are known once this many are listed.
FEWEST_HOLIDAYS = 20


@check("settings.redis", _l("Redis"), "settings")
def broker(house: House) -> Finding:
    url = house.config["REDIS_URL"]
    if not url:
        return fine(_("Kariz does its tasks itself and needs no Redis."))
    client = redis.Redis.from_url(url, socket_connect_timeout=2, socket_timeout=2)
    try:
        client.ping()
    except redis.RedisError:
        return Finding(
            BAD, _("Redis does not answer: tasks wait and open pages hear no news."), _("Start it, or mend REDIS_URL.")
        )
    finally:
        client.close()
    return fine(_("Redis answers."))


@check("running.clock", _l("Clock"), "running")
def clock(house: House) -> Finding:
    advice = _("Start Kariz; with Redis a task worker and exactly one clock process belong to it.")
    last = pulse.last_tick(house.config)
    if last is None:
        return Finding(WARN, _("The clock has not ticked yet."), advice)
    silent = utcnow() - last
    if silent > SILENT:
        return Finding(
            WARN,
            _n(
                "The clock stands still for %(num)s minute: nothing due is done.",
                "The clock stands still for %(num)s minutes: nothing due is done.",
                int(silent.total_seconds() // 60),
            ),
            advice,
        )
    return fine(_("The clock ticks, and tasks are done."))


@check("running.waiting", _l("Waiting messages"), "running")
def waiting(house: House) -> Finding:
    now = utcnow()
    due = sa.and_(ROWS.c.state == "waiting", ROWS.c.due_at < now - LATE)
    free = sa.or_(ROWS.c.claimed_until.is_(None), ROWS.c.claimed_until < now)
    oldest = house.scalar(sa.select(sa.func.min(ROWS.c.due_at)).where(due, free))
    if oldest is None:
        return fine(_("Nothing waits that should have left."))
    minutes = int((now - oldest).total_seconds() // 60)
    sentence = _n(
        "What is due has been waiting for %(num)s minute.", "What is due has been waiting for %(num)s minutes.", minutes
    )
    advice = _("Look whether the clock ticks and a worker runs; what waits is done as soon as they do.")
    return Finding(BAD if now - oldest > TOO_LATE else WARN, sentence, advice)


@check("running.undecided", _l("Messages to decide about"), "running")
def undecided(house: House) -> Finding:
    is_held = sa.and_(ROWS.c.state == "unknown", ROWS.c.error == HELD)
    stuck = sa.select(sa.func.count().filter(is_held), sa.func.count().filter(~is_held))
    query = stuck.where(ROWS.c.state.in_(("failed", "unknown")))
    held, failed = house.connection.execute(query).one()
    advice = _("Decide about them in Settings, Sent messages.")
    if held:
        return Finding(
            WARN,
            _n(
                "%(num)s message waited when the restored backup was made.",
                "%(num)s messages waited when the restored backup was made.",
                held,
            ),
            advice,
        )
    if failed:
        return Finding(
            WARN,
            _n(
                "%(num)s message failed, or nobody knows whether it arrived.",
                "%(num)s messages failed, or nobody knows whether they arrived.",
                failed,
            ),
            advice,
        )
    return fine(_("Everything that left has arrived, as far as can be known."))


@check("running.jobs", _l("Long work"), "running")
def jobs(house: House) -> Finding:
    now = utcnow()
    leases = sa.select(JOBS.c.id).join(
        ROWS, ROWS.c.key == sa.literal("job:") + sa.cast(JOBS.c.id, sa.String), isouter=True
    )
    gone = sa.or_(ROWS.c.id.is_(None), ROWS.c.state != "waiting")
    stuck = house.count(leases.where(JOBS.c.state == "running", gone, JOBS.c.created_at < now - LATE))
    if stuck:
        return Finding(
            BAD,
            _n("%(num)s import or export stopped half-way.", "%(num)s imports or exports stopped half-way.", stuck),
            _("Open it and start it again: it goes on where it stood."),
        )
    failed = house.count(
        sa.select(JOBS.c.id).where(JOBS.c.state == "failed", JOBS.c.created_at > now - timedelta(days=1))
    )
    if failed:
        return Finding(
            WARN,
            _n(
                "%(num)s import or export failed in the last day.",
                "%(num)s imports or exports failed in the last day.",
                failed,
            ),
            _("Its page says why."),
        )
    return fine(_("No import or export is stuck."))


@check("running.hours", _l("Working hours"), "running")
def hours(_house: House) -> Finding:
    now = utcnow()
    try:
        week, holidays = calendars().default, calendars().holidays
        opens = week.next_open(now)
    except CalendarError as error:
        return Finding(BAD, str(error), _("Set them in Settings, Business."))
    if opens - now > SOON:
        day = format_date(opens.astimezone(ZoneInfo(week.timezone)).date())
        return Finding(WARN, _("The business is closed until %(day)s.", day=day), _("Set them in Settings, Business."))
    years = sorted({jalali(now).year, jalali(now + timedelta(days=183)).year})
    unknown = [year for year in years if len(holidays.of_year(year)) < FEWEST_HOLIDAYS]
    if unknown:
        return Finding(
            WARN,
            _("The public holidays of %(year)s are not known.", year=in_digits(str(unknown[0]))),
            _("Take a newer version of Kariz, and close those days by hand until then."),
        )
    return Finding(OK, _("Working hours are set and holidays are known for the coming months."))


@check("running.search", _l("Search"), "running", FULL)
def search(_house: House) -> Finding:
    differences = rebuilding.state()
    wrong = sum(difference.missing + difference.extra for difference in differences)
    if wrong:
        return Finding(
            WARN,
            _n(
                "%(num)s thing is found wrongly or not at all.",
                "%(num)s things are found wrongly or not at all.",
                wrong,
            ),
            _("Run ./kariz search rebuild; people go on working meanwhile."),
        )
    return fine(_("Everything that is written can be found."))
