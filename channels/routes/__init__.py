"""Settings of messages: what was sent, the mail server, the texts."""

from channels.routes import mail, sent, texts

__all__ = ["mail", "sent", "texts"]
