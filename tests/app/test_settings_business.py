"""The page of the business: K1, the hours, the colour, the logo."""

from io import BytesIO

import pytest
from PIL import Image

from app import settings
from app.extensions import db
from app.files import StoredFile
from app.settings_pages import business
from tests.conftest import event_names


def sent(**changes) -> dict[str, object]:
    """The form as a browser sends it."""
    return {
        "name_fa": "ترنج", "name_en": "Toranj", "phone": "۰۲۱ ۸۸۷۷ ۶۶۵۵", "address_fa": "تهران", "address_en": "",
        "language": "fa", "unit": "toman", "color": "#8a2f4a", **changes,
    }  # fmt: skip


def picture(kind: str = "PNG", size: tuple[int, int] = (8, 8)) -> BytesIO:
    stream = BytesIO()
    Image.new("RGB", size, "#8a2f4a").save(stream, kind)
    stream.seek(0)
    return stream


def setting(key: str):
    from flask import g

    g.pop("settings", None)
    return settings.get(key)


def test_an_admin_says_who_the_business_is(world, admin, as_user):
    """K1: the phone is stored as one form, whatever digits it was typed in."""
    answer = as_user(admin).post("/settings/business", data=sent())
    assert answer.status_code == 303
    assert [setting(f"business.{name}") for name in ("name_fa", "phone", "color")] == [
        "ترنج",
        "+982188776655",
        "#8a2f4a",
    ]
    page = as_user(admin).get("/settings/business").text
    assert "ترنج" in page
    assert "/settings/calendars" in page


def test_what_did_not_change_is_no_fact(world, admin, as_user):
    as_user(admin).post("/settings/business", data=sent())
    known = len(event_names())
    as_user(admin).post("/settings/business", data=sent())
    assert len(event_names()) == known


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name_fa": ""}, "لطفاً نام کسب‌وکار را بنویسید."),
        ({"phone": "12"}, "تلفن"),
        ({"color": "#ffee00"}, "نوشتهٔ سفید روی این رنگ خوانده نمی‌شود"),
        ({"color": "کبود"}, "این رنگ نیست"),
        ({"language": "de"}, ""),
        ({"name_fa": "ن" * 81}, ""),
    ],
)
def test_bad_input_is_refused_with_what_was_typed(world, admin, as_user, changes, sentence):
    answer = as_user(admin).post("/settings/business", data={**sent(address_fa="نشانی تازه"), **changes})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "نشانی تازه" in answer.text
    assert event_names() == []


def test_a_logo_is_a_picture_and_is_shown(world, admin, as_user):
    browser = as_user(admin)
    assert browser.post("/settings/business", data=sent(logo=(picture("WEBP"), "logo.webp"))).status_code == 303
    stored = db.session.get_one(StoredFile, setting("business.logo"))
    assert stored.content_type == "image/webp"
    assert browser.get("/settings/business/logo").mimetype == "image/webp"
    browser.post("/settings/business", data=sent(removes_logo="y"))
    assert setting("business.logo") is None


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "logo.svg"),
        (b"\x89PNG\r\n\x1a\n nothing more", "logo.png"),
        (b"GIF89a" + b"\x00" * 40, "logo.gif"),
        (b"%PDF-1.7", "logo.png"),
        (b"", "logo.png"),
        (picture(size=(4001, 2)).read(), "logo.png"),
        (picture(size=(900, 900)).read(), "logo.png"),
    ],
    ids=["svg", "broken", "gif", "pdf", "empty", "wide", "heavy"],
)
def test_what_is_no_picture_is_no_logo(world, admin, as_user, monkeypatch, content, name):
    monkeypatch.setattr(business, "LOGO_BYTES", 2000)
    answer = as_user(admin).post("/settings/business", data=sent(logo=(BytesIO(content), name)))
    assert answer.status_code == 422
    assert 'id="logo-error"' in answer.text
    assert setting("business.logo") is None
    assert setting("business.name_fa") != "ترنج"
