"""What every request passes: the kind of transaction, safe headers, who may ask, the viewer's switches."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import abort
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.sansio.utils import host_is_trusted

from app.db import read_only
from app.i18n import viewer

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    )
)


def init_app(app: Flask) -> None:
    """Register the hooks that every request passes."""
    app.before_request(choose_transaction)
    app.before_request(check_host)
    app.before_request(limit_body)
    app.after_request(add_headers)


def trust_proxies(app: Flask) -> None:
    """Read the visitor's address, scheme and host as the proxies in front tell them. Sockets too: call it last."""
    hops = app.config["TRUSTED_PROXIES"]
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


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
    return not allowed or host_is_trusted(host.lower(), allowed)


def add_headers(response: Response) -> Response:
    """Close what a browser would leave open, on every answer."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(), interest-cohort=()")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if not request.path.startswith("/static/"):
        headers.setdefault("Cache-Control", "private, no-store")
        headers.add("Vary", "Cookie")
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if response.mimetype == "text/html":
        headers.setdefault("Content-Language", viewer().locale)
    return response
