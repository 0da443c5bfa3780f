"""Jinja filters: the only place where dates, digits and amounts become local."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

from flask import Flask
from jinja2 import pass_context
from markupsafe import Markup, escape

from app import codes, dates, markup, money, phones, text
from app.i18n import _


def digits(value: object) -> str:
    """Any value with its digits in the viewer's script; empty for None."""
    return "" if value is None else dates.in_digits(str(value))


def number(value: float | str | None) -> str:
    """A number with grouped thousands; empty for None."""
    return "" if value is None else money.format_number(value)


def code(value: str | None) -> Markup:
    """A tracking code (or another code) to read and copy, kept left to right in ASCII."""
    return Markup('<bdi class="code">{}</bdi>').format(codes.show_code(value)) if value else Markup()


def phone(value: str | None) -> Markup:
    """A stored telephone number, or one that is kept as it was typed, in the viewer's digits."""
    if not value:
        return Markup()
    shown = phones.show_phone(phones.parse_phone(value) or value)
    return Markup('<bdi class="code">{}</bdi>').format(digits(shown))


def ago(moment: datetime | None, short: bool = False) -> Markup:
    """A <time> that says how long ago, with the exact day and time as its title."""
    if moment is None:
        return Markup()
    # Put together by hand: a board prints hundreds of these.
    return Markup(  # noqa: S704  # made of our own figures and sentences, escaped
        f'<time datetime="{_utc(moment):%Y-%m-%dT%H:%M:%SZ}" data-ago="{"short" if short else "long"}" '
        f'title="{escape(dates.format_datetime(moment))}">{escape(dates.relative(moment, short=short))}</time>'
    )


def _utc(moment: datetime) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def toman(rials: int | None) -> str:
    """An amount of rials in the viewer's unit, with the unit's name."""
    return money.format_money(rials, word=True)


def amount(rials: int | None) -> str:
    """An amount of rials in the viewer's unit, without its name."""
    return money.format_money(rials)


def filesize(size: int | None) -> str:
    """A number of bytes: «۱٫۲ مگابایت»."""
    if size is None:
        return ""
    if size < 1000:
        return _("%(size)s bytes", size=money.format_number(size))
    power = next((power for power in (1, 2) if round(size / 1000**power) < 1000), 3)
    scaled = size / 1000**power
    shown = money.format_number(f"{scaled:.1f}".removesuffix(".0") if scaled < 9.95 else f"{scaled:.0f}")
    return {1: _("%(size)s KB"), 2: _("%(size)s MB"), 3: _("%(size)s GB")}[power] % {"size": shown}


def jdate(value: date | datetime | None, style: str = "long") -> str:
    """The day in the viewer's calendar."""
    return dates.format_date(value, style)


def _for_each_reader(fn: Callable[..., object]) -> Callable[..., object]:
    """The filter, asked at every rendering: of a constant it would be worked out when the template is compiled."""

    @pass_context
    def asked(_context: object, *args: object, **kwargs: object) -> object:
        return fn(*args, **kwargs)

    return asked


def init_app(app: Flask) -> None:
    """Give the templates their filters."""
    filters: dict[str, Callable[..., object]] = {
        "digits": digits,
        "number": number,
        "jdate": jdate,
        "jdatetime": dates.format_datetime,
        "jtime": dates.format_time,
        "ago": ago,
        "toman": toman,
        "amount": amount,
        "phone": phone,
        "code": code,
        "filesize": filesize,
        "initials": text.initials,
        "rich": markup.render,
    }
    app.jinja_env.filters.update({name: _for_each_reader(fn) for name, fn in filters.items()})
