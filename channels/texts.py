"""What customers are told, and when: default texts in both languages, and the business's own in their place."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app import settings
from app.errors import DomainError
from app.i18n import _, _l

VARIABLE = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class Purpose:
    """An occasion to write. `needs` must stand in every text of it, or the message would be of no use."""

    key: str
    label: Any
    subjects: Mapping[str, str]
    bodies: Mapping[str, str]
    variables: tuple[str, ...]
    needs: tuple[str, ...] = ()


COMMON = ("name", "business", "code", "title", "link")
PURPOSES = {
    purpose.key: purpose
    for purpose in (
        Purpose(
            "acknowledgement", _l("Request received"),
            {"fa": "درخواست شما ثبت شد: {code}", "en": "We have your request: {code}"},
            {
                "fa": "{name} عزیز، درخواست «{title}» با کد {code} ثبت شد.\n{promise}\nپیگیری:\n{link}\n{business}",
                "en": "Dear {name}, your request “{title}” is registered under {code}.\n{promise}\n"
                      "Follow it:\n{link}\n{business}",
            },
            (*COMMON, "promise"), ("code", "link"),
        ),
        Purpose(
            "promise", _l("Answers come at another time"),
            {"fa": "زمان تازه برای پاسخ درخواست {code}", "en": "A new time for the answer to {code}"},
            {
                "fa": "{name} عزیز، {reason}\nهمهٔ درخواست‌های باز شما و زمان پاسخ هر کدام:\n{link}\n{business}",
                "en": "Dear {name}, {reason}\nAll of your open requests and when each is answered:\n{link}\n{business}",
            },
            (*COMMON, "promise", "reason"), ("link",),
        ),
        Purpose(
            "reply", _l("Answer to a request"),
            {"fa": "پاسخ به درخواست {code}", "en": "An answer to your request {code}"},
            {
                "fa": "{name} عزیز، به درخواست «{title}» پاسخ دادیم.\n{link}\n{business}",
                "en": "Dear {name}, we have answered your request “{title}”.\n{link}\n{business}",
            },
            (*COMMON, "text"), ("link",),
        ),
        Purpose(
            "closing", _l("Request solved, with the survey"),
            {"fa": "درخواست {code} به پایان رسید", "en": "Your request {code} is done"},
            {
                "fa": "{name} عزیز، کار درخواست «{title}» تمام شد. اگر هنوز مشکلی هست، همان‌جا بنویسید.\n{link}\n"
                      "نظرتان دربارهٔ پاسخ ما:\n{survey}\n{business}",
                "en": "Dear {name}, your request “{title}” is done. If something is still wrong, write there.\n{link}\n"
                      "What did you think of our answer?\n{survey}\n{business}",
            },
            (*COMMON, "text", "survey"), ("link",),
        ),
        Purpose(
            "code", _l("Sign-in code"),
            {"fa": "کد ورود: {secret}", "en": "Your sign-in code: {secret}"},
            {
                "fa": "کد ورود شما به {business}: {secret}\nتا ۵ دقیقه کار می‌کند. آن را به کسی ندهید.",
                "en": "Your sign-in code for {business}: {secret}\nIt works for 5 minutes. Do not give it to anybody.",
            },
            ("business", "secret"), ("secret",),
        ),
    )
}  # fmt: skip

for _purpose in PURPOSES.values():
    for _language in ("fa", "en"):
        settings.define(f"message.{_purpose.key}.{_language}", "")


def body_of(purpose: Purpose, language: str) -> str:
    """The business's own text, or ours."""
    return settings.get(f"message.{purpose.key}.{language}") or purpose.bodies[language]


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its variables filled in. A line whose only content is an empty variable is left out."""
    lines = []
    for line in text.splitlines():
        names = VARIABLE.findall(line)
        if names and not any(values.get(name) for name in names) and not VARIABLE.sub("", line).strip():
            continue
        lines.append(VARIABLE.sub(lambda match: values.get(match[1], ""), line))
    return "\n".join(lines)


def check(purpose: Purpose, text: str) -> None:
    """Raise a `DomainError` for a text with unknown variables, or without one that the message needs."""
    names = set(VARIABLE.findall(text))
    unknown = sorted(names - set(purpose.variables))
    if unknown:
        raise DomainError(_("There is no variable {%(name)s} here.", name=unknown[0]), code="unknown_variable")
    missing = [name for name in purpose.needs if name not in names]
    if text and missing:
        raise DomainError(_("The text needs {%(name)s}, or the message is of no use.", name=missing[0]), code="missing")
