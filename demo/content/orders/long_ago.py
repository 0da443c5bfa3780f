"""Orders delivered more than three months ago."""

from demo.content.shapes import Closing, Invoice, Line, Moved, Order, Payment, Scan, Shipment

LONG_AGO = (
    Order(
        "GJ-20118",
        "niloofar",
        age_hours=5093,
        promised_in_days=-209,
        lines=(
            Line("DINNER-28", 1),
            Line("CUTLERY-24", 1),
        ),
        steps=(
            Moved(1.5, "siavash", "preparing"),
            Moved(12, "siavash", "shipped"),
            Closing(20, "siavash", "delivered", "خود مشتری تحویل گرفت."),
        ),
        payments=(Payment(0.1, "gateway", "77621646"),),
        invoice=Invoice(0.05),
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
        "GJ-20133",
        "aylin",
        age_hours=4757,
        promised_in_days=-193,
        lines=(Line("KILIM-QASHQAI", 1),),
        steps=(
            Moved(2.1, "siavash", "preparing"),
            Moved(14.5, "siavash", "shipped"),
            Closing(75, "siavash", "delivered", "با امضای گیرنده تحویل شد."),
        ),
        shipping_rials=1_450_000,
        payments=(Payment(0.1, "gateway", "77841156"),),
        invoice=Invoice(0.05),
        shipments=(
            Shipment(
                16.6,
                "post",
                "پست پیشتاز",
                "214520133011434471005722",
                (
                    Scan(3.5, "قبول در تهران"),
                    Scan(45, "رسیده به تبریز"),
                    Scan(70, "در دست نامه‌رسان"),
                    Scan(75, "تحویل گیرنده"),
                ),
                is_delivered=True,
            ),
        ),
    ),
    Order(
        "GJ-20147",
        "reza",
        age_hours=4446,
        promised_in_days=-184,
        lines=(
            Line("PLATE-MEYBOD-6", 10),
            Line("GLASS-TEA-6", 8),
            Line("POT-GRAN-8", 2),
        ),
        steps=(
            Moved(2.1, "siavash", "preparing"),
            Moved(14.5, "siavash", "shipped"),
            Closing(46, "siavash", "delivered", "سرآشپز شعبهٔ دریا تحویل گرفت و شمرد."),
        ),
        company="khangostar",
        payments=(
            Payment(2, "transfer", "73535066", percent=50),
            Payment(134.6, "transfer", "74739483", percent=50),
        ),
        invoice=Invoice(1.5),
        shipments=(
            Shipment(
                16.6,
                "courier",
                "پیک گنجه",
                None,
                (
                    Scan(2, "پیک بسته را از انبار گرفت"),
                    Scan(46, "تحویل گیرنده"),
                ),
                is_delivered=True,
            ),
        ),
    ),
    Order(
        "GJ-20162",
        "hamed",
        age_hours=4085,
        promised_in_days=-169,
        lines=(Line("KETTLE-17", 1),),
        steps=(
            Moved(2.7, "siavash", "preparing"),
            Moved(17, "siavash", "shipped"),
            Closing(24, "siavash", "delivered", "به نگهبان ساختمان تحویل شد؛ خود مشتری گفته بود."),
        ),
        payments=(Payment(0.1, "gateway", "79919575"),),
        invoice=Invoice(0.05),
        shipments=(
            Shipment(
                19.7,
                "courier",
                "پیک گنجه",
                None,
                (
                    Scan(2.5, "پیک بسته را از انبار گرفت"),
                    Scan(24, "تحویل گیرنده"),
                ),
                is_delivered=True,
            ),
        ),
    ),
    Order(
        "GJ-20176",
        "tabatabaei",
        age_hours=3850,
        promised_in_days=-153,
        lines=(
            Line("SAMOVAR-3", 3),
            Line("TRAY-BRASS", 3),
            Line("TEA-GOL-18", 3),
        ),
        steps=(
            Moved(2.7, "siavash", "preparing"),
            Moved(17, "siavash", "shipped"),
            Closing(84, "siavash", "delivered", "پذیرش هتل تحویل گرفت."),
        ),
        company="kooshk",
        payments=(Payment(3, "transfer", "74633487"),),
        invoice=Invoice(1.5),
        shipments=(
            Shipment(
                19.7,
                "post",
                "پست پیشتاز",
                "214520176011492648870784",
                (
                    Scan(4, "قبول در تهران"),
                    Scan(50.4, "رسیده به یزد"),
                    Scan(79, "در دست نامه‌رسان"),
                    Scan(84, "تحویل گیرنده"),
                ),
                is_delivered=True,
            ),
        ),
    ),
    Order(
        "GJ-20190",
        "ani",
        age_hours=3580,
        promised_in_days=-148,
        lines=(
            Line("MOKA-6", 1),
            Line("GLASS-TEA-6", 1),
        ),
        steps=(
            Moved(2.7, "siavash", "preparing"),
            Moved(17, "siavash", "shipped"),
            Closing(24, "siavash", "delivered", "خود مشتری تحویل گرفت."),
        ),
        payments=(Payment(0.1, "gateway", "71710196"),),
        invoice=Invoice(0.05),
        shipments=(
            Shipment(
                19.7,
                "courier",
                "پیک گنجه",
                None,
                (
                    Scan(2.5, "پیک بسته را از انبار گرفت"),
                    Scan(24, "تحویل گیرنده"),
                ),
                is_delivered=True,
            ),
        ),
    ),
    Order(
        "GJ-20203",
        "gholamreza",
        age_hours=3151,
        promised_in_days=-126,
        lines=(Line("PRESS-7", 1),),
        steps=(
            Moved(2.1, "siavash", "preparing"),
            Moved(14.5, "siavash", "shipped"),
            Closing(75, "siavash", "delivered", "پسر مشتری تحویل گرفت."),
        ),
        shipping_rials=1_450_000,
        payments=(Payment(0.1, "gateway", "76237854"),),
        invoice=Invoice(0.05),
        shipments=(
            Shipment(
                16.6,
                "post",
                "پست پیشتاز",
                "214520203011461507614618",
                (
                    Scan(3.5, "قبول در تهران"),
                    Scan(45, "رسیده به مشهد"),
                    Scan(70, "در دست نامه‌رسان"),
                    Scan(75, "تحویل گیرنده"),
                ),
                is_delivered=True,
            ),
        ),
    ),
    Order(
        "GJ-20219",
        "elaheh",
        age_hours=2834,
        promised_in_days=-116,
        lines=(
            Line("BLEND-1000", 1),
            Line("CHOP-HAND", 1),
        ),
        steps=(
            Moved(3.3, "siavash", "preparing"),
            Moved(19.5, "siavash", "shipped"),
            Closing(26, "siavash", "delivered", "خود مشتری تحویل گرفت."),
        ),
        payments=(Payment(0.1, "gateway", "71847297"),),
        invoice=Invoice(0.05),
        shipments=(
            Shipment(
                22.8,
                "courier",
                "پیک گنجه",
                None,
                (
                    Scan(3, "پیک بسته را از انبار گرفت"),
                    Scan(26, "تحویل گیرنده"),
                ),
                is_delivered=True,
            ),
        ),
    ),
    Order(
        "GJ-20230",
        "niloofar",
        age_hours=2310,
        promised_in_days=-94,
        lines=(
            Line("PLATE-MEYBOD-6", 2),
            Line("TERMEH-200", 1),
        ),
        steps=(
            Moved(1.5, "siavash", "preparing"),
            Moved(12, "siavash", "shipped"),
            Closing(20, "siavash", "delivered", "خود مشتری تحویل گرفت؛ بسته را همان‌جا باز کرد."),
        ),
        payments=(Payment(0.1, "gateway", "77329447"),),
        invoice=Invoice(0.05),
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
)
