"""What leaves the house: mail now, and everything else through the page of sent messages until a provider is set."""

from flask import Flask

from app import settings_nav
from app.i18n import _l
from channels import checks, delivery, routes, staff  # noqa: F401  # three of them only register


def init_app(app: Flask) -> None:
    """Register the pages of messages and the mail server."""
    from channels import audit, privacy  # noqa: F401

    for module in (routes.sent, routes.mail, routes.texts):
        app.register_blueprint(module.bp)
    settings_nav.add("messages", 0, _l("Sent messages"), "sent.index")
    settings_nav.add("messages", 1, _l("Mail server"), "mail_server.show")
    settings_nav.add("messages", 2, _l("Message texts"), "message_texts.index")
