"""What people ask most, by department, with the answer that usually saves them from writing."""

from demo.content.shapes import Question

SALES = (
    Question(
        "برای خرید سازمانی یا هدیهٔ کارکنان تخفیف دارید؟",
        "Do you have prices for companies and staff gifts?",
        "بله، از ۱۰ عدد به بالا. بگویید چه کالایی، چند عدد و تا چه روزی لازم دارید؛ همان روز کاری پیش‌فاکتور می‌فرستیم.",
        "Yes, from 10 pieces upwards. Tell us what, how many and by when; the quote comes the same working day.",
    ),
    Question(
        "می‌شود کالا را پیش از خرید از نزدیک دید؟",
        "Can I see an item before I buy it?",
        "بله. بیشتر کالاها در دفتر سهروردی نمونه دارند. شنبه تا چهارشنبه، ۹ تا ۱۸، بدون قرار قبلی بیایید.",
        (
            "Yes. Most things are on show at our Sohrevardi office, Saturday to Wednesday, 9:00 to 18:00, no "
            "appointment needed."
        ),
    ),
    Question(
        "این ظرف روی اجاق القایی کار می‌کند؟",
        "Does this pot work on an induction hob?",
        "تابهٔ چدن و سرویس گرانیت بله؛ مس و سفال نه. در صفحهٔ هر کالا، بخش «سازگار با»، همین نوشته شده است.",
        "Cast iron and the granite set do; copper and pottery do not. Each product page says so under “Works with”.",
    ),
    Question(
        "کالای ناموجود کی می‌رسد؟",
        "When will a sold-out item be back?",
        "روی صفحهٔ کالا «خبرم کن» را بزنید. روزی که به انبار برسد پیامک می‌فرستیم و کالا را ۲۴ ساعت برایتان نگه می‌داریم.",
        "Tap “Tell me” on its page. We text you the day it arrives and keep one for you for 24 hours.",
    ),
)

SUPPORT = (
    Question(
        "کالا شکسته رسید. باید آن را پس بفرستم؟",
        "Something arrived broken. Must I send it back?",
        (
            "نه. یک عکس از شکستگی و یکی از کارتن بفرستید. قطعهٔ شکسته را نگه دارید؛ پیکی که کالای تازه را می‌آورد "
            "آن را می‌برد."
        ),
        (
            "No. Send a photo of the damage and one of the box. Keep the pieces; the courier takes them when the "
            "new one comes."
        ),
    ),
    Question(
        "چند روز وقت دارم کالا را پس بدهم؟",
        "How long do I have to return something?",
        "۷ روز از روزی که به دستتان رسیده، به شرط آنکه استفاده نشده باشد. هزینهٔ پس فرستادن کالای معیوب با ماست.",
        "7 days from the day it reached you, as long as it is unused. If it is faulty, we pay for the way back.",
    ),
    Question(
        "تابهٔ چدن را چطور بشویم که زنگ نزند؟",
        "How do I wash cast iron so that it does not rust?",
        (
            "با آب گرم و اسکاچ نرم، بدون مایع ظرفشویی. همان موقع خشک کنید و یک لایهٔ نازک روغن بمالید. در ماشین "
            "ظرفشویی نگذارید."
        ),
        "Warm water and a soft sponge, no soap. Dry it at once and rub in a little oil. Never in the dishwasher.",
    ),
    Question(
        "می‌شود سفارشم را بعد از ثبت تغییر بدهم؟",
        "Can I change an order after placing it?",
        "تا وقتی بسته‌بندی نشده، بله. شمارهٔ سفارش و تغییر را بنویسید. بعد از آن باید صبر کنید برسد و بعد تعویض کنیم.",
        (
            "Until it is packed, yes: write the order number and the change. After that it has to arrive first, "
            "then we swap it."
        ),
    ),
)

DELIVERY = (
    Question(
        "سفارشم کی می‌رسد؟",
        "When will my order arrive?",
        (
            "تهران و کرج ۱ تا ۲ روز کاری، مرکز استان‌ها ۳ تا ۴ و شهرهای دیگر ۴ تا ۶ روز کاری پس از پرداخت. روز "
            "قول‌داده‌شده در صفحهٔ سفارش هست."
        ),
        (
            "Tehran and Karaj 1 to 2 working days, provincial capitals 3 to 4, elsewhere 4 to 6. Your order page "
            "shows the day."
        ),
    ),
    Question(
        "کد رهگیری در سایت پست چیزی نشان نمی‌دهد.",
        "The tracking code shows nothing on the Post website.",
        "کد معمولاً ۱۲ تا ۲۴ ساعت بعد از تحویل به پست فعال می‌شود. اگر یک روز کامل گذشت و باز خالی بود، به ما بنویسید.",
        "It usually wakes up 12 to 24 hours after we hand the parcel over. If a whole day has passed, write to us.",
    ),
    Question(
        "خانه نیستم؛ می‌شود روز یا ساعت تحویل را عوض کنم؟",
        "I will not be home. Can I change the day or hour?",
        "برای پیک تهران و کرج بله، تا ساعت ۲۰ روز پیش. برای پست نه، ولی می‌توانید کسی را برای تحویل گرفتن معرفی کنید.",
        (
            "With our courier in Tehran and Karaj yes, until 20:00 the day before. With the Post no, but you may "
            "name someone else."
        ),
    ),
    Question(
        "نشانی را اشتباه نوشته‌ام.",
        "I gave the wrong address.",
        "زود خبر بدهید. تا بسته از انبار بیرون نرفته، نشانی را رایگان درست می‌کنیم.",
        "Tell us soon. Until the parcel leaves the warehouse we correct it free of charge.",
    ),
)

FINANCE = (
    Question(
        "پول از کارتم کم شد ولی سفارش ثبت نشد.",
        "My card was charged but there is no order.",
        (
            "بانک چنین پولی را خودش تا ۷۲ ساعت برمی‌گرداند. اگر برنگشت، زمان پرداخت و چهار رقم آخر کارت را "
            "بنویسید تا پی بگیریم."
        ),
        "The bank returns it by itself within 72 hours. If not, tell us when you paid and the card's last four digits.",
    ),
    Question(
        "پول کالای مرجوعی کی برمی‌گردد؟",
        "When do I get my money back for a return?",
        "۳ روز کاری پس از رسیدن کالا به انبار، به همان کارتی که با آن خریده‌اید یا به شبایی که بگویید.",
        "3 working days after the goods reach our warehouse, to the card you paid with or an account you name.",
    ),
    Question(
        "چطور فاکتور رسمی بگیرم؟",
        "How do I get an official invoice?",
        (
            "نام حقوقی، شناسهٔ ملی، کد اقتصادی و کد پستی را بنویسید. فاکتور همان روز کاری صادر و در سامانهٔ مؤدیان "
            "ثبت می‌شود."
        ),
        "Send the legal name, national id, economic code and postal code. It is issued the same working day.",
    ),
    Question(
        "می‌شود قسطی خرید؟",
        "Can I pay in instalments?",
        "برای اشخاص فعلاً نه. شرکت‌هایی که قرارداد دارند می‌توانند نصف را هنگام سفارش و نصف را هنگام تحویل بپردازند.",
        "Not for private customers yet. Companies with a contract pay half when ordering and half on delivery.",
    ),
)

WARRANTY = (
    Question(
        "گارانتی وسایل برقی چند ماه است؟",
        "How long is the warranty on electrical goods?",
        "۱۸ ماه از روز تحویل. کارت جدا لازم نیست؛ شمارهٔ سفارش شما همان کارت گارانتی است.",
        "18 months from delivery. There is no card to keep: your order number is the warranty.",
    ),
    Question(
        "دستگاه خراب شده. کجا ببرم؟",
        "My appliance has failed. Where do I take it?",
        "جایی نبرید. مدل، شمارهٔ سفارش و یک فیلم کوتاه از ایراد را بفرستید؛ اگر لازم باشد پیک را خودمان می‌فرستیم.",
        "Nowhere. Send the model, the order number and a short video; if it has to come in, we send a courier.",
    ),
    Question(
        "چه چیزهایی زیر پوشش گارانتی نیست؟",
        "What is not covered?",
        "ضربه، آب‌خوردگی، نوسان برق و قطعه‌های مصرفی مثل واشر و فیلتر. قطعهٔ مصرفی را با قیمت خرید خودمان می‌فرستیم.",
        "Knocks, water, power surges and wearing parts such as seals and filters. Those we send at what they cost us.",
    ),
    Question(
        "تعمیر چند روز طول می‌کشد؟",
        "How long does a repair take?",
        "معمولاً ۵ تا ۷ روز کاری. اگر از ۱۴ روز کاری بیشتر شود، دستگاه نو می‌گیرید.",
        "Usually 5 to 7 working days. If it takes more than 14, you get a new one.",
    ),
)
