"""What the portal's tests are about: requests and orders of Alpha's people, in the middle of their lives."""

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO

from werkzeug.datastructures import FileStorage

from app.clock import utcnow
from app.extensions import db
from app.users.models import User
from cards.models import Attachment, Card, Entry
from cards.placement import move
from cards.services import add_note, add_reply, open_card, receive_message, resolve
from cards.services.writing import write_entry
from contacts.models import Contact, Membership
from knowledge.models import FaqEntry
from orders.models import Invoice, InvoiceLine, Order, OrderLine, Payment, Product, Shipment, ShipmentEvent
from pipelines.models import Department
from tests.world import World, customer

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


@dataclass
class Shop:
    """Alpha is nika's company: kaveh is a colleague of hers without rights, babak a stranger."""

    world: World
    kaveh: Contact
    request: Card
    order: Order
    parts: Department
    other_order: Order
    other_request: Card

    @property
    def nika(self) -> Contact:
        return self.world.nika

    @property
    def babak(self) -> Contact:
        return self.world.babak

    @property
    def file(self) -> Attachment:
        """The picture that nika sent with her request."""
        return db.session.query(Attachment).filter_by(card_id=self.request.id, visibility="portal").first()  # type: ignore[return-value]


def picture(name: str = "قوری.png") -> FileStorage:
    return FileStorage(BytesIO(PNG), filename=name)


def make_order(
    world: World, contact: Contact, number: str, *, company_id: int | None = None, days_ago: int = 4
) -> Order:
    """An order of two lines that is packed, with a parcel and an invoice that is half paid. Uncommitted."""
    placed = utcnow() - timedelta(days=days_ago)
    card = open_card(
        contact, world.stage("Placed", world.orders), title=f"سفارش {number}", by=None, channel="import", at=placed
    )
    card.company_id = company_id
    product = Product(sku=f"SKU-{number}", name="سرویس قابلمهٔ مسی", price_rials=54_000_000)
    order = Order(
        number=number, contact_id=contact.id, company_id=company_id, card_id=card.id, ordered_at=placed,
        promised_on=(utcnow() + timedelta(days=2)).date(), recipient="نیکا صفوی", recipient_phone="+989121234567",
        address="تهران، خیابان شریعتی، کوچهٔ بهار، پلاک ۱۲، واحد ۳", goods_rials=116_400_000, vat_rials=11_640_000,
        total_rials=128_040_000,
    )  # fmt: skip
    order.lines = [
        OrderLine(product=product, position=0, name="سرویس قابلمهٔ مسی، ۵ پارچه", quantity=2, shipped_quantity=1,
                  price_rials=54_000_000, total_rials=108_000_000),
        OrderLine(position=1, name="کفگیر چوب راش", quantity=2, shipped_quantity=2, price_rials=4_200_000,
                  total_rials=8_400_000),
    ]  # fmt: skip
    order.shipments = [Shipment(
        carrier="post", tracking_code="214500113052771088240114", contents="قابلمه و کفگیر", shipped_at=utcnow(),
        events=[ShipmentEvent(at=utcnow(), text="مرکز تجزیهٔ تهران: دریافت شد")],
    ), Shipment(carrier="courier", contents="دمکنی گلدوزی")]  # fmt: skip
    db.session.add_all([product, order])
    db.session.flush()
    invoice = Invoice(number=f"F-{number}", order_id=order.id, contact_id=contact.id, issued_on=placed.date(),
                      due_on=(utcnow() + timedelta(days=20)).date(), goods_rials=116_400_000, vat_rials=11_640_000,
                      total_rials=128_040_000)  # fmt: skip
    invoice.lines = [InvoiceLine(name="سرویس قابلمهٔ مسی", quantity=2, price_rials=54_000_000, total_rials=108_000_000)]
    invoice.payments = [Payment(amount_rials=64_020_000)]
    order.invoices = [invoice]
    db.session.flush()
    return order


def converse(world: World, contact: Contact, sara: User) -> Card:
    """A request with a picture, an answer, a note that nobody outside reads, and a question back. Uncommitted."""
    card = open_card(
        contact, world.stage("New"), title="قوری سرویس چای شکسته رسید", by=contact, department=world.department,
        body="سلام. سرویس چای «گل‌سرخ» امشب رسید ولی قوری از کنار دسته شکسته است. پنجشنبه مهمان دارم.",
        files=[picture()], assignee=sara, op_id=f"shop:{contact.id}",
    )  # fmt: skip
    move(card, world.stage("Working").id, by=sara)
    db.session.flush()
    add_reply(
        card, "خانم صفوی عزیز، بابت این اتفاق متأسفم. دارم موجودی انبار را می‌بینم و تا ظهر خبر قطعی می‌دهم.", by=sara
    )
    add_note(card, "مشتری خوب ماست، قوری تازه بفرستیم", by=sara, files=[picture("انبار.png")])
    move(card, world.stage("Consulting").id, by=sara)
    receive_message(card, "ممنون از پیگیری‌تان. فقط اگر می‌شود بعد از ساعت ۱۷ بفرستید.", contact=contact)
    add_reply(card, "حتماً. قوری تازه فردا بعد از ساعت ۱۷ با پیک خودمان می‌رسد و هزینه‌ای ندارد.", by=sara)
    return card


def fill(world: World) -> Shop:
    """Make it and commit it."""
    kaveh = customer("کاوه مرادی", "Kaveh Moradi", "09191112233", "kaveh@example.com")
    db.session.flush()
    db.session.add(Membership(contact_id=kaveh.id, company_id=world.company.id))
    parts = Department(
        slug="delivery", name_fa="ارسال و تحویل", name_en="Delivery", icon="truck", pipeline=world.support, position=1
    )
    db.session.add(parts)
    db.session.flush()
    db.session.add_all([
        FaqEntry(department_id=parts.id, question_fa="سفارشم کی می‌رسد؟", question_en="When will my order arrive?",
                 answer_fa="تهران ۱ تا ۲ روز کاری.", answer_en="Tehran 1 to 2 working days."),
        FaqEntry(department_id=parts.id, question_fa="پولم کی برمی‌گردد؟", question_en="When do I get my money back?",
                 answer_fa="۳ روز کاری پس از رسیدن کالا.", answer_en="3 working days after the goods arrive."),
    ])  # fmt: skip
    request = converse(world, world.nika, world.sara)
    order = make_order(world, world.nika, "TR-14098", company_id=world.company.id)
    move(order.card, world.stage("Packing", world.orders).id, by=world.sara)
    move(order.card, world.stage("Quality check", world.orders).id, by=world.sara)
    move(order.card, world.stage("Shipped", world.orders).id, by=world.sara)
    waiting = open_card(
        world.nika, world.stage("New"), title="رنگ رومیزی جایگزین", by=world.nika, body="کدام رنگ‌ها موجود است؟"
    )
    move(waiting, world.stage("Waiting").id, by=world.sara)
    add_reply(waiting, "کرم یا زیتونی؟", by=world.sara)
    done = open_card(world.nika, world.stage("New"), title="فاکتور رسمی لازم دارم", by=world.nika,
                     body="لطفاً به نام شرکت.", assignee=world.sara)  # fmt: skip
    resolve(
        done,
        world.stage("Resolved"),
        cause="فاکتور به نام شخص صادر شده بود.",
        solution="فاکتور تازه به نام شرکت صادر شد.",
        by=world.sara,
    )
    other_request = converse(world, world.babak, world.reza)
    other_order = make_order(world, world.babak, "TR-14052")
    db.session.commit()
    return Shop(world, kaveh, request, order, parts, other_order, other_request)


def say_internally(card: Card, body: str, by: User) -> Entry:
    """A note without any of the verb's side effects."""
    return write_entry(card, "note", body, visibility="internal", author=by)
