"""Requests that nobody has opened yet."""

from demo.content.shapes import Assigned, Card, Noted, Prioritised

NEW = (
    Card(
        "valve-popped",
        "support",
        "tahereh",
        "زودپز سوپاپش پرید",
        (
            "سلام خانم وقت بخیر من این زودپز هفت لیتری رو که هفته پیش ازتون گرفتم امروز داشتم گوشت میپختم یهو "
            "سوپاپش پرید هوا خورد به هود خدا رحم کرد کسی دم گاز نبود نوه‌ام تو آشپزخونه بود الان زیرشو خاموش کردم "
            "میترسم بهش دست بزنم چیکار کنم"
        ),
        0.4,
        department="support",
        order="GJ-20352",
        priority=4,
        tags=("ایمنی", "گارانتی"),
    ),
    Card(
        "paid-but-unpaid",
        "support",
        "ruhollah",
        "پرداخت کردم ولی سفارش در انتظار پرداخت مانده",
        (
            "مبلغ از کارتم کم شد، پیامک بانک هم آمد، اما سفارش GJ-20392 هنوز «در انتظار پرداخت» است. کد پیگیری "
            "بانک 774120918. لطفاً تا کالا تمام نشده تکلیفش را روشن کنید، دفعهٔ قبل هم سر پرده کلی معطل شدم."
        ),
        4.1,
        department="finance",
        order="GJ-20392",
        assignee="maral",
        priority=3,
        tags=("پرداخت",),
    ),
    Card(
        "where-is-it",
        "support",
        "zhina",
        "بسته من كجاست",
        "سلام سفارش قبلي خيلي زود رسيد اين يكي چرا هنوز تو اماده سازيه؟ هديه تولده",
        1.3,
        department="delivery",
        order="GJ-20388",
        tags=("تأخیر",),
    ),
    Card(
        "cast-iron-before-use",
        "support",
        "hiva",
        "آماده‌سازی تابهٔ چدن پیش از اولین استفاده",
        (
            "با سلام و احترام\n\n"
            "تابهٔ چدنی که سفارش داده‌ام (GJ-20359) هنوز در راه است، ولی می‌خواستم تا نرسیده بپرسم: باید پیش از "
            "اولین استفاده چربش کنم؟ مادرم می‌گوید با نمک و روغن، سایت‌های خارجی می‌گویند فقط فر. در ضمن اجاق ما "
            "شیشه‌ای است؛ خط نمی‌اندازد؟\n\n"
            "پیشاپیش از راهنمایی‌تان ممنونم."
        ),
        2.2,
        department="support",
        order="GJ-20359",
        assignee="sara",
        priority=1,
        tags=("راهنمایی",),
    ),
    Card(
        "iron-leaks",
        "support",
        "kiumars",
        "اتو چکه می‌کنه",
        (
            "سلام. همون اتویی که پرسیدم آب شهری توش بریزم یا نه و گفتید بریزم! حالا از کفش آب قطره قطره میریزه "
            "رو لباس. بوشهر آبش سنگینه، اینو که خودتون باید میدونستید. حالا تعمیر میکنید یا عوض؟"
        ),
        3.4,
        department="warranty",
        order="GJ-20288",
        assignee="nahid",
        tags=("گارانتی",),
    ),
    Card(
        "finglish",
        "support",
        "pouria",
        "sefaresham naresid",
        (
            "salam khaste nabashid. man sefaresh GJ-20351 ro 9-10 rooz pish sabt kardam, zade bood 4 rooze "
            "miresad vali hanooz khabari nist. post ham zade girande dar mahal nabood dar hali ke man kole rooz "
            "khoone boodam!! mishe peygiri konid? mamnoon"
        ),
        5.2,
        department="delivery",
        order="GJ-20351",
        assignee="siavash",
        tags=("تأخیر",),
    ),
    Card(
        "official-invoice",
        "support",
        "hamed",
        "فاکتور رسمی برای فلاسک‌های هدیهٔ کارکنان",
        (
            "سلام، وقت به‌خیر.\n"
            "برای سفارش GJ-20280 فاکتور رسمی به نام شرکت لازم داریم. حسابرس، فاکتور فعلی را چون به نام شخص است "
            "قبول نمی‌کند.\n"
            "فناوری اطلاعات راژان پرداز، شناسهٔ ملی ۱۴۰۰۰۰۰۰۳۳۹، کد پستی ۱۵۸۷۶۷۸۴۱۵.\n"
            "اگر تا پایان ماه در سامانهٔ مؤدیان بنشیند، عالی می‌شود."
        ),
        6.8,
        department="finance",
        company="razhan",
        order="GJ-20280",
        assignee="maral",
        tags=("فاکتور", "سازمانی"),
        steps=(
            Noted(
                1.5,
                "maral",
                (
                    "فاکتور شخصی بیشتر از یک ماه پیش رفته و دورهٔ مالیاتی‌اش بسته شده. باید ابطالی بزنیم. @kaveh "
                    "می‌دانی که هر ابطالی را اداره ازمان می‌پرسد؛ خودت با بهرامی صحبت می‌کنی یا من بنویسم؟"
                ),
            ),
        ),
    ),
    Card(
        "leaving-tehran",
        "support",
        "elena",
        "Moka pot before I fly?",
        (
            "Hello,\n\n"
            "I ordered the six-cup moka pot (GJ-20380) and the site now says it is waiting for stock. I fly home "
            "in two weeks and it is a present for my father, so please tell me honestly whether it will be here "
            "before then. If not, I would rather have my money back for that item and keep the tea glasses.\n\n"
            "My Persian is not good enough for a phone call, please write back in English.\n\n"
            "Grazie,\n"
            "Elena"
        ),
        11,
        department="support",
        order="GJ-20380",
        channel="email",
        tags=("موجودی",),
        steps=(
            Assigned(3, "kaveh", "sara"),
            Prioritised(0.1, "kaveh", 3),
        ),
    ),
    Card(
        "just-hello",
        "support",
        "mina",
        "سلام",
        "سلام خسته نباشید یه سوال داشتم",
        0.1,
        department="support",
    ),
)
