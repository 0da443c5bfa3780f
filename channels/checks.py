"""Checks of the mail server."""

import smtplib

from app.checks import BAD, WARN, Finding, House, check, fine
from app.i18n import _, _l
from app.vault import unseal
from channels.mail import Server, reach


@check("settings.mail", _l("Mail server"), "settings")
def mail(house: House) -> Finding:
    host, stored = house.setting("mail.host"), house.setting("mail.password")
    password = unseal(stored)
    if stored and not password:
        return Finding(
            BAD,
            _("The password of the mail server cannot be read: it was kept under another key."),
            _("Set SECRET_KEY to the old key, or type the password anew in Settings, Mail server."),
        )
    if not host:
        return Finding(WARN, _("No mail leaves: no mail server is set."), _("Set one in Settings, Mail server."))
    if house.is_online:
        server = Server(
            host,
            house.setting("mail.port"),
            house.setting("mail.security"),
            house.setting("mail.user"),
            password,
            house.setting("mail.sender"),
        )
        try:
            reach(server)
        except (OSError, smtplib.SMTPException) as error:
            return Finding(
                BAD,
                _("The mail server %(host)s does not take us: %(reason)s", host=host, reason=str(error)),
                _("Look at its address, account and password in Settings, Mail server."),
            )
        return fine(_("The mail server %(host)s takes our mail.", host=host))
    return fine(_("Mail leaves through %(host)s.", host=host))
