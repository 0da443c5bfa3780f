"""Bills and payments: F5. What is issued does not change; nothing is paid twice or beyond what is due."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.clock import freeze
from app.errors import Conflict, DomainError
from app.events import Event
from app.extensions import db
from app.users.models import User
from contacts.models import Contact
from orders.models import Invoice, NumberSeries, Order, Payment, Product
from orders.services import NewLine, add_payment, create_order, issue_invoice, void_invoice
from tests.conftest import event_names

Job = Callable[[], object]


def invoices() -> list[Invoice]:
    return list(db.session.scalars(sa.select(Invoice).order_by(Invoice.id)))


@pytest.fixture
def invoice(order, sara) -> Invoice:
    invoice = issue_invoice(order, by=sara)
    db.session.commit()
    return invoice


def pay(browser: FlaskClient, order: Order, invoice: Invoice, **form: str) -> TestResponse:
    fields = {"amount": "۱۰۰٬۰۰۰", "method": "card", "reference": "۷۷۱۲", "op_id": "pay-1"} | form
    return browser.post(f"/orders/{order.number}/invoices/{invoice.id}/payments", data=fields)


def test_an_agent_bills_an_order(world, sara, order, as_user):
    browser = as_user(sara)
    with freeze(datetime(2026, 11, 21, 20, 45, tzinfo=UTC)):
        assert browser.post(f"/orders/{order.number}/invoices", data={"due_on": "1405/10/01"}).status_code == 303
        again = browser.post(f"/orders/{order.number}/invoices")
    assert again.status_code == 409
    (invoice,) = invoices()
    assert invoice.number == "F-1405-0001"
    # A quarter past midnight in Tehran: the day there counts.
    assert (invoice.issued_on, invoice.due_on) == (date(2026, 11, 22), date(2026, 12, 22))
    assert invoice.total_rials == order.total_rials == invoice.due_rials
    assert [(line.name, line.quantity, line.total_rials) for line in invoice.lines] == [
        (line.name, line.quantity, line.total_rials) for line in order.lines
    ]
    event = db.session.scalars(sa.select(Event).where(Event.name == "invoice.issued")).one()
    assert (event.visibility, event.contact_id, event.data["invoice"]) == ("portal", world.nika.id, "F-1405-0001")


@pytest.mark.parametrize("due", ["دیروز", "1400/01/01", "1405/13/01"])
def test_a_wrong_due_day(world, sara, order, as_user, due):
    answer = as_user(sara).post(f"/orders/{order.number}/invoices", data={"due_on": due})
    assert answer.status_code == 422
    assert due in answer.text
    assert invoices() == []
    assert db.session.scalars(sa.select(NumberSeries).where(NumberSeries.name.startswith("invoices"))).all() == []


def test_what_is_issued_does_not_change_with_the_order(invoice, order):
    order.lines[0].name = "چیز دیگر"
    db.session.commit()
    assert invoice.lines[0].name == "قوری چینی گل‌سرخ"


def test_numbers_begin_anew_each_jalali_year(world, sara, tea):
    with freeze(datetime(2027, 3, 18, 9, tzinfo=UTC)) as clock:
        first = issue_invoice(create_order(world.nika, [NewLine(tea, 1)], by=sara), by=sara)
        clock.advance(days=7)
        second = issue_invoice(create_order(world.nika, [NewLine(tea, 1)], by=sara), by=sara)
    assert (first.number, second.number) == ("F-1405-0001", "F-1406-0001")


def test_a_rolled_back_invoice_leaves_no_hole(world, sara, order, tea):
    issue_invoice(order, by=sara)
    db.session.rollback()
    other = create_order(world.nika, [NewLine(tea, 1)], by=sara)
    assert issue_invoice(other, by=sara).number.endswith("-0001")


def test_a_number_that_was_given_is_passed_over(world, sara, order, tea):
    given = issue_invoice(order, by=sara, number="F-1405-0001", issued_on=date(2026, 11, 1))
    other = issue_invoice(create_order(world.nika, [NewLine(tea, 1)], by=sara), by=sara, issued_on=date(2026, 11, 2))
    assert (given.number, other.number) == ("F-1405-0001", "F-1405-0002")
    with pytest.raises(DomainError) as refused:
        issue_invoice(create_order(world.nika, [NewLine(tea, 1)], by=sara), by=sara, number="F-1405-0001")
    assert refused.value.field == "number"


def test_an_unpaid_invoice_is_taken_back_and_another_one_issued(world, sara, order, invoice, as_user):
    browser = as_user(sara)
    for _time in range(2):
        assert browser.post(f"/orders/{order.number}/invoices/{invoice.id}/voidance").status_code == 303
    assert (invoice.state, invoice.due_rials) == ("void", 0)
    assert event_names().count("invoice.voided") == 1
    assert browser.post(f"/orders/{order.number}/invoices").status_code == 303
    assert [row.number[-4:] for row in invoices()] == ["0001", "0002"]


def test_a_paid_invoice_is_not_taken_back(world, sara, order, invoice, as_user):
    add_payment(invoice, 10, by=sara)
    db.session.commit()
    assert as_user(sara).post(f"/orders/{order.number}/invoices/{invoice.id}/voidance").status_code == 409
    assert invoice.state == "issued"
    with pytest.raises(Conflict):
        void_invoice(invoice, by=sara)


# Payments.


def test_an_agent_records_payments_until_all_is_paid(world, sara, order, invoice, as_user):
    browser = as_user(sara)
    assert pay(browser, order, invoice).status_code == 303
    assert (invoice.state, invoice.paid_rials) == ("issued", 1_000_000)
    rest = invoice.due_rials // 10
    assert pay(browser, order, invoice, amount=str(rest), op_id="pay-2").status_code == 303
    assert (invoice.state, invoice.due_rials) == ("paid", 0)
    events = db.session.scalars(sa.select(Event).where(Event.name == "payment.received").order_by(Event.id)).all()
    assert [event.data["covers"] for event in events] == [False, True]
    assert events[0].data["reference"] == "7712"
    assert pay(browser, order, invoice, op_id="pay-3").status_code == 409
    assert "پرداخت‌شده" in browser.get(f"/orders/{order.number}").text


def test_sent_twice_it_is_taken_once(world, sara, order, invoice, as_user):
    browser = as_user(sara)
    for _time in range(2):
        assert pay(browser, order, invoice).status_code == 303
    assert invoice.paid_rials == 1_000_000


@pytest.mark.parametrize(
    ("form", "field"),
    [({"amount": ""}, "amount"), ({"amount": "۰"}, "amount"), ({"amount": "-5"}, "amount"), ({"amount": "x"}, "amount"),
     ({"amount": "۹۹٬۹۹۹٬۹۹۹"}, "amount"), ({"amount": "1" * 30}, "amount"), ({"method": "barter"}, "method"),
     ({"reference": "x" * 90}, "reference")],
)  # fmt: skip
def test_bad_input(world, sara, order, invoice, as_user, form, field):
    browser = as_user(sara)
    answer = pay(browser, order, invoice, **form)
    assert answer.status_code == 422
    assert form[field] in answer.text or field == "method"
    path = f"/orders/{order.number}/invoices/{invoice.id}/payments"
    json = browser.post(path, json={"amount": "100", "method": "card"} | form).json
    assert json["fields"][field]
    assert invoice.payments == []


def test_strangers_bill_and_pay_nothing(world, reza, order, invoice, as_user, client):
    assert pay(as_user(reza), order, invoice).status_code == 403
    assert pay(client, order, invoice).location == "/sign-in"
    assert invoice.payments == []


def test_an_invoice_is_reached_through_its_own_order(world, sara, order, invoice, tea, as_user):
    other = create_order(world.babak, [NewLine(tea, 1)], by=sara)
    db.session.commit()
    assert pay(as_user(sara), other, invoice).status_code == 404


def test_an_order_for_nothing_is_paid(world, sara, tea):
    free = create_order(world.nika, [NewLine(tea, 1, price_rials=0)], by=sara)
    assert issue_invoice(free, by=sara).state == "paid"


# Many at once.


def at_once(app: Flask, jobs: list[Job]) -> list[Exception]:
    """Run the jobs in threads that start together, each committing its own; answers what was raised."""
    start, raised = threading.Barrier(len(jobs)), []
    # A transaction of the test itself would keep all of them waiting.
    db.session.commit()

    def run(job: Job) -> None:
        with app.app_context():
            start.wait()
            try:
                job()
                db.session.commit()
            except Exception as error:
                db.session.rollback()
                raised.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return raised


@pytest.mark.servers
def test_invoice_numbers_have_no_hole_when_eight_bill_at_once(app, world, sara, tea):
    """P07-like: eight threads, three orders each, some of them rolled back."""
    ids = [create_order(world.nika, [NewLine(tea, 1)], by=sara).id for _number in range(24)]
    db.session.commit()

    def bill(order_id: int, *, fails: bool):
        def job() -> None:
            issue_invoice(db.session.get_one(Order, order_id), by=db.session.get_one(User, sara_id))
            if fails:
                raise RuntimeError

        return job

    sara_id = sara.id
    for begin in range(0, 24, 8):
        raised = at_once(app, [bill(order_id, fails=order_id % 4 == 0) for order_id in ids[begin : begin + 8]])
        assert all(isinstance(error, RuntimeError) for error in raised), raised
    db.session.expire_all()
    numbers = sorted(int(invoice.number.rsplit("-", 1)[1]) for invoice in invoices())
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) == sum(1 for order_id in ids if order_id % 4)


@pytest.mark.servers
def test_one_invoice_is_not_overpaid_when_eight_pay_at_once(app, world, sara, order, invoice):
    due, invoice_id = invoice.due_rials, invoice.id

    def job() -> None:
        add_payment(db.session.get_one(Invoice, invoice_id), due // 3, by=None)

    raised = at_once(app, [job] * 8)
    db.session.expire_all()
    assert invoice.paid_rials == due // 3 * 3
    assert len(raised) == 5
    assert all(isinstance(error, DomainError) for error in raised)


@pytest.mark.servers
def test_one_order_is_billed_once_when_eight_bill_it_at_once(app, order):
    order_id = order.id
    raised = at_once(app, [lambda: issue_invoice(db.session.get_one(Order, order_id), by=None)] * 8)
    assert len(invoices()) == 1
    assert [type(error) for error in raised] == [Conflict] * 7


@pytest.mark.servers
def test_orders_get_numbers_of_their_own_when_eight_are_placed_at_once(app, world, tea):
    nika_id, tea_id = world.nika.id, tea.id

    def job() -> None:
        contact, product = db.session.get_one(Contact, nika_id), db.session.get_one(Product, tea_id)
        create_order(contact, [NewLine(product, 1)], by=None, op_id="the same one")

    assert at_once(app, [job] * 8) == []
    assert [order.number for order in db.session.scalars(sa.select(Order))] == ["10001"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Payment)) == 0
