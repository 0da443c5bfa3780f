"""Words for a large shop: few of them common, many rare, as in real text."""

import random

NAMES = ("سارا محمدی", "رضا پاکزاد", "مریم احمدی",
         "امید کاظمی", "نیلوفر افشار", "بابک رستمی", "شقایق تهرانی", "آنی هاکوپیان",
         "حامد بهرامی", "مینا پورمحمد", "کیومرث دشتستانی", "الهه رجبی‌پور",
         "ژینا حسن‌پور", "Elena Marchetti")  # fmt: skip
COMMON = ("سفارش", "من", "هنوز", "نرسیده", "است", "لطفاً", "پیگیری", "کنید", "سلام", "ممنون", "بسته", "ارسال", "پرداخت",
          "فاکتور", "مشتری", "تماس", "امروز", "فردا",
          "هزینه", "محصول", "order", "delivery", "invoice", "تحویل")  # fmt: skip
TITLES = ("سفارش هنوز نرسیده", "بستهٔ شکسته", "فاکتور رسمی می‌خواهم", "تغییر نشانی تحویل", "مرجوع کردن کالا",
          "پرداخت دوباره", "رنگ اشتباه",
          "Where is my order", "تأخیر پیک", "گارانتی")  # fmt: skip
_LETTERS = "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
_dice = random.Random(1)
RARE = tuple("".join(_dice.choices(_LETTERS, k=_dice.randint(3, 8))) for _ in range(20_000))


def title(dice: random.Random) -> str:
    """A title that begins like many others and ends like none."""
    return f"{dice.choice(TITLES)} {rare(dice)}"


def sentence(dice: random.Random) -> str:
    """Twelve words, eight of them common."""
    return " ".join([*dice.choices(COMMON, k=8), *(rare(dice) for _ in range(4))])


def rare(dice: random.Random) -> str:
    """A word of the long tail: the further back, the rarer."""
    return RARE[int(len(RARE) * dice.random() ** 3)]
