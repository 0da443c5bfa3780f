"""Finding people as people type: Persian in any spelling, ends of numbers, codes; lists of any length in pages."""

import re

import pytest

from app.extensions import db
from contacts import queries
from contacts.models import Contact
from contacts.services import add_point, archive_contact, create_company, create_contact


def found(browser, text: str, path: str = "/contacts") -> list[str]:
    """Codes in the list, in its order."""
    page = browser.get(path, query_string={"q": text} if text else {}).text
    return re.findall(rf'class="row-link" href="{path}/([^"?]+)"', page)


@pytest.mark.parametrize(
    "text",
    ["نیکا", "نيكا صفوي", "صفوی نیکا", "نیکاصفوی", "Safavi", "safavi NIKA", "4567", "۴۵۶۷", "٤٥٦٧", "1234567",
     "0912123",     "۰۹۱۲ ۱۲۳ ۴۵۶۷", "+98 912 123 4567", "nika@example.com", "NIKA@example", "صفـوی"],
)  # fmt: skip
def test_a_person_is_found(world, sara, as_user, text):
    assert world.nika.code in found(as_user(sara), text)


def test_a_person_is_found_by_code(world, sara, as_user):
    code = world.nika.code
    assert found(as_user(sara), f"{code[:4]}-{code[4:8]}-{code[8:]}".lower()) == [code]


@pytest.mark.parametrize("text", ["567", "هیچ‌کس", "%", "_", "9998", "' OR 1=1 --", "\\", "x" * 3000, "nika@other.com"])
def test_nobody_is_found(world, sara, as_user, text):
    answer = as_user(sara).get("/contacts", query_string={"q": text})
    assert answer.status_code == 200
    assert "row-link" not in answer.text


def test_the_end_of_a_number_must_be_its_end(world, sara, as_user):
    """Four digits from the middle of a number are no way to find somebody."""
    assert found(as_user(sara), "1234") == []


def test_half_spaces_do_not_matter(world, sara, as_user):
    contact = create_contact(by=sara, name="علی‌رضا می‌خواهد")
    db.session.commit()
    browser = as_user(sara)
    for text in ("علیرضا", "علی رضا", "علی‌رضا", "میخواهد"):
        assert found(browser, text) == [contact.code]


def test_nothing_found_offers_what_to_do(world, sara, as_user):
    page = as_user(sara).get("/contacts", query_string={"q": "فرهاد"}).text
    assert "/contacts/new?name=" in page
    assert 'class="empty' in page


def test_a_company_is_found(world, sara, as_user):
    company = create_company(by=sara, name="آموزشگاه زعفران", legal_id="10380284790", phone="02188776655")
    db.session.commit()
    browser = as_user(sara)
    for text in ("زعفران", "آموزشگاه", "۱۰۳۸۰۲۸۴۷۹۰", "۶۶۵۵", company.code):
        assert found(browser, text, "/companies") == [company.code]


def test_lists_follow_the_persian_dictionary_page_by_page(world, sara, as_user, monkeypatch):
    """و before ه, پ after ب; no row twice and none left out, also with equal names."""
    monkeypatch.setattr(queries, "PAGE", 3)
    names = ["پرویز", "بهرام", "هومن", "وحید", "آرش", "وحید", "گلناز", "کاوه", "یاشار", "وحید"]
    for name in names:
        create_contact(by=sara, name=name)
    db.session.commit()
    browser, seen, url = as_user(sara), [], "/contacts"
    while url:
        page = browser.get(url).text
        seen += re.findall(r'class="row-link"[^>]*><bdi>([^<]+)</bdi>', page)
        more = re.search(r'rel="next" href="([^"]+)"', page)
        url = more[1].replace("&amp;", "&") if more else ""
    before, after = ["آرش", "بابک دهقان", "بهرام", "پرویز", "کاوه", "گلناز", "نیکا صفوی"], ["هومن", "یاشار"]
    assert seen == [*before, "وحید", "وحید", "وحید", *after]


@pytest.mark.parametrize("after", ["", "x", "abc.", "..", "a.99999999999999999999", "'.1", "aa.1"])
def test_a_forged_mark_shows_a_page(world, sara, as_user, after):
    assert as_user(sara).get("/contacts", query_string={"after": after}).status_code == 200


def test_a_list_asks_the_database_a_fixed_number_of_times(world, sara, as_user, statements):
    """At most eight statements with three people and with thirty, sign-in and frame included."""
    browser, counts = as_user(sara), []
    for _round in range(2):
        for path in ("/contacts", "/contacts?q=09", "/companies"):
            statements.clear()
            browser.get(path)
            counts.append(len(statements))
        for number in range(27):
            contact = create_contact(by=sara, name=f"مشتری {number}", points=[("mobile", f"0912000{number:04d}")])
            add_point(contact, "email", f"p{number}@example.com", by=sara)
            create_company(by=sara, name=f"شرکت {number}")
        db.session.commit()
    assert counts[:3] == counts[3:]
    assert max(counts) <= 8


def test_choices_tell_namesakes_apart(world, sara, as_user):
    create_contact(by=sara, name="نیکا صفوی", points=[("mobile", "09350000000")])
    db.session.commit()
    answer = as_user(sara).get("/contacts/choices", query_string={"q": "نیکا"}).json
    assert [choice["label"] for choice in answer] == ["نیکا صفوی", "نیکا صفوی"]
    assert {choice["hint"] for choice in answer} == {
        "پخش نوین‌آوا، \u2066۰۹۱۲ ۱۲۳ ۴۵۶۷\u2069",
        "\u2066۰۹۳۵ ۰۰۰ ۰۰۰۰\u2069",
    }
    assert as_user(sara).get("/contacts/choices").json == []
    assert [row["label"] for row in as_user(sara).get("/companies/choices?q=نوین").json] == ["پخش نوین‌آوا"]


def test_a_name_that_several_bear_is_nobody_s(world, sara):
    """What is typed without choosing stands for somebody only when it can mean nobody else."""
    assert queries.named(Contact, "نيكا صفوي") == world.nika
    assert queries.named(Contact, "نیکا") is None
    twin = create_contact(by=sara, name="نیکا صفوی")
    assert queries.named(Contact, "نیکا صفوی") is None
    assert queries.named(Contact, twin.code) == twin
    archive_contact(twin, by=sara)
    db.session.flush()
    assert queries.named(Contact, "Nika Safavi") == world.nika
