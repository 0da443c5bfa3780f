"""Who reads a page, and in which language it is written."""

import os
from types import SimpleNamespace

import pytest
from flask import Flask, g, render_template_string
from flask_babel import gettext as babel_gettext
from flask_login import LoginManager
from sqlalchemy.exc import OperationalError

from app import i18n
from app.i18n import ENGLISH, PERSIAN, Catalogues, _, _l, _n, as_viewer, forget_viewer, localised, viewer

STORED = {"business.language": "fa", "business.unit": "toman", "business.timezone": "Asia/Tehran"}
PAGE = "{{ viewer.locale }} {{ viewer.calendar }} {{ viewer.digits }} {{ viewer.direction }} {{ _('just now') }}"


@pytest.fixture
def stored(monkeypatch):
    """The settings of the business, to be changed by the test."""
    values = dict(STORED)
    monkeypatch.setattr("app.settings.get", values.__getitem__)
    return values


@pytest.fixture
def people(monkeypatch):
    """Who is signed in: `staff` on staff pages, `contact` the language of the portal's visitor."""
    found = SimpleNamespace(staff=None, contact=None, lookups=0)
    monkeypatch.setattr(i18n, "_customer_language", lambda: found.contact)
    return found


@pytest.fixture
def small(stored, people):
    small = Flask("readers")
    login = LoginManager(small)

    @login.request_loader
    def load(_request):
        people.lookups += 1
        return people.staff

    i18n.init_app(small)
    for path in ("/", "/portal/", "/portal", "/portals"):
        small.add_url_rule(path, path, lambda: render_template_string(PAGE))
    return small


def person(locale: str | None = "fa", calendar: str | None = "jalali", digits: str | None = "fa") -> SimpleNamespace:
    return SimpleNamespace(is_authenticated=True, locale=locale, calendar=calendar, digits=digits)


@pytest.fixture
def read(small):
    """What a page says to whoever asks, with the language cookie given."""

    def get(path="/", cookie=None):
        client = small.test_client()
        if cookie is not None:
            client.set_cookie("kariz_lang", cookie)
        return client.get(path).get_data(as_text=True)

    return get


def test_a_stranger_reads_the_language_of_the_business(read, stored):
    assert read() == "fa jalali fa rtl همین حالا"
    stored["business.language"] = "en"
    assert read() == "en gregorian latin ltr just now"


@pytest.mark.parametrize("path", ["/", "/portal/", "/portal"])
def test_a_strangers_cookie_chooses(read, path):
    assert read(path, "en") == "en gregorian latin ltr just now"
    assert read(path, "fa") == read(path, "<x>") == read(path, "") == "fa jalali fa rtl همین حالا"


def test_staff_read_as_they_prefer(read, people):
    people.staff = person("en", "jalali", "fa")
    assert read(cookie="fa") == "en jalali fa ltr just now"
    people.staff = person(None, None, None)
    assert read(cookie="en") == "en gregorian latin ltr just now"


def test_the_portal_is_read_in_the_contacts_language_only(read, people):
    people.staff = person("en")
    assert read("/portal/").startswith("fa")
    people.contact = "en"
    assert read("/portal/", "fa").startswith("en gregorian latin")
    assert read("/portals").startswith("en jalali")
    people.staff = None
    assert read("/").startswith("fa")


def test_the_reader_is_looked_up_once_a_request(small, people):
    with small.test_request_context("/"):
        assert viewer() is viewer()
        assert people.lookups == 1
        people.staff = person("en")
        g.pop("_login_user")
        forget_viewer()
        assert viewer().locale == "en"


def test_requests_inside_one_application_context_do_not_share_their_reader(small, people):
    with small.app_context():
        with small.test_request_context("/", headers={"Cookie": "kariz_lang=en"}):
            assert viewer().locale == "en"
        with small.test_request_context("/"):
            assert viewer().locale == "fa"


def test_unit_and_time_zone_are_those_of_the_business(small, stored):
    stored.update({"business.unit": "rial", "business.timezone": "Asia/Dubai"})
    with small.test_request_context("/"):
        assert viewer().unit == "rial"
        assert viewer().zone.key == "Asia/Dubai"


def test_messages_are_written_for_their_receiver(small):
    with small.test_request_context("/"):
        assert _("just now") == "همین حالا"
        with as_viewer("en", digits="fa") as reader:
            assert reader == viewer()
            assert (viewer().locale, viewer().digits) == ("en", "fa")
            assert _("just now") == "just now"
            with as_viewer(None):
                assert _("just now") == "همین حالا"
            assert viewer().locale == "en"
        assert viewer().locale == "fa"


def test_outside_of_everything_there_is_persian():
    assert viewer() == PERSIAN
    with as_viewer("en"):
        assert viewer() == ENGLISH


def test_the_page_that_says_the_database_is_down_is_still_written(small, monkeypatch, people):
    def fail(_key: str) -> None:
        raise OperationalError("select", {}, Exception("gone"))

    monkeypatch.setattr("app.settings.get", fail)
    with small.test_request_context("/"):
        assert viewer() == PERSIAN
    monkeypatch.setattr(i18n, "_customer_language", lambda: fail(""))
    with small.test_request_context("/portal/", headers={"Cookie": "kariz_lang=en"}):
        assert viewer() == ENGLISH


def test_every_way_to_translate_agrees(small):
    with small.test_request_context("/"):
        assert babel_gettext("just now") == str(_l("just now")) == _("just now") == "همین حالا"
        assert _("%(distance)s ago", distance="۵") == "۵ پیش"
        assert render_template_string("{{ _('%(distance)s ago', distance='<b>') }}") == "&lt;b&gt; پیش"
        assert _n("%(num)s unheard of", "%(num)s unheards of", 2) == "2 unheards of"
        assert render_template_string("{{ ngettext('%(num)s unheard', '%(num)s unheards', 1) }}") == "1 unheard"


def test_lazy_sentences_follow_the_reader():
    label = _l("%(distance)s ago", distance="5")
    with as_viewer("en"):
        assert str(label) == "5 ago"
    assert f"{label}" == "5 پیش"


def test_of_two_texts_the_readers_own_is_shown_else_the_other():
    assert localised("سلام", "Hello") == "سلام"
    assert localised("", "Hello") == localised(None, "Hello") == "Hello"
    with as_viewer("en"):
        assert localised("سلام", "Hello") == "Hello"
        assert localised("سلام", None) == "سلام"
        assert localised(None, None) == ""


CATALOGUE = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Door"\nmsgstr "{}"\n'


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "fa" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    return folder


def test_a_catalogue_is_read_once_and_again_after_a_change_only_where_that_is_watched(tmp_path, folder):
    (folder / "messages.po").write_text(CATALOGUE.format("در"))
    steady, watching = Catalogues(tmp_path), Catalogues(tmp_path)
    watching.watches = True
    assert steady.gettext("Door") == watching.gettext("Door") == "در"
    assert steady.get_translations() is steady.get_translations()
    assert watching.get_translations() is watching.get_translations()
    (folder / "messages.po").write_text(CATALOGUE.format("دروازه"))
    os.utime(folder / "messages.po", (4e9, 4e9))
    assert steady.gettext("Door") == "در"
    assert watching.gettext("Door") == "دروازه"


def test_a_missing_catalogue_leaves_the_source(tmp_path):
    assert Catalogues(tmp_path).gettext("Door") == "Door"


def test_an_old_compiled_catalogue_gives_way_to_a_newer_written_one(tmp_path, folder):
    (folder / "messages.mo").write_bytes(b"not even readable")
    os.utime(folder / "messages.mo", (1e9, 1e9))
    (folder / "messages.po").write_text(CATALOGUE.format("در"))
    assert Catalogues(tmp_path).gettext("Door") == "در"
