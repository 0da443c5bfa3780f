"""Two languages: who reads this, in which language, calendar, digits and unit; and the sentences in that language."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol, cast
from zoneinfo import ZoneInfo

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, Request, has_app_context, has_request_context, request
from flask_babel import Babel, Domain
from flask_babel.speaklater import LazyString
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.local import LocalProxy

from app.links import is_api

LOCALES = ("fa", "en")
LANGUAGE_COOKIE = "kariz_lang"
DIRECTORY = Path(__file__).resolve().parent.parent / "translations"


@dataclass(frozen=True, slots=True)
class Viewer:
    """How the reader of this page or message wants things written."""

    locale: str = "fa"  # fa, en
    calendar: str = "jalali"  # jalali, gregorian
    digits: str = "fa"  # fa, latin
    unit: str = "toman"  # toman, rial
    direction: str = "rtl"  # rtl, ltr
    timezone: str = "Asia/Tehran"

    @property
    def zone(self) -> ZoneInfo:
        return _zone(self.timezone)


_zone = lru_cache(maxsize=32)(ZoneInfo)


PERSIAN = Viewer()
ENGLISH = Viewer(locale="en", calendar="gregorian", digits="latin", direction="ltr")
# Where a request keeps its reader. Every sentence and every digit asks: the proxy would cost more than the answer.
KNOWN = "kariz.viewer"
_request_of_now = cast("Callable[[], Request]", request._get_current_object)  # type: ignore[attr-defined]  # noqa: SLF001
_as_viewer: ContextVar[Viewer | None] = ContextVar("as_viewer", default=None)
_customer_language: Callable[[], str | None] = lambda: None  # noqa: E731  # replaced by the portal


class StaffPreferences(Protocol):
    """What the viewer takes from a signed-in member of staff; None or empty means as usual in that language."""

    is_authenticated: bool
    locale: str | None
    calendar: str | None
    digits: str | None


def set_viewer_source(language: Callable[[], str | None]) -> None:
    """Tell who reads portal pages: `language` gives the signed-in contact's language, None when nobody is signed in."""
    global _customer_language
    _customer_language = language


def viewer() -> Viewer:
    """The reader of what is being written now. Computed once a request."""
    chosen = _as_viewer.get()
    if chosen is not None:
        return chosen
    try:
        environ = _request_of_now().environ
    except RuntimeError:
        # Outside of a request, which the proxy knows as fast as anybody else.
        return _in_language(None)
    known: Viewer | None = environ.get(KNOWN)
    if known is None:
        known = environ[KNOWN] = _of_request()
    return known


def language() -> str:
    """The viewer's locale alone. Costs no query where the user or the browser says it: every sentence asks."""
    chosen = _as_viewer.get()
    if chosen is not None:
        return chosen.locale
    try:
        known: Viewer | None = _request_of_now().environ.get(KNOWN)
    except RuntimeError:
        return viewer().locale
    if known is not None:
        return known.locale
    said = request.cookies.get(LANGUAGE_COOKIE)
    if is_api():
        said = _asked_by_program()
    elif request.path.startswith("/portal"):
        said = _customer_language() or said
    elif (staff := _staff()) is not None:
        said = staff.locale or said
    return said if said in LOCALES else viewer().locale


def settle_viewer() -> None:
    """Let the browser alone say who reads, where nobody has asked yet: the database is not to be asked any more."""
    cookie = request.cookies.get(LANGUAGE_COOKIE)
    request.environ.setdefault(KNOWN, ENGLISH if cookie == "en" else PERSIAN)


def forget_viewer() -> None:
    """Look the reader up again: somebody signed in or changed preferences in this very request."""
    if has_request_context():
        request.environ.pop(KNOWN, None)


@contextmanager
def as_viewer(locale: str | None, **changes: str) -> Iterator[Viewer]:
    """Write for somebody else inside the block, say for the contact a message goes to.

    `locale` None means the language of the business; `changes` are further attributes of `Viewer`.
    """
    token = _as_viewer.set(replace(_in_language(locale), **changes))
    try:
        yield viewer()
    finally:
        _as_viewer.reset(token)


def _in_language(locale: str | None) -> Viewer:
    """The usual viewer of a language, in the unit and time zone of the business."""
    if not has_app_context():
        return ENGLISH if locale == "en" else PERSIAN
    from app import settings

    try:
        locale = locale if locale in LOCALES else settings.get("business.language")
        unit, timezone = settings.get("business.unit"), settings.get("business.timezone")
    except SQLAlchemyError:
        # What says that the database does not answer must still be written.
        return ENGLISH if locale == "en" else PERSIAN
    return replace(ENGLISH if locale == "en" else PERSIAN, unit=unit, timezone=timezone)


def _of_request() -> Viewer:
    if is_api():
        return _in_language(_asked_by_program())
    cookie = request.cookies.get(LANGUAGE_COOKIE)
    is_portal = request.path == "/portal" or request.path.startswith("/portal/")
    try:
        language, staff = (_customer_language(), None) if is_portal else (None, _staff())
    except SQLAlchemyError:
        return _in_language(cookie)
    if staff is None:
        return _in_language(language or cookie)
    found = _in_language(staff.locale or cookie)
    return replace(found, calendar=staff.calendar or found.calendar, digits=staff.digits or found.digits)


def _asked_by_program() -> str | None:
    """The language of the header Accept-Language, else that of the token's user."""
    asked = request.accept_languages.best_match(LOCALES)
    staff = None if asked else _staff()
    return asked or (staff.locale if staff else None)


def _staff() -> StaffPreferences | None:
    """The signed-in member of staff."""
    from flask import current_app
    from flask_login import current_user

    if not hasattr(current_app, "login_manager"):
        return None
    user = cast("StaffPreferences | None", current_user)
    return user if user is not None and user.is_authenticated else None


class Catalogues(Domain):  # type: ignore[misc]
    """The sentences of each language, read once for the process and chosen by `viewer()`, also outside a request."""

    def __init__(self, directory: Path = DIRECTORY) -> None:
        super().__init__(translation_directories=[str(directory)])
        self.directory = directory
        self.watches = False
        self._read: dict[str, tuple[float, NullTranslations]] = {}

    def get_translations(self) -> NullTranslations:
        locale = language()
        read = self._read.get(locale)
        if read is None or (self.watches and read[0] != self._changed_at(locale)):
            read = self._read[locale] = (self._changed_at(locale), self._load(locale))
        return read[1]

    def _files(self, locale: str) -> list[Path]:
        """The catalogue files that exist, the newest first."""
        folder = self.directory / locale / "LC_MESSAGES"
        files = [file for file in (folder / "messages.mo", folder / "messages.po") if file.exists()]
        return sorted(files, key=lambda file: file.stat().st_mtime, reverse=True)

    def _changed_at(self, locale: str) -> float:
        return max((file.stat().st_mtime for file in self._files(locale)), default=0.0)

    def _load(self, locale: str) -> NullTranslations:
        """Read the compiled catalogue, or compile the written one in memory when that is newer."""
        for file in self._files(locale)[:1]:
            with file.open("rb") as opened:
                if file.suffix == ".mo":
                    return Translations(opened)
                compiled = BytesIO()
                write_mo(compiled, read_po(opened, locale=locale))
            compiled.seek(0)
            return Translations(compiled)
        return NullTranslations()


catalogues = Catalogues()


def _(source: str, **variables: Any) -> str:
    """The sentence in the viewer's language, with %(name)s filled in."""
    sentence: str = catalogues.get_translations().ugettext(source)
    return sentence % variables if variables else sentence


def in_template(source: str, **variables: Any) -> Markup:
    """The same in a template: our own words are safe, and what is filled in is escaped."""
    sentences = catalogues.get_translations()
    return Markup(sentences.ugettext(source)) % variables if variables else _said(sentences, source)  # noqa: S704


@lru_cache(maxsize=8192)
def _said(sentences: NullTranslations, source: str) -> Markup:
    return Markup(sentences.ugettext(source)) % {}  # noqa: S704


def _l(source: str, **variables: Any) -> str:
    """The same, translated when it is shown: for labels and texts made while modules load."""
    return cast("str", LazyString(_, source, **variables))


def _n(singular: str, plural: str, num: int, **variables: Any) -> str:
    """The sentence for this number; %(num)s is filled in."""
    return cast("str", catalogues.ngettext(singular, plural, num, **variables))


gettext, lazy_gettext, ngettext = _, _l, _n


def localised(fa: str | None, en: str | None) -> str:
    """Of two texts that people wrote, the one in the viewer's language; the other when that is empty."""
    return (en or fa or "") if viewer().locale == "en" else (fa or en or "")


def init_app(app: Flask) -> None:
    """Make Flask-Babel, Jinja and the templates speak the viewer's language."""
    babel = Babel(configure_jinja=False)
    babel.init_app(app, default_locale="en", locale_selector=lambda: viewer().locale)
    babel.domain_instance = catalogues
    catalogues.watches = app.debug
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda source: catalogues.get_translations().ugettext(source),
        ngettext=lambda singular, plural, num: catalogues.get_translations().ungettext(singular, plural, num),
        newstyle=True,
    )
    app.jinja_env.globals.update(_=in_template, gettext=in_template, viewer=LocalProxy(viewer), localised=localised)
