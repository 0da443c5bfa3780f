"""What can be refused, and how a refusal looks to a person, a script and a partial."""

from http import HTTPStatus
from typing import Any

import structlog
from flask import Flask, Response, g, has_request_context, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from app import repeats
from app.extensions import db
from app.i18n import _, settle_viewer
from app.links import is_api

log = structlog.get_logger()


class DomainError(Exception):
    """A rule is broken. `message` is a whole translated sentence; `field` names the input it belongs to."""

    status = 422

    def __init__(self, message: str, code: str = "invalid", field: str | None = None, **extra: Any) -> None:
        super().__init__(message)
        self.message, self.code, self.field, self.extra = message, code, field, extra


class Conflict(DomainError):
    """Somebody else changed the same thing first."""

    status = 409


class Denied(DomainError):
    """The person can see this, and may not do that."""

    status = 403

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or _("You may not do this."), code="denied")


class NotFound(DomainError):
    """Unknown, or out of this person's reach: the answer is the same."""

    status = 404

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or _("There is nothing at this address."), code="not_found")


class TooMany(DomainError):
    """A limit in time is reached; `retry_seconds` says when to try again."""

    status = 429


PROBLEM_JSON = "application/problem+json"


def wants_json() -> bool:
    """Whether the caller is a script: it asks the API, says so, or sends JSON."""
    if is_api():
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], default="text/html")
    return request.is_json or best == "application/json"


def is_partial() -> bool:
    """Whether the caller swaps a piece of a page."""
    return request.headers.get("HX-Request") == "true"


def problem(status: int, code: str, message: str, **extra: Any) -> Response:
    """The JSON form of a refusal, as RFC 9457 has it: `code` for programs, `detail` a sentence for people, `fields` the
    sentence beside each input, and what else belongs to this kind of refusal."""
    title = HTTPStatus(status).phrase
    response = jsonify({
        "type": f"urn:problem-type:kariz:{code}", "title": title, "status": status, "detail": message, "code": code,
        "fields": extra.pop("fields", {}), **extra,
    })  # fmt: skip
    response.status_code, response.mimetype = status, PROBLEM_JSON
    return response


def error_page(status: int, message: str) -> Response:
    """A page that says what happened and what to do, in the frame of the caller's side."""
    template = "portal/error.html" if request.path.startswith("/portal") else "app/error.html"
    try:
        return make_response(render_template(template, status=status, message=message), status)
    except Exception as error:  # noqa: BLE001  # the page needs what is broken: the database, an address with a host
        log.warning("error_page.failed", error=type(error).__name__)
        return Response(message, status, mimetype="text/plain")


def answer(status: int, code: str, message: str, **extra: Any) -> ResponseReturnValue:
    """The refusal in the form that this caller understands."""
    if wants_json():
        return problem(status, code, message, **extra)
    if is_partial():
        return make_response(render_template("app/_problem.html", message=message), status)
    return error_page(status, message)


SENTENCES = {
    400: lambda: _("The page was open for too long or the request was incomplete. Please send it again."),
    401: lambda: _("Please sign in first."),
    403: lambda: _("You may not do this."),
    404: lambda: _("There is nothing at this address."),
    405: lambda: _("This address does not take that kind of request."),
    413: lambda: _("This is too large to send. Please send smaller files."),
    415: lambda: _("This kind of content is not understood."),
    422: lambda: _("Something in the form needs another look."),
    429: lambda: _("That was too often in a short time. Please wait a little and try again."),
    500: lambda: _("Something went wrong on our side. It has been noted; nothing you saved is lost."),
    503: lambda: _("The service is busy or being updated. Please try again in a moment."),
}


def init_app(app: Flask) -> None:
    """Answer every refusal and every fault with a sentence, but those that another try mends."""
    repeats.init_app(app)
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(PoolTimeout, _database_away)
    app.register_error_handler(Exception, _fault)


def _domain_error(error: DomainError) -> ResponseReturnValue:
    from app.forms import shown

    db.session.rollback()
    message = str(shown(error.message))
    fields = {error.field: message} if error.field else {}
    return answer(error.status, error.code, message, **{"fields": fields, **error.extra})


def _csrf_error(_error: CSRFError) -> ResponseReturnValue:
    return answer(400, "csrf", SENTENCES[400]())


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:
        return error.response
    status = error.code or 500
    if status < 400:
        return error.get_response()
    if has_request_context():
        db.session.rollback()
    sentence = SENTENCES.get(status, SENTENCES[500 if status >= 500 else 422])()
    response = make_response(answer(status, error.name.lower().replace(" ", "_"), sentence))
    for name, value in error.get_headers():
        if name.lower() in {"retry-after", "allow"}:
            response.headers[name] = value
    return response


def _database_away(error: Exception) -> ResponseReturnValue:
    """The database is being restarted, or too busy: nothing was written, and the same request works in a moment."""
    db.session.remove()
    _ask_no_more()
    # The driver's own error says whether the server is away, too slow, or a lock was held for too long.
    cause = type(getattr(error, "orig", error)).__name__
    log.error("database.away", error=type(error).__name__, cause=cause, request_id=g.get("request_id"))
    response = make_response(answer(503, "busy", SENTENCES[503]()))
    response.headers["Retry-After"] = "5"
    return response


def _ask_no_more() -> None:
    """To look up who reads, or how the business is called, would wait for the same database a second time."""
    from app.auth.sessions import forget_reader
    from app.settings import assume_defaults

    settle_viewer()
    forget_reader()
    assume_defaults()


def _fault(error: Exception) -> ResponseReturnValue:
    db.session.rollback()
    log.error(
        "request.failed", path=request.path, method=request.method, request_id=g.get("request_id"), exc_info=error
    )
    return answer(500, "fault", SENTENCES[500]())
