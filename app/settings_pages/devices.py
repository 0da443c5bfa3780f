"""What a browser calls itself, said so that a person knows it again."""

import re

from app.i18n import _

# The first match wins: most browsers claim to be others too.
BROWSERS = (("Edge", r"Edg(e|A|iOS)?/"), ("Opera", r"OPR/|Opera"), ("Samsung Internet", r"SamsungBrowser"),
            ("Firefox", r"Firefox|FxiOS"), ("Chrome", r"Chrome|CriOS"), ("Safari", r"Safari"))  # fmt: skip
SYSTEMS = (("iPhone", r"iPhone"), ("iPad", r"iPad"), ("Android", r"Android"), ("Windows", r"Windows"),
           ("Mac", r"Mac OS X|Macintosh"), ("ChromeOS", r"CrOS"), ("Linux", r"Linux|X11"))  # fmt: skip


def device_name(agent: str) -> str:
    """ "Firefox, Windows" of a User-Agent; a sentence when neither part is known."""
    parts = [name for table in (BROWSERS, SYSTEMS) for name in _first(table, agent)]
    return ", ".join(parts) or _("Unknown device")


def _first(table: tuple[tuple[str, str], ...], agent: str) -> list[str]:
    return next(([name] for name, pattern in table if re.search(pattern, agent)), [])
