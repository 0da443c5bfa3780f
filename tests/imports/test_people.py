"""Companies with their people, and contacts with their companies, from files."""

import pytest
import sqlalchemy as sa

from app.extensions import db
from contacts.models import Company, Contact
from tests.conftest import event_names
from tests.imports.conftest import DATA, Importer, carry_out, plan_of, table_counts
from tests.world import World

COMPANIES = (
    "customerID,companyName,contactName,contactTitle,phone,city,region\n"
    "KAVEH,پخش كاوه,مينا كاوه,مدیر خرید,021 3344 5566,کرج,البرز\n"
)


def company(number: str = "KAVEH") -> Company:
    return db.session.scalars(sa.select(Company).where(Company.external_id == number)).one()


def contact(name: str) -> Contact:
    return db.session.scalars(sa.select(Contact).where(Contact.name == name)).one()


def test_twenty_companies_with_their_people(world: World) -> None:
    plan = plan_of("companies", {"main": DATA / "customers.csv"})
    assert plan.main.layout.encoding == "utf-8"
    assert carry_out(plan, is_dry=True).counts == {"companies.created": 20, "contacts.created": 20}
    assert carry_out(plan).counts == {"companies.created": 20, "contacts.created": 20}
    assert carry_out(plan).counts == {"companies.unchanged": 20, "contacts.unchanged": 20}
    assert company().address == "خیابان 1, پلاک 10"
    assert (company().city, company("SEPID").city) == ("تهران", "شیراز، فارس")
    assert [each.title for each in contact("مینا کاوه").memberships] == ["مدیر خرید"]


def test_twenty_people_in_windows_1256(world: World) -> None:
    carry_out(plan_of("companies", {"main": DATA / "customers.csv"}))
    plan = plan_of("contacts", {"main": DATA / "people-1256.csv"})
    assert (plan.main.layout.encoding, plan.main.layout.separator) == ("cp1256", ";")
    assert carry_out(plan).counts == {"contacts.created": 20}
    assert carry_out(plan).counts == {"contacts.unchanged": 20}
    person = contact("بهزاد شکوهی")
    assert (person.external_id, person.tier, person.mobile, person.email) == (
        "C-104", "gold", "+989123023757", "person4@example.com"
    )  # fmt: skip
    assert person.tier_reason
    assert [each.company.name for each in person.active_memberships] == ["کشت زاگرس"]


def test_a_dry_run_changes_nothing(bring: Importer, world: World) -> None:
    before = table_counts()
    bring("companies", COMPANIES, is_dry=True)
    assert table_counts() == before


def test_a_changed_row_updates_and_blank_cells_erase_nothing(bring: Importer, world: World) -> None:
    bring("companies", COMPANIES)
    report = bring("companies", COMPANIES.replace("کرج,البرز", ",NULL").replace("پخش كاوه", "پخش کاوه نوین"))
    assert report.counts == {"companies.updated": 1, "contacts.unchanged": 1}
    assert (company().name, company().city, company().phone) == ("پخش کاوه نوین", "کرج، البرز", "+982133445566")


def test_only_new_ones_or_only_known_ones(bring: Importer, world: World) -> None:
    both = COMPANIES + "SEPID,سپید,رامین سپهری,,,,\n"
    bring("companies", COMPANIES)
    changed = both.replace("پخش كاوه", "دیگر")
    assert bring("companies", changed, mode="create").counts["companies.created"] == 1
    assert company().name == "پخش کاوه"
    report = bring("companies", changed + "NOORA,نورا,,,,,\n", mode="update")
    expected = {"companies.updated": 1, "companies.unchanged": 1, "contacts.unchanged": 2, "rows.faulty": 1}
    assert report.counts == expected
    assert report.wrong == [(4, "customerID", "NOORA")]


def test_another_person_of_a_known_company_comes_beside_the_first(bring: Importer, world: World) -> None:
    bring("companies", COMPANIES)
    report = bring("companies", COMPANIES.replace("مينا كاوه", "رامین سپهری"))
    assert report.counts == {"companies.unchanged": 1, "contacts.created": 1}
    assert {each.contact.name for each in company().memberships} == {"مینا کاوه", "رامین سپهری"}


def test_one_person_for_two_companies(bring: Importer, world: World) -> None:
    text = "id,company,contact,mobile\nA,کاوه,مینا کاوه,09123334455\nB,سپید,مینا كاوه,۰۹۱۲۳۳۳۴۴۵۵\n"
    expected = {"companies.created": 2, "contacts.created": 1, "contacts.updated": 1}
    assert bring("companies", text, is_dry=True).counts == expected
    assert bring("companies", text).counts == expected
    assert len(contact("مینا کاوه").memberships) == 2


def test_every_cell_that_is_wrong_is_named(bring: Importer, world: World) -> None:
    report = bring("companies", "id,company,legal id,contact,mobile,email\n"
                   "1,کاوه,123,مینا,,\n2,سپید,10380284790,رامین,0912,\n3,نورا,,الهام,,nobody\n"
                   f"4,{'ا' * 200},,,,\n5,,,,,\n,,,,09121112233,\n")  # fmt: skip
    assert report.wrong == [
        (2, "legal id", "123"), (3, "mobile", "0912"), (4, "email", "nobody"), (5, "company", "ا" * 200),
        (6, "company", ""), (7, "id", ""),
    ]  # fmt: skip
    assert report.counts == {"rows.faulty": 6}
    assert all(fault.sentence.endswith((".", "…")) for fault in report.faults)
    # What was refused half-way left nothing behind.
    assert db.session.scalars(sa.select(Company.external_id)).all() == [None]


def test_a_mailbox_without_a_person_is_the_companys(bring: Importer, world: World) -> None:
    text = "id,company,email\n1,کاوه,info@example.com\n2,سپید,\n"
    assert bring("companies", text).counts == {"companies.created": 2, "contacts.created": 1}
    assert contact("کاوه").email == "info@example.com"
    assert bring("companies", text).counts == {"companies.unchanged": 2, "contacts.unchanged": 1}


def test_a_number_that_comes_twice_is_not_guessed_at(bring: Importer, world: World) -> None:
    report = bring("companies", "id,name\n1,کاوه\n۱,سپید\n")
    assert report.counts == {"companies.created": 1, "rows.faulty": 1}
    assert "Row 2" in report.faults[0].sentence


def test_companies_may_be_recognised_by_name(bring: Importer, world: World) -> None:
    report = bring("companies", "name,city\nپخش نوين آوا,تهران\n", match="name")
    assert (report.counts, world.company.city) == ({"companies.updated": 1}, "تهران")


def test_contacts_are_recognised_by_mobile_or_email(bring: Importer, world: World) -> None:
    text = "نام,موبایل,ایمیل\nنيكا صفوی,+98 912 123 4567,second@example.com\n"
    report = bring("contacts", text, match="mobile")
    assert report.counts == {"contacts.updated": 1}
    assert {point.normalised for point in world.nika.points} >= {"second@example.com", "nika@example.com"}
    assert world.nika.email == "nika@example.com"
    assert bring("contacts", "name,email\nNika,NIKA@example.com\n", match="email").counts == {"contacts.updated": 1}


def test_a_row_without_the_chosen_mark_is_recognised_by_another(bring: Importer, world: World) -> None:
    text = "id,name,mobile\n,بابک دهقان,09351234567\n7,آذر,09351110000\n,نوید,\n"
    report = bring("contacts", text, match="external_id")
    assert report.counts == {"contacts.created": 1, "contacts.unchanged": 1, "rows.faulty": 1}
    assert report.wrong == [(4, "id", "")]


def test_a_shared_number_is_not_guessed_at(bring: Importer, world: World) -> None:
    bring("contacts", "id,name,mobile\n8,همکار نیکا,09121234567\n")
    report = bring("contacts", "name,mobile\nکسی,09121234567\n", match="mobile")
    assert report.counts == {"rows.faulty": 1}


def test_companies_of_contacts(bring: Importer, world: World) -> None:
    bring("companies", "id,name\nK1,کاوه\n")
    text = "id,name,company,company id,job title\n1,الف,,K1,مدیر\n2,ب,سپید,,\n3,پ,سپيد,,\n4,ت,,K9,\n"
    expected = {"companies.created": 1, "contacts.created": 3, "rows.faulty": 1}
    assert bring("contacts", text, is_dry=True).counts == expected
    report = bring("contacts", text)
    assert (report.counts, report.wrong) == (expected, [(5, "company id", "K9")])
    assert [each.title for each in contact("الف").memberships] == ["مدیر"]
    assert contact("ب").memberships[0].company_id == contact("پ").memberships[0].company_id


@pytest.mark.parametrize(("word", "tier"), [("VIP", "vip"), ("ویژه", "vip"), ("طلايي", "gold"), ("معمولی", "plain")])
def test_words_for_tiers(bring: Importer, world: World, word: str, tier: str) -> None:
    bring("contacts", f"id,name,tier\n1,الف,{word}\n")
    assert contact("الف").tier == tier


def test_an_unknown_word_is_named(bring: Importer, world: World) -> None:
    assert bring("contacts", "id,name,tier\n1,الف,platinum\n").wrong == [(2, "tier", "platinum")]


def test_a_reason_that_a_person_wrote_stays(bring: Importer, world: World) -> None:
    bring("contacts", "id,name,tier,reason\n1,الف,gold,قرارداد\n")
    assert bring("contacts", "id,name,tier\n1,الف,gold\n").counts == {"contacts.unchanged": 1}
    assert contact("الف").tier_reason == "قرارداد"


def test_the_history_says_what_came(bring: Importer, world: World) -> None:
    bring("companies", COMPANIES)
    assert event_names() == ["company.created", "contact.created", "membership.added"]
    bring("companies", COMPANIES)
    assert len(event_names()) == 3
