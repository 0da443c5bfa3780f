"""Orders on their way; some of them late, one in two parcels."""

from demo.content.shapes import Invoice, Line, Moved, Order, Payment, Scan, Shipment

SHIPPED = (
    Order(
        "GJ-20347",
        "leyla",
        age_hours=262,
        promised_in_days=-6,
        lines=(Line("RICE-10", 1),),
        steps=(
            Moved(4.5, "siavash", "preparing"),
            Moved(24.5, "siavash", "shipped"),
        ),
        shipping_rials=2_100_000,
        payments=(Payment(0.1, "gateway", "79171892"),),
        invoice=Invoice(0.05),
        shipments=(
            Shipment(
                29,
                "post",
                "پست پیشتاز",
                "214520347011414784246880",
                (
                    Scan(3, "قبول در تهران"),
                    Scan(31, "رسیده به مرکز تجزیهٔ کرمان"),
                    Scan(98, "در راه زاهدان"),
                ),
            ),
        ),
    ),
    Order(
        "GJ-20351",
        "pouria",
        age_hours=231,
        promised_in_days=-6,
        lines=(
            Line("FLASK-1", 1),
            Line("LUNCH-3", 1),
        ),
        steps=(
            Moved(2.7, "siavash", "preparing"),
            Moved(17, "siavash", "shipped"),
        ),
        payments=(Payment(0.1, "gateway", "76336192"),),
        invoice=Invoice(0.05),
        shipments=(
            Shipment(
                19.7,
                "post",
                "پست پیشتاز",
                "214520351011462142132592",
                (
                    Scan(5, "قبول در تهران"),
                    Scan(52, "گیرنده در محل نبود"),
                ),
            ),
        ),
    ),
    Order(
        "GJ-20356",
        "savari",
        age_hours=181,
        promised_in_days=-1,
        lines=(
            Line("SAMOVAR-3", 2),
            Line("GLASS-TEA-6", 10),
        ),
        steps=(
            Moved(1.5, "siavash", "preparing"),
            Moved(12, "siavash", "shipped"),
        ),
        company="karun",
        payments=(Payment(3, "transfer", "77392227"),),
        invoice=Invoice(1.5),
        shipments=(
            Shipment(
                13.5,
                "other",
                "باربری",
                None,
                (
                    Scan(4, "تحویل باربری در تهران"),
                    Scan(47, "رسیده به انبار باربری اهواز"),
                ),
            ),
        ),
    ),
    Order(
        "GJ-20359",
        "hiva",
        age_hours=158,
        promised_in_days=0,
        lines=(
            Line("PAN-CAST-28", 1),
            Line("CHOP-HAND", 1),
        ),
        steps=(
            Moved(3.3, "siavash", "preparing"),
            Moved(19.5, "siavash", "shipped"),
        ),
        shipping_rials=1_800_000,
        payments=(Payment(0.1, "gateway", "74891122"),),
        invoice=Invoice(0.05),
        shipments=(
            Shipment(
                22.8,
                "post",
                "پست پیشتاز",
                "214520359011499944905354",
                (
                    Scan(6, "قبول در تهران"),
                    Scan(40, "مرکز تجزیهٔ همدان"),
                    Scan(72, "رسیده به سنندج"),
                ),
            ),
        ),
    ),
    Order(
        "GJ-20362",
        "ayjamal",
        age_hours=146,
        promised_in_days=0,
        lines=(Line("DINNER-28", 1),),
        steps=(
            Moved(5.1, "siavash", "preparing"),
            Moved(27, "siavash", "shipped"),
        ),
        shipping_rials=2_600_000,
        payments=(Payment(0.1, "gateway", "73027129"),),
        invoice=Invoice(0.05),
        shipments=(
            Shipment(
                32.1,
                "post",
                "پست پیشتاز",
                "214520362011442034748356",
                (
                    Scan(4, "قبول در تهران"),
                    Scan(32, "رسیده به گنبد کاووس"),
                    Scan(46, "نشانی ناقص؛ در باجهٔ پست ماند"),
                ),
            ),
        ),
    ),
    Order(
        "GJ-20366",
        "shaghayegh",
        age_hours=113,
        promised_in_days=-2,
        lines=(Line("VACUUM-CORD", 1),),
        steps=(
            Moved(3.3, "siavash", "preparing"),
            Moved(19.5, "siavash", "shipped"),
        ),
        payments=(Payment(0.1, "gateway", "72337312"),),
        invoice=Invoice(0.05),
        shipments=(
            Shipment(
                22.8,
                "courier",
                "پیک گنجه",
                None,
                (
                    Scan(2, "پیک بسته را از انبار گرفت"),
                    Scan(27, "تحویل سرایداری"),
                ),
                is_delivered=True,
            ),
        ),
    ),
    Order(
        "GJ-20369",
        "hamed",
        age_hours=97,
        promised_in_days=1,
        lines=(
            Line("KNIFE-5", 1),
            Line("BOARD-WALNUT", 1),
        ),
        steps=(
            Moved(5.1, "siavash", "preparing"),
            Moved(66, "siavash", "shipped"),
        ),
        payments=(Payment(0.1, "gateway", "76354801"),),
        invoice=Invoice(0.05),
        shipments=(Shipment(71.1, "courier", "پیک گنجه", None, (Scan(3, "پیک بسته را از انبار گرفت"),)),),
    ),
    Order(
        "GJ-20370",
        "saman",
        age_hours=83.2,
        promised_in_days=2,
        lines=(Line("RACK-DISH", 1),),
        steps=(
            Moved(1.5, "siavash", "preparing"),
            Moved(12, "siavash", "shipped"),
        ),
        shipping_rials=1_450_000,
        payments=(Payment(0.1, "gateway", "75734740"),),
        invoice=Invoice(0.05),
        shipments=(
            Shipment(
                13.5,
                "post",
                "پست پیشتاز",
                "214520370011421454525655",
                (
                    Scan(5, "قبول در تهران"),
                    Scan(30, "مرکز تجزیهٔ همدان"),
                ),
            ),
        ),
    ),
    Order(
        "GJ-20373",
        "ani",
        age_hours=74,
        promised_in_days=1,
        lines=(Line("TEA-GOL-18", 1),),
        steps=(
            Moved(3.3, "siavash", "preparing"),
            Moved(50, "siavash", "shipped"),
        ),
        payments=(Payment(0.1, "gateway", "75202670"),),
        invoice=Invoice(0.05),
        shipments=(Shipment(53.3, "courier", "پیک گنجه", None, (Scan(2, "پیک بسته را از انبار گرفت"),)),),
    ),
    Order(
        "GJ-20376",
        "homa",
        age_hours=62,
        promised_in_days=2,
        lines=(
            Line("RACK-DISH", 1),
            Line("TOWEL-4", 2),
        ),
        steps=(
            Moved(5.1, "siavash", "preparing"),
            Moved(27, "siavash", "shipped"),
        ),
        shipping_rials=2_600_000,
        payments=(Payment(0.1, "gateway", "71303201"),),
        invoice=Invoice(0.05),
        shipments=(Shipment(32.1, "post", "پست پیشتاز", "214520376011425656302458", (Scan(4, "قبول در تهران"),)),),
    ),
    Order(
        "GJ-20364",
        "reza",
        age_hours=123,
        promised_in_days=0,
        lines=(
            Line("PLATE-MEYBOD-6", 24),
            Line("CUTLERY-24", 6),
        ),
        steps=(
            Moved(2.1, "siavash", "preparing"),
            Moved(100, "siavash", "shipped"),
        ),
        company="khangostar",
        payments=(Payment(2, "transfer", "79135500", percent=50),),
        invoice=Invoice(1.5),
        shipments=(
            Shipment(
                102.1,
                "courier",
                "پیک گنجه",
                None,
                (
                    Scan(2, "پیک بسته را از انبار گرفت"),
                    Scan(6, "تحویل انبار شعبهٔ دریا"),
                ),
                (
                    Line("PLATE-MEYBOD-6", 16),
                    Line("CUTLERY-24", 6),
                ),
                is_delivered=True,
            ),
        ),
    ),
)
