"""Boards to begin with: stages and portal steps that a manager then makes their own."""

from dataclasses import dataclass
from typing import Any

from app.i18n import _l


@dataclass(frozen=True)
class StepPattern:
    """What customers read: labels and explanations in Persian and English."""

    label_fa: str
    label_en: str
    explanation_fa: str
    explanation_en: str
    icon: str = ""
    usual_hours: int | None = None
    is_aside: bool = False


@dataclass(frozen=True)
class StagePattern:
    """A column. `step` is the index of its portal step, None: hidden from customers."""

    name_fa: str
    name_en: str
    kind: str
    color: str
    step: int | None = None
    card_limit: int | None = None
    shows_return: bool = False


@dataclass(frozen=True)
class Pattern:
    """A whole board under the key by which the form names it."""

    key: str
    label: Any
    lead: Any
    name_fa: str
    name_en: str
    kind: str
    icon: str
    stages: tuple[StagePattern, ...]
    steps: tuple[StepPattern, ...] = ()


SUPPORT = Pattern(
    "support", _l("Support"), _l("Requests of customers, from the first message to the solution."),
    "پشتیبانی", "Support", "ticket", "lifebuoy",
    (
        StagePattern("درخواست جدید", "New request", "new", "stone"),
        StagePattern("در دست بررسی", "Looking into it", "active", "turquoise", 0, shows_return=True),
        StagePattern("پرسش از همکار", "Asking a colleague", "active", "violet"),
        StagePattern("منتظر مشتری", "Waiting for the customer", "waiting_customer", "saffron", 1, shows_return=True),
        StagePattern("منتظر دیگران", "Waiting for others", "waiting_other", "stone"),
        StagePattern("حل شد", "Solved", "resolved", "green", 2),
        StagePattern("لغو شد", "Cancelled", "cancelled", "stone"),
    ),
    (
        StepPattern("در دست بررسی", "We are looking into it",
                    "یکی از همکاران ما درخواست شما را می‌خواند و پاسخ را همین‌جا می‌نویسد.",
                    "One of us is reading your request and will answer right here.", "search", 8),
        StepPattern("منتظر پاسخ شما", "We need a word from you",
                    "برای ادامهٔ کار پرسشی از شما داریم. پاسخ که بدهید، از همان‌جا پی می‌گیریم.",
                    "We asked you something and carry on as soon as you answer.", "chat"),
        StepPattern("حل شد", "Solved",
                    "کار از طرف ما تمام است. اگر هنوز مشکلی هست، همین‌جا بگویید تا دوباره بازش کنیم.",
                    "We are done. If something is still wrong, tell us here and we take it up again.", "tick"),
    ),
)  # fmt: skip

SALES = Pattern(
    "sales", _l("Sales"), _l("Deals, from the first word to the signature."), "فروش", "Sales", "deal", "coins",
    (
        StagePattern("سرنخ تازه", "New lead", "new", "stone"),
        StagePattern("گفت‌وگو و نیازسنجی", "In conversation", "active", "turquoise", 0),
        StagePattern("پیش‌فاکتور فرستاده شد", "Quote sent", "waiting_customer", "saffron", 1),
        StagePattern("مذاکره و قرارداد", "Agreeing the terms", "active", "blue", 1),
        StagePattern("فروخته شد", "Won", "won", "green", 2),
        StagePattern("از دست رفت", "Lost", "lost", "stone"),
    ),
    (
        StepPattern("در حال گفت‌وگو", "In conversation",
                    "کارشناس فروش نیاز شما را می‌پرسد و پیشنهادی آماده می‌کند.",
                    "Our salesperson is learning what you need and preparing an offer.", "chat", 24),
        StepPattern("پیش‌فاکتور و توافق", "Quote and terms",
                    "پیش‌فاکتور برایتان فرستاده شده است. پرسشی دارید، همین‌جا بنویسید.",
                    "The quote is with you. Write to us here if you have a question.", "file", 72),
        StepPattern("توافق شد", "Agreed", "سفارش شما ثبت می‌شود و از بخش سفارش‌ها دنبال‌کردنی است.",
                    "Your order is being placed; follow it under orders.", "tick"),
    ),
)  # fmt: skip

ORDERS = Pattern(
    "orders", _l("Orders"), _l("Orders on their way, from the shelf to the customer's door."),
    "سفارش‌ها", "Orders", "order", "box",
    (
        StagePattern("ثبت شد", "Placed", "new", "stone", 0),
        StagePattern("آماده‌سازی", "Preparing", "active", "turquoise", 1),
        StagePattern("منتظر کالا", "Waiting for stock", "waiting_other", "saffron", 1),
        StagePattern("ارسال شد", "On its way", "active", "blue", 2),
        StagePattern("تحویل شد", "Delivered", "delivered", "green", 3),
        StagePattern("مرجوع شد", "Returned", "returned", "violet", 4),
        StagePattern("لغو شد", "Cancelled", "cancelled", "stone", 5),
    ),
    (
        StepPattern("سفارش ثبت شد", "Order placed", "سفارش شما رسید و به‌زودی آماده‌سازی آن شروع می‌شود.",
                    "We have your order and start on it soon.", "receipt", 6),
        StepPattern("در حال آماده‌سازی", "Being prepared", "کالاها را برمی‌داریم، بررسی می‌کنیم و بسته‌بندی می‌کنیم.",
                    "We take the goods from the shelf, check them and pack them.", "box", 24),
        StepPattern("در راه", "On its way", "بسته به پست یا پیک سپرده شده است.",
                    "The parcel is with the carrier.", "truck", 72),
        StepPattern("تحویل شد", "Delivered", "بسته به دست شما رسید.", "You have the parcel.", "home"),
        StepPattern("مرجوع شد", "Returned", "کالا به ما برگشت.",
                    "The goods are back with us.", "return", is_aside=True),
        StepPattern("لغو شد", "Cancelled", "این سفارش لغو شده است.",
                    "This order is cancelled.", "close", is_aside=True),
    ),
)  # fmt: skip

EMPTY = Pattern(
    "empty", _l("Empty board"), _l("Three stages to begin with; customers see none of them until you say so."),
    "بورد تازه", "New board", "ticket", "board",
    (
        StagePattern("جدید", "New", "new", "stone"),
        StagePattern("در حال انجام", "In progress", "active", "turquoise"),
        StagePattern("انجام شد", "Done", "resolved", "green"),
    ),
)  # fmt: skip

PATTERNS = {pattern.key: pattern for pattern in (SUPPORT, SALES, ORDERS, EMPTY)}
