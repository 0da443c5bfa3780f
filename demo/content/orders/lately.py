"""Orders delivered in the last days."""

from demo.content.shapes import Closing, Invoice, Line, Moved, Order, Payment, Scan, Shipment

LATELY = (
    Order(
        "GJ-20345",
        "amirhossein",
        age_hours=290,
        promised_in_days=-8,
        lines=(
            Line("KNIFE-5", 1),
            Line("BOARD-WALNUT", 1),
        ),
        steps=(
            Moved(3.3, "siavash", "preparing"),
            Moved(19.5, "siavash", "shipped"),
            Closing(93, "siavash", "delivered", "خود مشتری تحویل گرفت."),
        ),
        shipping_rials=1_800_000,
        payments=(Payment(0.1, "gateway", "72704216"),),
        invoice=Invoice(0.05),
        shipments=(
            Shipment(
                22.8,
                "post",
                "پست پیشتاز",
                "214520345011496655805378",
                (
                    Scan(4.5, "قبول در تهران"),
                    Scan(55.8, "رسیده به اراک"),
                    Scan(88, "در دست نامه‌رسان"),
                    Scan(93, "تحویل گیرنده"),
                ),
                is_delivered=True,
            ),
        ),
    ),
    Order(
        "GJ-20346",
        "mansour",
        age_hours=265,
        promised_in_days=-9,
        lines=(
            Line("HAVAN-BRASS", 1),
            Line("JAR-7", 1),
        ),
        steps=(
            Moved(3.9, "siavash", "preparing"),
            Moved(22, "siavash", "shipped"),
            Closing(28, "siavash", "delivered", "خود مشتری تحویل گرفت."),
        ),
        payments=(Payment(0.1, "gateway", "79179746"),),
        invoice=Invoice(0.05),
        shipments=(
            Shipment(
                25.9,
                "courier",
                "پیک گنجه",
                None,
                (
                    Scan(3.5, "پیک بسته را از انبار گرفت"),
                    Scan(28, "تحویل گیرنده"),
                ),
                is_delivered=True,
            ),
        ),
    ),
    Order(
        "GJ-20349",
        "narges",
        age_hours=243,
        promised_in_days=-6,
        lines=(Line("LAMP-CERAMIC", 2),),
        steps=(
            Moved(1.5, "siavash", "preparing"),
            Moved(12, "siavash", "shipped"),
            Closing(66, "siavash", "delivered", "خود مشتری تحویل گرفت."),
        ),
        shipping_rials=1_450_000,
        payments=(Payment(0.1, "gateway", "77097203"),),
        invoice=Invoice(0.05),
        shipments=(
            Shipment(
                13.5,
                "post",
                "پست پیشتاز",
                "214520349011466201796689",
                (
                    Scan(3, "قبول در تهران"),
                    Scan(39.6, "رسیده به شیراز"),
                    Scan(61, "در دست نامه‌رسان"),
                    Scan(66, "تحویل گیرنده"),
                ),
                is_delivered=True,
            ),
        ),
    ),
    Order(
        "GJ-20352",
        "tahereh",
        age_hours=218,
        promised_in_days=-6,
        lines=(
            Line("PRESS-7", 1),
            Line("DAMKONI", 2),
        ),
        steps=(
            Moved(3.3, "siavash", "preparing"),
            Moved(19.5, "siavash", "shipped"),
            Closing(93, "siavash", "delivered", "نوهٔ مشتری تحویل گرفت."),
        ),
        shipping_rials=1_800_000,
        payments=(Payment(0.1, "gateway", "78159610"),),
        invoice=Invoice(0.05),
        shipments=(
            Shipment(
                22.8,
                "post",
                "پست پیشتاز",
                "214520352011408517346187",
                (
                    Scan(4.5, "قبول در تهران"),
                    Scan(55.8, "رسیده به قم"),
                    Scan(88, "در دست نامه‌رسان"),
                    Scan(93, "تحویل گیرنده"),
                ),
                is_delivered=True,
            ),
        ),
    ),
    Order(
        "GJ-20357",
        "niloofar",
        age_hours=172,
        promised_in_days=-5,
        lines=(Line("TEA-GOL-18", 1),),
        steps=(
            Moved(2.1, "siavash", "preparing"),
            Moved(14.5, "siavash", "shipped"),
            Closing(22, "siavash", "delivered", "خود مشتری تحویل گرفت؛ کارتن را باز نکرد."),
        ),
        payments=(Payment(0.1, "gateway", "73541237"),),
        invoice=Invoice(0.05),
        shipments=(
            Shipment(
                16.6,
                "courier",
                "پیک گنجه",
                None,
                (
                    Scan(2, "پیک بسته را از انبار گرفت"),
                    Scan(22, "تحویل گیرنده"),
                ),
                is_delivered=True,
            ),
        ),
    ),
)
