"""What every request passes: the kind of transaction, safe headers, who may ask, the viewer's switches."""

import ipaddress
import secrets
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import abort
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.sansio.utils import host_is_trusted

from app.db import read_only
from app.i18n import viewer

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# Scripts are not listed by where they come from: a file that somebody uploaded comes from us too. They carry the
# answer's nonce, which the modules that they import inherit.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src {scripts}",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "object-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    )
)
NO_SCRIPTS = POLICY.format(scripts="'none'")
# On every answer, whoever gives it: a page, a file, a refusal of the server before a page was asked.
HEADERS = {
    "Content-Security-Policy": NO_SCRIPTS,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
SOCKETS = "/socket.io/"
NONCE = "kariz.nonce"


def init_app(app: Flask) -> None:
    """Register the hooks that every request passes."""
    app.before_request(choose_transaction)
    app.before_request(check_host)
    app.before_request(limit_body)
    app.after_request(add_headers)


def guard(app: Flask) -> None:
    """Close the ways that pass Flask by, and read what the proxies in front tell. Sockets too: call it last."""
    app.wsgi_app = Gate(app, app.wsgi_app)  # type: ignore[method-assign]
    hops = app.config["TRUSTED_PROXIES"]
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


class Gate:
    """Safe headers on what is answered outside of Flask, and no socket for hosts that are not ours."""

    def __init__(self, app: Flask, wsgi: "WSGIApplication") -> None:
        self.app, self.wsgi = app, wsgi

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        start = with_headers(start_response)
        # The socket's server asks nobody: Flask's own check never sees this path.
        if f"{environ.get('PATH_INFO', '')}/".startswith(SOCKETS) and not self._is_own(environ):
            start("400 Bad Request", [("Content-Type", "text/plain"), ("Cache-Control", "no-store")])
            return [b"This is not the address of this service.\n"]
        return self.wsgi(environ, start)

    def _is_own(self, environ: "WSGIEnvironment") -> bool:
        with self.app.app_context():
            return is_own_host(environ.get("HTTP_HOST", ""))


def with_headers(start_response: "StartResponse") -> "StartResponse":
    """The same, with the headers of every answer added where they are missing."""

    def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        known = {name.lower() for name, _value in headers}
        missing = [(name, value) for name, value in HEADERS.items() if name.lower() not in known]
        return start_response(status, [*headers, *missing], *rest)

    return start


def own_origins(app: Flask) -> Callable[[str, dict[str, Any]], bool]:
    """Says of a page's origin and a socket's environ whether the page is ours: of the base URL, or of the host asked.

    Named headers of proxies count only where `trust_proxies` has read them, unlike in the library's own check.
    """
    base = urlsplit(app.config["BASE_URL"])
    named = f"{base.scheme}://{base.netloc}" if base.netloc else None

    def is_own(origin: str, environ: dict[str, Any]) -> bool:
        host = environ.get("HTTP_HOST", "")
        with app.app_context():
            asked = f"{environ['wsgi.url_scheme']}://{host}" if is_own_host(host) else None
        return origin in {asked, named}

    return is_own


def choose_transaction() -> None:
    """Reading requests take no write lock. Set on every request: a pooled thread keeps the value of the one before."""
    read_only.set(request.method in {"GET", "HEAD", "OPTIONS"})
    g.began = time.monotonic()


def check_host() -> None:
    """Refuse hosts that are not ours, where the installation names its own. A load balancer asks by address."""
    if request.blueprint != "health" and not is_own_host(request.host):
        abort(400)


def limit_body() -> None:
    """Only forms with files may be large: other bodies are read into memory at once."""
    if request.mimetype != "multipart/form-data":
        request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]


def is_own_host(host: str) -> bool:
    """Whether the installation answers to this name; to any, where it names none."""
    allowed = current_app.config["ALLOWED_HOSTS"]
    if not allowed:
        return True
    if host.startswith("["):
        address, bracket, port = host[1:].partition("]")
        own = {found for name in allowed if (found := _ipv6(name.strip("[]"))) is not None}
        return bool(bracket) and _ipv6(address) in own and (not port or port[1:].isdecimal())
    return host_is_trusted(host.lower(), allowed)


def _ipv6(text: str) -> ipaddress.IPv6Address | None:
    try:
        return ipaddress.IPv6Address(text)
    except ValueError:
        return None


def csrf_token() -> str:
    """What every form of this answer carries. A page has dozens of forms."""
    known: str | None = g.get("csrf_token")
    return known or generate_csrf()


def nonce() -> str:
    """What marks our own script tags in this answer; nobody can know it beforehand."""
    known: str = request.environ.setdefault(NONCE, "")
    if not known:
        known = request.environ[NONCE] = secrets.token_urlsafe(16)
    return known


def add_headers(response: Response) -> Response:
    """Close what a browser would leave open, on every answer."""
    headers = response.headers
    asked = request.environ.get(NONCE)
    if asked:
        headers.setdefault("Content-Security-Policy", POLICY.format(scripts=f"'nonce-{asked}'"))
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    if not request.path.startswith("/static/"):
        headers.setdefault("Cache-Control", "private, no-store")
        headers.add("Vary", "Cookie")
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if response.mimetype == "text/html":
        headers.setdefault("Content-Language", viewer().locale)
    return response
