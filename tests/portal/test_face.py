"""The business's face and help: colour, logo, phone, answers."""

import pytest

from app import settings
from app.colors import contrast
from app.extensions import db
from app.files import StoredFile
from knowledge.models import FaqEntry
from portal.brand import DARK_GROUND, DARK_INK, LIGHT_GROUND, WHITE, variants
from tests.portal.looking import text_of
from tests.portal.shop import picture


@pytest.mark.parametrize(
    "color", ["#1f6244", "#ffee00", "#ffffff", "#000000", "#0000ff", "#e91e63", "#9e9e9e", "#00ff00"]
)
def test_any_colour_is_made_readable_in_light_and_dark(color):
    """UI: 4.5:1 on the grounds of the portal, and of the words on a filled button."""
    light, dark = variants(color)
    assert min(contrast(light, LIGHT_GROUND), contrast(light, WHITE)) >= 4.5
    assert min(contrast(dark, DARK_GROUND), contrast(dark, DARK_INK)) >= 4.5


def test_a_colour_that_reads_is_left_alone():
    assert variants("#1f6244")[0] == "#1f6244"


@pytest.mark.parametrize("color", [None, "", "red", "#12", "#12345g", 7, "#fff; } body { display: none"])
def test_what_is_no_colour_is_the_usual_one(color):
    assert variants(color) == variants("#1f6244")


def test_the_stylesheet_carries_the_colour(client, world):
    settings.put("business.color", "#7b1fa2", by=world.admin)
    db.session.commit()
    answer = client.get("/portal/brand.css")
    assert answer.mimetype == "text/css"
    assert "#7b1fa2" in answer.text
    assert answer.headers["Cache-Control"] == "public, max-age=300"


def test_the_logo_is_a_picture_or_nothing(client, world):
    from app.files import store

    assert client.get("/portal/logo").status_code == 404
    stored = store(picture())
    settings.put("business.logo", stored.id, by=world.admin)
    db.session.commit()
    assert client.get("/portal/logo").mimetype == "image/png"
    db.session.get_one(StoredFile, stored.id).content_type = "application/pdf"
    db.session.commit()
    assert client.get("/portal/logo").status_code == 404


@pytest.mark.parametrize(
    "url", ["/portal/", "/portal/requests/new", "/portal/orders", "/portal/help", "/portal/account"]
)
def test_the_telephone_and_its_hours_stand_on_every_page(as_contact, world, nika, url):
    """K1."""
    settings.put("business.phone", "+982191002420", by=world.admin)
    db.session.commit()
    page = text_of(as_contact(nika), url)
    assert 'href="tel:+982191002420"' in page
    assert "شنبه تا چهارشنبه" in page


def test_help_is_open_to_everybody(client, shop):
    """G7."""
    assert "سفارشم کی می‌رسد؟" in text_of(client, "/portal/help")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("سفارشم", True),
        ("کی میرسد", True),
        ("كي مي رسد", True),
        ("arrive", True),
        ("روز کاری تهران", True),
        ("پرتقال", False),
    ],
)
def test_help_is_searched_as_people_write(client, shop, asked, found):
    assert ("سفارشم کی می‌رسد؟" in text_of(client, f"/portal/help?q={asked}")) is found


@pytest.mark.parametrize("asked", ["%", "_", "\x00", "' OR 1=1", "<script>alert(1)</script>", "q" * 5000])
def test_help_finds_nothing_for_nonsense(client, shop, asked):
    page = text_of(client, f"/portal/help?q={asked}".replace("%", "%25").replace("\x00", "%00"))
    assert "<script>alert" not in page


def test_a_question_that_is_put_away_is_not_found(client, shop):
    """P13."""
    for entry in db.session.query(FaqEntry).all():
        entry.is_active = False
    db.session.commit()
    assert "سفارشم کی می‌رسد؟" not in text_of(client, "/portal/help?q=سفارشم")


def test_what_stands_in_tickets_is_not_searched(as_contact, shop):
    """N05: the search of answers knows no card."""
    page = text_of(as_contact(shop.nika), "/portal/help?q=قوری")
    assert shop.request.title not in page
    assert shop.request.code not in page


def test_ones_own_details_are_shown(as_contact, shop):
    page = text_of(as_contact(shop.nika), "/portal/account")
    for words in ("نیکا صفوی", "۰۹۱۲ ۱۲۳ ۴۵۶۷", "nika@example.com", "پخش نوین‌آوا"):
        assert words in page
