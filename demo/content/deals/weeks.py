"""Deals of the weeks before, in short: asked, offered, and won, lost or still open."""

from typing import NamedTuple

from demo.content.shapes import Card, Closing, Moved, Replied
from demo.content.shapes.cards import Step


class Talk(NamedTuple):
    """`stages`: the stages it went through after the first; `end`: won or lost with what was agreed, None: open."""

    key: str
    contact: str
    company: str | None
    title: str
    text: str
    age_days: float
    assignee: str
    offer: str
    amount_rials: int
    stages: tuple[str, ...]
    end: tuple[str, str, str] | None = None


TALKS = (
    Talk("wedding-list", "homa", None, "جهیزیهٔ عروس، فهرست کامل",
         "برای جهیزیه ۱۴ قلم می‌خواهیم، یک‌جا تخفیف دارد؟", 2.4, "omid",
         "برای خرید یک‌جا هشت درصد و ارسال رایگان داریم؛ فهرست قیمت پیوست است.", 865_000_000, ("talking", "quoted")),
    Talk("clinic-kitchen", "behnaz", "nabat", "آشپزخانهٔ درمانگاه دوم",
         "درمانگاه دوم هم همان تجهیزات را می‌خواهد.", 4.1, "armen",
         "همان فهرست با قیمت تازه؛ تا پایان ماه معتبر است.", 412_000_000, ("talking", "quoted", "agreeing")),
    Talk("cafe-terrace", "vahe", "varagh", "ظرف‌های تراس کافه",
         "برای تراس تابستانی چهل دست بشقاب سفالی.", 9.3, "armen",
         "چهل دست موجود است و دو بار در هفته می‌فرستیم.", 198_400_000, ("talking", "quoted", "agreeing"),
         ("won", "چهل دست بشقاب با دو نوبت ارسال توافق شد.", "")),
    Talk("karun-site", "zeynab", "karun", "تجهیز کمپ کارگاه", "کمپ هشتاد نفره، قابلمه و قاشق و چنگال.", 15.2, "omid",
         "پیشنهاد با سه گزینه فرستاده شد؛ گزینهٔ دوم برای هشتاد نفر بس است.", 1_240_000_000, ("talking", "quoted",
         "agreeing"),
         ("won", "گزینهٔ دوم با پیش‌پرداخت چهل درصد بسته شد.", "")),
    Talk("alborz-flasks", "saman", "alborz", "دویست فلاسک با نشان شرکت",
         "برای همایش آذر، نشان شرکت رویش حک شود.", 18.6, "omid",
         "حکاکی لیزری ده روز می‌خواهد؛ نمونه را فردا می‌فرستیم.", 505_000_000, ("talking", "quoted"),
         ("lost", "همایش به بهار افتاد.", "زمان همایش عوض شد.")),
    Talk("khangostar-chain", "reza", "khangostar", "قرارداد سالانهٔ فروشگاه‌های زنجیره‌ای",
         "قیمت ثابت یک‌ساله برای سه شعبه.", 23.4, "armen",
         "قیمت شش‌ماهه را ثابت نگه می‌داریم و بعد با تورم رسمی.", 2_860_000_000, ("talking", "quoted", "agreeing"),
         ("won", "قرارداد شش‌ماهه با بازنگری امضا شد.", "")),
    Talk("razhan-newyear", "hamed", "razhan", "هدیهٔ نوروز کارکنان",
         "برای ۱۱۰ نفر، هر کدام تا پنج میلیون تومان.", 27.8, "omid",
         "سه بستهٔ پیشنهادی با عکس فرستادم؛ بستهٔ فلاسک و چاقو محبوب‌تر است.", 5_390_000_000, ("talking", "quoted"),
         ("lost", "بودجه‌شان نصف شد و از جای دیگر خریدند.", "بودجه کم بود.")),
    Talk("school-canteen", "tabatabaei", "kooshk", "بوفهٔ مدرسه", "ظرف نشکن برای بوفه دارید؟", 33.1, "omid",
         "سفال و بلور نشکن نیست؛ ظرف استیل پیشنهاد دادیم.", 88_000_000, ("talking",),
         ("lost", "دنبال ملامین بودند که نداریم.", "کالایش را نداریم.")),
    Talk("khesht-second", "narges", "khesht", "خانهٔ نمونهٔ دوم", "همان چیدمان برای طبقهٔ سوم.", 38.5, "armen",
         "همان چیدمان با همان قیمت؛ گلیم‌ها از یک بافنده‌اند.", 604_000_000, ("talking", "quoted", "agreeing"),
         ("won", "چیدمان دوم با قیمت اول توافق شد.", "")),
)  # fmt: skip
HOURS = {"talking": 2, "quoted": 20, "agreeing": 26}


def _card(talk: Talk) -> Card:
    moves = [Moved(HOURS[stage], talk.assignee, stage) for stage in talk.stages]
    steps: list[Step] = [moves[0], Replied(1, talk.assignee, talk.offer), *moves[1:]]
    if talk.end:
        stage, done, wrong = talk.end
        steps.append(Closing(30, talk.assignee, stage, done, wrong))
    return Card(
        talk.key, "sales", talk.contact, talk.title, talk.text, talk.age_days * 24, department="sales",
        company=talk.company, assignee=talk.assignee, amount_rials=talk.amount_rials, steps=tuple(steps),
    )  # fmt: skip


WEEKS = tuple(_card(talk) for talk in TALKS)
