"""How often somebody may ask: by address before signing in, by session afterwards, and more closely for what is sent.

Counted in Redis over a moving window by all processes together; each counts by itself while Redis is away. Sign-in and
codes have counts of their own that follow accounts and phones; these here hold off floods.
"""

import hashlib
import ipaddress
import time
from collections.abc import Callable

from flask import Flask, current_app, make_response, request, session
from flask.typing import ResponseReturnValue
from flask_limiter import Limit, RateLimitExceeded

UNCOUNTED = frozenset({"health.show_health", "health.show_readiness", "metrics.show"})
STAFF, CUSTOMER, SOURCE = "staff", "portal", "source"
SETTINGS = {STAFF: "RATE_LIMIT_STAFF", CUSTOMER: "RATE_LIMIT_CUSTOMERS", SOURCE: "RATE_LIMIT_ANONYMOUS"}


def init_app(app: Flask) -> None:
    """Count every request but those for files and health."""
    from app.extensions import limiter

    limiter.request_filter(is_uncounted)
    limiter.init_app(app)
    app.register_error_handler(RateLimitExceeded, refuse)


def rules() -> list[str | Callable[[], str] | Limit]:
    """What is counted: all that somebody asks, and what is sent into the portal by contact and by source."""
    posts = {"scope": "portal posts", "shared": True, "exempt_when": is_no_portal_post}
    return [
        Limit(allowance, key_function=asker, scope="all", shared=True),
        Limit(portal_posts, key_function=contact, **posts),  # type: ignore[arg-type]
        Limit(posts_of_source, key_function=source, **posts),  # type: ignore[arg-type]
    ]


def is_uncounted() -> bool:
    """Whether this request costs nothing: what watches the service must always hear from it."""
    return request.endpoint in UNCOUNTED


def source() -> str:
    """Where a request comes from: an address; of IPv6 the network of one household, which has many addresses."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "source:unknown"
    if address.version == 6:
        mapped = address.ipv4_mapped
        return f"source:{mapped or ipaddress.ip_network((address, 64), strict=False)}"
    return f"source:{address}"


def asker() -> str:
    """Whom to count: a session by what is kept of its token, else the source. Nobody can make up a signed cookie."""
    for audience in (STAFF, CUSTOMER):
        token = session.get(audience)
        if isinstance(token, str):
            return f"{audience}:{hashlib.sha256(token.encode()).hexdigest()[:32]}"
    return source()


def allowance() -> str:
    """How much this asker may ask, in Flask-Limiter's words."""
    return str(current_app.config[SETTINGS[asker().partition(":")[0]]])


def is_no_portal_post() -> bool:
    """Whether this request sends nothing into the portal."""
    return request.method != "POST" or request.blueprint != "portal"


def contact() -> str:
    """The customer who sends, in whichever browser; the source while nobody is signed in."""
    from app.auth import sessions

    row = sessions.current_session(CUSTOMER)
    return f"contact:{row.contact_id}" if row is not None else source()


def portal_posts() -> str:
    """How much a customer may send, in Flask-Limiter's words."""
    return str(current_app.config["RATE_LIMIT_PORTAL_POSTS"])


def posts_of_source() -> str:
    """How much may be sent from one place, where many customers may sit behind one address."""
    return str(current_app.config["RATE_LIMIT_PORTAL_POSTS_SOURCE"])


def refuse(error: RateLimitExceeded) -> ResponseReturnValue:
    """429 with when to come again, in words and for programs."""
    from app.errors import answer
    from app.i18n import _n
    from app.metrics import REFUSED

    wait = seconds_to_wait(error)
    REFUSED.labels(str(error.limit.scope)).inc()
    if wait < 90:
        sentence = _n("That was too often in a short time. Please try again in %(num)s second.",
                      "That was too often in a short time. Please try again in %(num)s seconds.", wait)  # fmt: skip
    else:
        minutes = -(-wait // 60)
        sentence = _n("That was too often in a short time. Please try again in %(num)s minute.",
                      "That was too often in a short time. Please try again in %(num)s minutes.", minutes)  # fmt: skip
    response = make_response(answer(429, "throttled", sentence, retry_seconds=wait))
    response.headers["Retry-After"] = str(wait)
    return response


def seconds_to_wait(error: RateLimitExceeded) -> int:
    """Until the same request is taken again; at least one second."""
    from app.extensions import limiter

    found = limiter.current_limit
    reset_at = found.reset_at if found is not None else time.time() + error.limit.limit.get_expiry()
    return max(1, int(reset_at - time.time()) + 1)
