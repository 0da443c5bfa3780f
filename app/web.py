"""What every request passes: the kind of transaction, safe headers, who may ask, the viewer's switches."""

import time

from flask import Flask, Response, g, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import abort
from werkzeug.middleware.proxy_fix import ProxyFix

from app.db import read_only
from app.extensions import db
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
    """Wrap the application and register the hooks that every request passes."""
    if app.config["TRUSTED_PROXIES"]:
        hops = app.config["TRUSTED_PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.before_request(choose_transaction)
    app.before_request(check_host)
    app.after_request(add_headers)


def choose_transaction() -> None:
    """Reading requests take no write lock. Set on every request: a pooled thread keeps the value of the one before."""
    read_only.set(request.method in {"GET", "HEAD", "OPTIONS"})
    g.began = time.monotonic()


def check_host() -> ResponseReturnValue | None:
    """Refuse hosts that are not ours, where the installation names its own."""
    from flask import current_app

    allowed = current_app.config["ALLOWED_HOSTS"]
    if allowed and request.host.split(":")[0] not in allowed:
        abort(400)
    return None


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


def end_transaction(_error: BaseException | None = None) -> None:
    """Leave no transaction open behind an answer."""
    db.session.remove()
