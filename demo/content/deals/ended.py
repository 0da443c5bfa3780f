"""Deals won and lost."""

from demo.content.shapes import Assigned, Card, Closing, Moved, Noted, Replied, Said

ENDED = (
    Card(
        "show-home",
        "sales",
        "soudabeh",
        "چیدمان خانهٔ نمونهٔ فرهنگ‌شهر",
        "درود. برای خانهٔ نمونهٔ پروژهٔ نارون شش چراغ‌خواب و دو گلیم قشقایی با طیف لاکی می‌خواهیم. قیمت همکار لطفاً.",
        260,
        department="sales",
        company="khesht",
        assignee="armen",
        steps=(
            Moved(1, "armen", "talking"),
            Replied(
                0.5,
                "armen",
                "درود خانم قشقایی. عکس چهار گلیم لاکی را فرستادم؛ شمارهٔ ۲ و ۳ از یک بافنده‌اند و کنار هم می‌نشینند.",
            ),
            Said(20, "همان ۲ و ۳. چراغ‌ها کرم."),
            Moved(2, "armen", "quoted"),
            Noted(0.1, "armen", "7% for the trade, she will bill the client full price. Fine with us."),
            Moved(60, "armen", "agreeing"),
            Closing(90, "armen", "won", "با ۷٪ تخفیف همکار توافق شد؛ سفارش GJ-20384 ثبت می‌شود."),
        ),
        order="GJ-20384",
        amount_rials=592_410_000,
    ),
    Card(
        "wholesale-granite",
        "sales",
        "mansour",
        "بیست سرویس گرانیت برای پخش",
        "سلام، قیمت همکار برای ۲۰ سرویس قابلمهٔ گرانیت و شرایط تحویل در کرج را اعلام بفرمایید.",
        700,
        department="sales",
        company="alborz",
        assignee="armen",
        steps=(
            Moved(2, "armen", "talking"),
            Moved(10, "armen", "quoted"),
            Replied(
                0.1, "armen", "جناب خوش‌سیما، پیش‌فاکتور با ۱۴٪ تخفیف همکار پیوست است؛ نیمی پیش‌پرداخت و نیمی هنگام تحویل."
            ),
            Said(60, "پیش‌پرداخت واریز شد."),
            Moved(1, "armen", "agreeing"),
            Noted(
                40,
                "armen",
                (
                    "He found the importer and buys direct now. We were the bank for two weeks. @omid watch this "
                    "one next time."
                ),
            ),
            Closing(60, "armen", "lost", "سفارش لغو شد و پیش‌پرداخت باید برگردد.", "خریدار مستقیم از واردکننده خرید."),
        ),
        order="GJ-20328",
        amount_rials=2_442_400_000,
    ),
    Card(
        "vacuum-instalments",
        "sales",
        "pouria",
        "جاروی شارژی قسطی",
        "salam mishe jaroo sharji ro 4 ghesti bekharam? chek nadaram vali kasr az hoghoogh mishe",
        1095,
        department="sales",
        steps=(
            Assigned(4, "omid", "omid"),
            Moved(0.1, "omid", "talking"),
            Replied(
                0.3,
                "omid",
                "سلام آقا پوریا. برای اشخاص فعلاً قسطی نداریم ولی یک هفته کالا را با همین قیمت برایتان نگه می‌دارم.",
            ),
            Said(5, "bashe sefaresh midam bebinam pool jor mishe"),
            Noted(0.2, "omid", "جور نمی‌شود. نگه ندار، شش تا بیشتر نداریم."),
            Closing(120, "omid", "lost", "سفارش پرداخت نشد و خودکار لغو شد.", "مشتری فقط قسطی می‌توانست بخرد."),
        ),
        order="GJ-20299",
        amount_rials=158_000_000,
    ),
)
