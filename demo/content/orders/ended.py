"""Orders that came back or were called off."""

from demo.content.shapes import Closing, Invoice, Line, Moved, Order, Payment, Scan, Shipment

ENDED = (
    Order(
        "GJ-20308",
        "ruhollah",
        age_hours=914,
        promised_in_days=-33,
        lines=(Line("CURTAIN-LINEN", 2),),
        steps=(
            Moved(2.1, "siavash", "preparing"),
            Moved(14.5, "siavash", "shipped"),
            Closing(234, "siavash", "returned", "هر دو پرده سالم برگشت و وارد موجودی شد.", "رنگ با عکس سایت نمی‌خواند."),
        ),
        shipping_rials=1_450_000,
        payments=(Payment(0.1, "gateway", "77035169"),),
        invoice=Invoice(0.05),
        shipments=(
            Shipment(
                16.6,
                "post",
                "پست پیشتاز",
                "214520308011438576144246",
                (
                    Scan(3.5, "قبول در تهران"),
                    Scan(45, "رسیده به کرمان"),
                    Scan(70, "در دست نامه‌رسان"),
                    Scan(75, "تحویل گیرنده"),
                ),
                is_delivered=True,
            ),
        ),
    ),
    Order(
        "GJ-20322",
        "zeynab",
        age_hours=677,
        promised_in_days=-23,
        lines=(Line("BLEND-1000", 1),),
        steps=(
            Moved(2.1, "siavash", "preparing"),
            Moved(14.5, "siavash", "shipped"),
            Closing(
                234,
                "siavash",
                "returned",
                "مخلوط‌کن برگشت؛ برای شرکت واردکننده فرستاده شد.",
                "از روز اول صدای ساییدن می‌داد.",
            ),
        ),
        shipping_rials=1_450_000,
        payments=(Payment(0.1, "gateway", "76755005"),),
        invoice=Invoice(0.05),
        shipments=(
            Shipment(
                16.6,
                "post",
                "پست پیشتاز",
                "214520322011471625960672",
                (
                    Scan(3.5, "قبول در تهران"),
                    Scan(45, "رسیده به خرمشهر"),
                    Scan(70, "در دست نامه‌رسان"),
                    Scan(75, "تحویل گیرنده"),
                ),
                is_delivered=True,
            ),
        ),
    ),
    Order(
        "GJ-20334",
        "najafabadi",
        age_hours=486,
        promised_in_days=-15,
        lines=(Line("VACUUM-CORD", 1),),
        steps=(
            Moved(5.1, "siavash", "preparing"),
            Moved(27, "siavash", "shipped"),
            Closing(324, "siavash", "returned", "بسته باز نشده برگشت.", "مشتری مدل اشتباه سفارش داده بود."),
        ),
        shipping_rials=2_600_000,
        payments=(Payment(0.1, "gateway", "73894217"),),
        invoice=Invoice(0.05),
        shipments=(
            Shipment(
                32.1,
                "post",
                "پست پیشتاز",
                "214520334011499350123000",
                (
                    Scan(6, "قبول در تهران"),
                    Scan(72, "رسیده به نجف‌آباد"),
                    Scan(115, "در دست نامه‌رسان"),
                    Scan(120, "تحویل گیرنده"),
                ),
                is_delivered=True,
            ),
        ),
    ),
    Order(
        "GJ-20299",
        "pouria",
        age_hours=1085,
        promised_in_days=-44,
        lines=(Line("VACUUM-CORD", 1),),
        steps=(Closing(48, "maral", "cancelled", "پس از ۴۸ ساعت بی‌پرداخت، خودکار لغو شد.", "پرداخت انجام نشد."),),
        invoice=Invoice(0.05, is_void=True),
    ),
    Order(
        "GJ-20328",
        "mansour",
        age_hours=582,
        promised_in_days=-20,
        lines=(Line("POT-GRAN-8", 20, discount_percent=14),),
        steps=(
            Closing(
                30,
                "omid",
                "cancelled",
                "به درخواست خریدار لغو شد؛ پیش‌پرداخت باید برگردد.",
                "مشتری عمده خریدش را پس گرفت.",
            ),
        ),
        company="alborz",
        payments=(Payment(3, "transfer", "73461859", percent=50),),
        invoice=Invoice(1.5),
    ),
    Order(
        "GJ-20355",
        "elena",
        age_hours=196,
        promised_in_days=-5,
        lines=(Line("IRON-STEAM", 1),),
        steps=(
            Closing(
                36, "maral", "cancelled", "لغو شد و مبلغ برای برگشت به بانک رفت.", "کالا در انبار تهران تمام شده بود."
            ),
        ),
        payments=(Payment(0.1, "gateway", "76867545"),),
        invoice=Invoice(0.05),
    ),
    Order(
        "GJ-20371",
        "saman",
        age_hours=83,
        promised_in_days=1,
        lines=(Line("RACK-DISH", 1),),
        steps=(
            Closing(
                31,
                "maral",
                "cancelled",
                "سفارش دوم لغو شد؛ مبلغ آن در راه برگشت است.",
                "درگاه دو بار سفارش ثبت کرده بود.",
            ),
        ),
        shipping_rials=1_450_000,
        payments=(Payment(0.1, "gateway", "77339458"),),
        invoice=Invoice(0.05),
    ),
)
