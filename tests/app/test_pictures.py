"""The picture of a colleague: made small and clean, shown to colleagues, kept by nobody else."""

from io import BytesIO

import pytest
import sqlalchemy as sa
from PIL import Image

from app.events import Event
from app.extensions import db
from app.users import pictures
from tests.app.test_settings_account import NAMES


def picture(kind="PNG", size=(900, 400), **save):
    target = BytesIO()
    Image.new("RGB", size, "teal").save(target, kind, **save)
    target.seek(0)
    return target


def send(browser, stream, name="من.png"):
    return browser.post("/account", data={**NAMES, "picture": (stream, name)})


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_picture_becomes_a_small_square(world, sara, as_user, kind):
    browser = as_user(sara)
    assert send(browser, picture(kind)).status_code == 303
    url = f"/people/{sara.id}/picture?v={sara.picture_id}"
    assert url in browser.get("/account").text.replace("&amp;", "&")
    answer = browser.get(url)
    assert answer.mimetype == "image/webp"
    assert answer.headers["Cache-Control"].startswith("private, max-age")
    with Image.open(BytesIO(answer.data)) as shown:
        assert shown.size == (256, 256)
    event = db.session.scalars(sa.select(Event).where(Event.name == "user.picture_changed")).one()
    assert event.data == {"from": None, "to": sara.picture_id}


def test_what_the_camera_wrote_is_dropped(world, sara, as_user):
    exif = Image.Exif()
    exif[0x010F] = "secret camera"
    exif[0x0112] = 6
    browser = as_user(sara)
    send(browser, picture("JPEG", exif=exif), "x.jpg")
    data = browser.get(f"/people/{sara.id}/picture").data
    assert b"secret camera" not in data
    with Image.open(BytesIO(data)) as shown:
        assert not dict(shown.getexif())


@pytest.mark.parametrize(
    "stream",
    [BytesIO(b"no picture"), BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), picture(size=(30_000, 2_000)),
     BytesIO(picture().read()[:60]), BytesIO(b"\x89PNG\r\n\x1a\n" + b"x" * 100)],
    ids=["text", "svg", "a bomb", "half of one", "broken"],
)  # fmt: skip
def test_what_is_no_picture_is_refused_beside_the_field(world, sara, as_user, stream):
    stream.seek(0)
    answer = as_user(sara).post("/account", data={**NAMES, "picture": (stream, "x.png")},
                                headers={"Accept": "application/json"})  # fmt: skip
    assert answer.status_code == 422
    assert list(answer.json["fields"]) == ["picture"]
    assert sara.picture_id is None


def test_a_huge_file_is_not_read(world, sara, as_user, monkeypatch):
    monkeypatch.setattr(pictures, "MOST_BYTES", 100)
    assert send(as_user(sara), picture()).status_code == 422


def test_it_is_removed(world, sara, as_user):
    browser = as_user(sara)
    send(browser, picture())
    assert browser.post("/account", data={**NAMES, "removes_picture": "y"}).status_code == 303
    assert sara.picture_id is None
    assert browser.get(f"/people/{sara.id}/picture").status_code == 404


def test_customers_and_strangers_see_none(world, sara, nika, as_user, as_contact, client):
    send(as_user(sara), picture())
    url = f"/people/{sara.id}/picture"
    assert client.get(url).status_code == 303
    assert as_contact(nika).get(url).status_code == 303
    assert "/people/" not in as_contact(nika).get("/portal/").text
