"""Orders delivered one to three months ago."""

from demo.content.shapes import Closing, Invoice, Line, Moved, Order, Payment, Scan, Shipment

MONTHS_AGO = (
    Order(
        "GJ-20244",
        "behnaz",
        age_hours=2117,
        promised_in_days=-86,
        lines=(
            Line("KNIFE-5", 6),
            Line("BOARD-WALNUT", 6),
            Line("PAN-CAST-28", 4),
        ),
        steps=(
            Moved(1.5, "siavash", "preparing"),
            Moved(12, "siavash", "shipped"),
            Closing(20, "siavash", "delivered", "دفتر آموزشگاه تحویل گرفت."),
        ),
        company="nabat",
        payments=(Payment(3, "transfer", "71949433"),),
        invoice=Invoice(1.5),
        shipments=(
            Shipment(
                13.5,
                "courier",
                "پیک گنجه",
                None,
                (
                    Scan(1.5, "پیک بسته را از انبار گرفت"),
                    Scan(20, "تحویل گیرنده"),
                ),
                is_delivered=True,
            ),
        ),
    ),
    Order(
        "GJ-20251",
        "saman",
        age_hours=1995,
        promised_in_days=-79,
        lines=(Line("VACUUM-CORD", 1),),
        steps=(
            Moved(1.5, "siavash", "preparing"),
            Moved(12, "siavash", "shipped"),
            Closing(66, "siavash", "delivered", "خود مشتری تحویل گرفت."),
        ),
        shipping_rials=1_450_000,
        payments=(Payment(0.1, "gateway", "72020599"),),
        invoice=Invoice(0.05),
        shipments=(
            Shipment(
                13.5,
                "post",
                "پست پیشتاز",
                "214520251011493400317299",
                (
                    Scan(3, "قبول در تهران"),
                    Scan(39.6, "رسیده به همدان"),
                    Scan(61, "در دست نامه‌رسان"),
                    Scan(66, "تحویل گیرنده"),
                ),
                is_delivered=True,
            ),
        ),
    ),
    Order(
        "GJ-20263",
        "homa",
        age_hours=1806,
        promised_in_days=-70,
        lines=(Line("CURTAIN-LINEN", 2),),
        steps=(
            Moved(4.5, "siavash", "preparing"),
            Moved(24.5, "siavash", "shipped"),
            Closing(111, "siavash", "delivered", "همسایهٔ طبقهٔ پایین با هماهنگی مشتری تحویل گرفت."),
        ),
        shipping_rials=2_100_000,
        payments=(Payment(0.1, "gateway", "73662424"),),
        invoice=Invoice(0.05),
        shipments=(
            Shipment(
                29,
                "post",
                "پست پیشتاز",
                "214520263011485840383472",
                (
                    Scan(5.5, "قبول در تهران"),
                    Scan(66.6, "رسیده به شهرکرد"),
                    Scan(106, "در دست نامه‌رسان"),
                    Scan(111, "تحویل گیرنده"),
                ),
                is_delivered=True,
            ),
        ),
    ),
    Order(
        "GJ-20271",
        "siamak",
        age_hours=1590,
        promised_in_days=-62,
        lines=(
            Line("RICE-10", 1),
            Line("DAMKONI", 1),
        ),
        steps=(
            Moved(5.1, "siavash", "preparing"),
            Moved(27, "siavash", "shipped"),
            Closing(120, "siavash", "delivered", "خود مشتری تحویل گرفت."),
        ),
        shipping_rials=2_600_000,
        payments=(Payment(0.1, "gateway", "73270645"),),
        invoice=Invoice(0.05),
        shipments=(
            Shipment(
                32.1,
                "post",
                "پست پیشتاز",
                "214520271011476898532581",
                (
                    Scan(6, "قبول در تهران"),
                    Scan(72, "رسیده به رشت"),
                    Scan(115, "در دست نامه‌رسان"),
                    Scan(120, "تحویل گیرنده"),
                ),
                is_delivered=True,
            ),
        ),
    ),
    Order(
        "GJ-20280",
        "hamed",
        age_hours=1469,
        promised_in_days=-59,
        lines=(Line("FLASK-1", 25),),
        steps=(
            Moved(6, "siavash", "preparing"),
            Moved(30, "siavash", "shipped"),
            Closing(22, "siavash", "delivered", "دفتر شرکت، ۲۵ عدد شمرده و تحویل شد."),
        ),
        company="razhan",
        payments=(Payment(3, "transfer", "73148268"),),
        invoice=Invoice(1.5),
        shipments=(
            Shipment(
                36,
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
    Order(
        "GJ-20288",
        "kiumars",
        age_hours=1253,
        promised_in_days=-47,
        lines=(Line("IRON-STEAM", 1),),
        steps=(
            Moved(2.7, "siavash", "preparing"),
            Moved(17, "siavash", "shipped"),
            Closing(84, "siavash", "delivered", "مأمور پست به خود مشتری داد."),
        ),
        shipping_rials=1_800_000,
        payments=(Payment(0.1, "gateway", "77865182"),),
        invoice=Invoice(0.05),
        shipments=(
            Shipment(
                19.7,
                "post",
                "پست پیشتاز",
                "214520288011430747611247",
                (
                    Scan(4, "قبول در تهران"),
                    Scan(50.4, "رسیده به بوشهر"),
                    Scan(79, "در دست نامه‌رسان"),
                    Scan(84, "تحویل گیرنده"),
                ),
                is_delivered=True,
            ),
        ),
    ),
    Order(
        "GJ-20296",
        "leyla",
        age_hours=1133,
        promised_in_days=-41,
        lines=(
            Line("LUNCH-3", 2),
            Line("JAR-7", 1),
        ),
        steps=(
            Moved(3.3, "siavash", "preparing"),
            Moved(19.5, "siavash", "shipped"),
            Closing(141, "siavash", "delivered", "خود مشتری تحویل گرفت."),
        ),
        shipping_rials=1_800_000,
        payments=(Payment(0.1, "gateway", "71287192"),),
        invoice=Invoice(0.05),
        shipments=(
            Shipment(
                22.8,
                "post",
                "پست پیشتاز",
                "214520296011491445023313",
                (
                    Scan(4.5, "قبول در تهران"),
                    Scan(84.6, "رسیده به زاهدان"),
                    Scan(136, "در دست نامه‌رسان"),
                    Scan(141, "تحویل گیرنده"),
                ),
                is_delivered=True,
            ),
        ),
    ),
    Order(
        "GJ-20304",
        "shaghayegh",
        age_hours=989,
        promised_in_days=-39,
        lines=(Line("POT-MES-5", 1),),
        steps=(
            Moved(3.9, "siavash", "preparing"),
            Moved(22, "siavash", "shipped"),
            Closing(28, "siavash", "delivered", "سرایدار تحویل گرفت؛ مشتری شاکی بود که پیک بالا نیامده."),
        ),
        payments=(Payment(0.1, "gateway", "79509386"),),
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
)
