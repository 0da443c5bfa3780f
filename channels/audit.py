"""Messages and their settings in the audit."""

from app.audit import values
from app.audit.acts import tell
from app.events import Event
from app.i18n import _l
from channels.texts import PURPOSES


def _decided(event: Event) -> str:
    if event.data.get("choice") == "arrived":
        return _l("%(who)s said of the message number %(row)s that it arrived")
    return _l("%(who)s had the message number %(row)s sent again")


tell("message.decided", "settings", _decided)
tell("mail_server.tested", "settings", _l("%(who)s sent a test message to %(to_address)s: %(state)s"))

values.fields("setting", {
    "mail.host": _l("Mail server"), "mail.port": _l("Port of the mail server"),
    "mail.security": _l("Encryption of the mail server"), "mail.user": _l("User name at the mail server"),
    "mail.sender": _l("Sender address"), "mail.password": _l("Password of the mail server"),
})  # fmt: skip
values.fields("setting", {
    f"message.{key}.{language}": label
    for key, purpose in PURPOSES.items()
    for language, label in (("fa", _l("Message “%(purpose)s”, Persian", purpose=purpose.label)),
                            ("en", _l("Message “%(purpose)s”, English", purpose=purpose.label)))
})  # fmt: skip
