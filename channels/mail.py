"""Mail by a real SMTP server."""

import smtplib
import ssl
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate
from html import escape

from app import settings
from app.business import setting
from app.outbox import Delivery
from app.vault import unseal
from channels.breaker import Breaker

TIMEOUT_SECONDS = 15
SECURITY = ("starttls", "tls", "none")
breaker = Breaker()

settings.define("mail.host", "")
settings.define("mail.port", 587)
settings.define("mail.security", "starttls")
settings.define("mail.user", "")
settings.define("mail.password", "", secret=True)
settings.define("mail.sender", "")


@dataclass(frozen=True)
class Server:
    """Where mail is handed in."""

    host: str
    port: int
    security: str
    user: str
    password: str
    sender: str


def server() -> Server | None:
    """The mail server that an admin set; None when there is none."""
    host = settings.get("mail.host")
    if not host:
        return None
    return Server(host, settings.get("mail.port"), settings.get("mail.security"), settings.get("mail.user"),
                  unseal(settings.get("mail.password")), settings.get("mail.sender"))  # fmt: skip


def compose(to: str, subject: str, body: str, *, sender: str, reference: str, language: str) -> EmailMessage:
    """A message in plain text and HTML; each paragraph finds its own direction."""
    message = EmailMessage()
    user, _at, domain = sender.partition("@")
    message["From"] = Address(setting("business.name"), user, domain)
    message["To"] = to
    message["Subject"] = subject.replace("\n", " ")
    message["Date"] = formatdate(localtime=False)
    message["Message-ID"] = f"<{reference}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body)
    direction = "rtl" if language == "fa" else "ltr"
    lines = "".join(f'<p dir="auto">{_linked(line)}</p>' for line in body.splitlines() if line.strip())
    message.add_alternative(f'<html lang="{language}" dir="{direction}"><body>{lines}</body></html>', subtype="html")
    return message


def _linked(line: str) -> str:
    text = escape(line)
    return f'<a href="{text}" dir="ltr">{text}</a>' if line.startswith(("http://", "https://")) else text


def hand_in(message: EmailMessage, to: Server) -> Delivery:
    """Give a message to the server. What failed before the message was sent may be tried again; an answer that was
    lost after it leaves us not knowing."""
    try:
        connection = _connect(to)
    except (OSError, smtplib.SMTPConnectError, smtplib.SMTPServerDisconnected) as error:
        return Delivery("postponed", error=_reason(error), until=breaker.trip())
    except smtplib.SMTPException as error:
        return Delivery("retry", error=_reason(error))
    breaker.close()
    try:
        refused = connection.send_message(message)
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused) as error:
        return Delivery("failed", error=_reason(error))
    except smtplib.SMTPDataError as error:
        return Delivery("failed" if error.smtp_code >= 500 else "retry", error=_reason(error))
    except (smtplib.SMTPServerDisconnected, OSError) as error:
        return Delivery("unknown", error=_reason(error))
    finally:
        connection.close()
    return Delivery("failed", error=str(refused)) if refused else Delivery("done", ref=str(message["Message-ID"]))


def _connect(to: Server) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if to.security == "tls":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(to.host, to.port, timeout=TIMEOUT_SECONDS, context=context)
    else:
        connection = smtplib.SMTP(to.host, to.port, timeout=TIMEOUT_SECONDS)
        if to.security == "starttls":
            connection.starttls(context=context)
    if to.user:
        connection.login(to.user, to.password)
    return connection


def reach(to: Server) -> None:
    """Sign in and leave again. Raises what the server or the way to it says."""
    connection = _connect(to)
    try:
        connection.noop()
    finally:
        connection.close()


def _reason(error: Exception) -> str:
    """A short technical reason for the page of sent messages."""
    if isinstance(error, smtplib.SMTPResponseException):
        answer = error.smtp_error
        return f"{error.smtp_code} {answer.decode(errors='replace') if isinstance(answer, bytes) else answer}"[:300]
    return f"{type(error).__name__}: {error}"[:300]
