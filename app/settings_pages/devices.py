"""What a browser calls itself, said so that a person knows it again."""

from app.i18n import _
from app.sources import agent_name


def device_name(agent: str) -> str:
    """ "Firefox, Windows" of a User-Agent; a sentence when neither part is known."""
    return agent_name(agent) or _("Unknown device")
