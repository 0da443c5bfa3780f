"""Orders delivered two to five weeks ago."""

from demo.content.shapes import Closing, Invoice, Line, Moved, Order, Payment, Scan, Shipment

WEEKS_AGO = (
    Order(
        "GJ-20311",
        "mina",
        age_hours=842,
        promised_in_days=-31,
        lines=(Line("TERMEH-200", 1),),
        steps=(
            Moved(3.9, "siavash", "preparing"),
            Moved(22, "siavash", "shipped"),
            Closing(102, "siavash", "delivered", "خود مشتری تحویل گرفت."),
        ),
        shipping_rials=2_100_000,
        payments=(Payment(0.1, "gateway", "73652228"),),
        invoice=Invoice(0.05),
        shipments=(
            Shipment(
                25.9,
                "post",
                "پست پیشتاز",
                "214520311011459708983948",
                (
                    Scan(5, "قبول در تهران"),
                    Scan(61.2, "رسیده به ساری"),
                    Scan(97, "در دست نامه‌رسان"),
                    Scan(102, "تحویل گیرنده"),
                ),
                is_delivered=True,
            ),
        ),
    ),
    Order(
        "GJ-20318",
        "babak",
        age_hours=725,
        promised_in_days=-25,
        lines=(
            Line("TEAMAKER-2", 1),
            Line("GLASS-TEA-6", 2),
        ),
        steps=(
            Moved(3.9, "siavash", "preparing"),
            Moved(22, "siavash", "shipped"),
            Closing(102, "siavash", "delivered", "خود مشتری تحویل گرفت."),
        ),
        shipping_rials=2_100_000,
        payments=(Payment(0.1, "gateway", "75579680"),),
        invoice=Invoice(0.05),
        shipments=(
            Shipment(
                25.9,
                "post",
                "پست پیشتاز",
                "214520318011495699008431",
                (
                    Scan(5, "قبول در تهران"),
                    Scan(61.2, "رسیده به اردبیل"),
                    Scan(97, "در دست نامه‌رسان"),
                    Scan(102, "تحویل گیرنده"),
                ),
                is_delivered=True,
            ),
        ),
    ),
    Order(
        "GJ-20325",
        "aylin",
        age_hours=628,
        promised_in_days=-21,
        lines=(Line("DINNER-28", 1),),
        steps=(
            Moved(3.9, "siavash", "preparing"),
            Moved(22, "siavash", "shipped"),
            Closing(102, "siavash", "delivered", "با امضای گیرنده تحویل شد؛ کارتن سالم بود."),
        ),
        shipping_rials=2_100_000,
        payments=(Payment(0.1, "gateway", "79472862"),),
        invoice=Invoice(0.05),
        shipments=(
            Shipment(
                25.9,
                "post",
                "پست پیشتاز",
                "214520325011483393340052",
                (
                    Scan(5, "قبول در تهران"),
                    Scan(61.2, "رسیده به تبریز"),
                    Scan(97, "در دست نامه‌رسان"),
                    Scan(102, "تحویل گیرنده"),
                ),
                is_delivered=True,
            ),
        ),
    ),
    Order(
        "GJ-20331",
        "zhina",
        age_hours=509,
        promised_in_days=-16,
        lines=(
            Line("JAR-7", 2),
            Line("SHELF-SPICE", 1),
        ),
        steps=(
            Moved(3.3, "siavash", "preparing"),
            Moved(19.5, "siavash", "shipped"),
            Closing(93, "siavash", "delivered", "خواهر مشتری تحویل گرفت."),
        ),
        shipping_rials=1_800_000,
        payments=(Payment(0.1, "gateway", "72034566"),),
        invoice=Invoice(0.05),
        shipments=(
            Shipment(
                22.8,
                "post",
                "پست پیشتاز",
                "214520331011473033974338",
                (
                    Scan(4.5, "قبول در تهران"),
                    Scan(55.8, "رسیده به مهاباد"),
                    Scan(88, "در دست نامه‌رسان"),
                    Scan(93, "تحویل گیرنده"),
                ),
                is_delivered=True,
            ),
        ),
    ),
    Order(
        "GJ-20336",
        "vahe",
        age_hours=461,
        promised_in_days=-14,
        lines=(
            Line("GLASS-TEA-6", 12),
            Line("MOKA-6", 3),
            Line("TRAY-BRASS", 2),
        ),
        steps=(
            Moved(2.1, "siavash", "preparing"),
            Moved(14.5, "siavash", "shipped"),
            Closing(75, "siavash", "delivered", "باریستای کافه تحویل گرفت."),
        ),
        company="varagh",
        payments=(Payment(3, "transfer", "72784933"),),
        invoice=Invoice(1.5),
        shipments=(
            Shipment(
                16.6,
                "post",
                "پست پیشتاز",
                "214520336011496645866134",
                (
                    Scan(3.5, "قبول در تهران"),
                    Scan(45, "رسیده به اصفهان"),
                    Scan(70, "در دست نامه‌رسان"),
                    Scan(75, "تحویل گیرنده"),
                ),
                is_delivered=True,
            ),
        ),
    ),
)
