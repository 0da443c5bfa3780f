"""What leaves the house: mail now, and everything else through the page of sent messages until a provider is set."""

from flask import Flask

from app import settings_nav
from app.i18n import _l
from channels import checks, delivery  # noqa: F401  # both only register
from channels.routes import mail, sent, texts


def init_app(app: Flask) -> None:
    """Register the pages of messages and the mail server."""
    from channels import audit, privacy  # noqa: F401

    for module in (sent, mail, texts):
        app.register_blueprint(module.bp)
    settings_nav.add("messages", 0, _l("Sent messages"), "sent.index")
    settings_nav.add("messages", 1, _l("Mail server"), "mail_server.show")
    settings_nav.add("messages", 2, _l("Message texts"), "message_texts.index")
