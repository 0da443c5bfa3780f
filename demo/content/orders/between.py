"""Orders like any other, that went through without a word: a number, a buyer, what was bought."""

from itertools import pairwise

from demo.content.shapes import Closing, Invoice, Line, Moved, Order, Payment, Scan, Shipment

# "SKU" or "SKU*quantity", separated by spaces.
BOUGHT = (
    ("GJ-20272", "reza", "SAMOVAR-3"),
    ("GJ-20274", "hamed", "FLASK-1*6"),
    ("GJ-20281", "elaheh", "JAR-7 SHELF-SPICE"),
    ("GJ-20282", "vahe", "GLASS-TEA-6*8 TRAY-BRASS"),
    ("GJ-20283", "siamak", "PAN-CAST-28"),
    ("GJ-20284", "kiumars", "HAVAN-BRASS DAMKONI"),
    ("GJ-20285", "narges", "PLATE-MEYBOD-6*4"),
    ("GJ-20286", "saman", "KETTLE-17*2"),
    ("GJ-20287", "aylin", "TERMEH-200"),
    ("GJ-20289", "gholamreza", "VACUUM-CORD"),
    ("GJ-20290", "niloofar", "KNIFE-5 BOARD-WALNUT"),
    ("GJ-20291", "mina", "CURTAIN-LINEN*2"),
    ("GJ-20292", "savari", "RICE-10"),
    ("GJ-20293", "hiva", "RICE-10 DAMKONI"),
    ("GJ-20294", "soudabeh", "KILIM-QASHQAI LAMP-CERAMIC*2"),
    ("GJ-20295", "mansour", "POT-GRAN-8*3"),
    ("GJ-20297", "pouria", "SHELF-SPICE"),
    ("GJ-20298", "elena", "MOKA-6"),
    ("GJ-20300", "tabatabaei", "TERMEH-200*2"),
    ("GJ-20301", "behnaz", "IRON-STEAM TOWEL-4"),
    ("GJ-20302", "zhina", "TRAY-BRASS"),
    ("GJ-20303", "babak", "LUNCH-3*2 FLASK-1"),
    ("GJ-20305", "ruhollah", "PRESS-7"),
    ("GJ-20306", "leyla", "TOWEL-4*2"),
    ("GJ-20307", "najafabadi", "GLASS-TEA-6*2"),
    ("GJ-20309", "homa", "LUNCH-3 TEAPOT-GOL"),
    ("GJ-20310", "zeynab", "CUTLERY-24"),
    ("GJ-20312", "vahe", "TEAPOT-GOL*3"),
    ("GJ-20313", "ani", "CHOP-HAND JAR-7"),
    ("GJ-20314", "shaghayegh", "RACK-DISH"),
    ("GJ-20315", "hamed", "TEAMAKER-2"),
    ("GJ-20316", "siamak", "BOARD-WALNUT"),
    ("GJ-20317", "narges", "PLATE-MEYBOD-6*8"),
    ("GJ-20319", "saman", "FLASK-1*12"),
    ("GJ-20320", "niloofar", "GLASS-TEA-6"),
    ("GJ-20321", "kiumars", "POT-MES-5"),
    ("GJ-20323", "elaheh", "LAMP-CERAMIC"),
    ("GJ-20324", "tahereh", "KETTLE-17"),
    ("GJ-20326", "mina", "VACUUM-CORD"),
    ("GJ-20327", "reza", "PAN-CAST-28 DAMKONI"),
    ("GJ-20329", "amirhossein", "BLEND-1000"),
    ("GJ-20330", "aylin", "DINNER-28"),
    ("GJ-20332", "soudabeh", "POT-MES-5 GLASS-TEA-6*2"),
    ("GJ-20333", "savari", "FLASK-1"),
    ("GJ-20335", "tabatabaei", "TEA-GOL-18"),
    ("GJ-20337", "behnaz", "JAR-7*2"),
    ("GJ-20338", "gholamreza", "RACK-DISH SHELF-SPICE"),
    ("GJ-20339", "ayjamal", "PLATE-MEYBOD-6"),
    ("GJ-20340", "homa", "TEAPOT-GOL"),
    ("GJ-20341", "leyla", "LAMP-CERAMIC CURTAIN-LINEN"),
    ("GJ-20342", "ruhollah", "CUTLERY-24 PLATE-MEYBOD-6*2"),
    ("GJ-20343", "hiva", "PRESS-7"),
    ("GJ-20344", "zeynab", "CHOP-HAND"),
    ("GJ-20348", "pouria", "LUNCH-3"),
    ("GJ-20350", "mansour", "POT-GRAN-8*2 CUTLERY-24"),
    ("GJ-20353", "babak", "TEAMAKER-2"),
    ("GJ-20354", "tahereh", "TEA-GOL-18"),
    ("GJ-20360", "mina", "TOWEL-4 DAMKONI"),
    ("GJ-20361", "elena", "GLASS-TEA-6*2"),
    ("GJ-20363", "vahe", "CUTLERY-24*2"),
)
ENDS = ("تحویل گیرنده شد.", "با امضای گیرنده تحویل شد.", "تحویل نگهبانی شد.", "خود مشتری تحویل گرفت.")


def between(known: list[Order]) -> list[Order]:
    """These orders, each at its time between the known ones (oldest first): numbers follow time."""
    orders = []
    for before, after in pairwise(known):
        here = [(number, *rest) for number, *rest in BOUGHT if before.number < number < after.number]
        step = (before.age_hours - after.age_hours) / (len(here) + 1)
        for place, (number, contact, bought) in enumerate(here, 1):
            orders.append(_order(number, contact, bought, round(before.age_hours - place * step, 2)))
    return orders


def _order(number: str, contact: str, bought: str, age_hours: float) -> Order:
    """Paid at once, sent the next day by courier or Post, delivered."""
    digits = int(number.removeprefix("GJ-"))
    is_post = digits % 2 == 0
    way = ("قبول در تهران", "در دست نامه‌رسان") if is_post else ("پیک بسته را از انبار گرفت", "در راه")
    hours = (2.5 + digits % 3, 44 + digits % 7, 52 + digits % 9)
    scans = tuple(Scan(at, text) for at, text in zip(hours, (*way, "تحویل گیرنده"), strict=True))
    shipment = Shipment(
        15.5, "post" if is_post else "courier", "پست پیشتاز" if is_post else "پیک گنجه",
        f"2145201330{digits}{digits * 7919 % 10**9:09d}" if is_post else None, scans, is_delivered=True,
    )  # fmt: skip
    lines = [each.partition("*") for each in bought.split()]
    return Order(
        number, contact, age_hours, promised_in_days=-round(age_hours / 24) + 4,
        lines=tuple(Line(sku, int(quantity or 1)) for sku, _star, quantity in lines),
        steps=(
            Moved(1.2 + digits % 4, "siavash", "preparing"),
            Moved(11, "siavash", "shipped"),
            Closing(58, "siavash", "delivered", ENDS[digits % len(ENDS)]),
        ),
        shipping_rials=1_450_000 if is_post else 0, payments=(Payment(0.1, "gateway", f"78{digits}{digits % 10}"),),
        invoice=Invoice(0.05), shipments=(shipment,),
    )  # fmt: skip
