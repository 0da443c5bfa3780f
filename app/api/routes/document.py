"""The document itself: for programs as JSON."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.api.document import document
from app.links import API_PATH

bp = Blueprint("api_document", __name__, url_prefix=API_PATH.rstrip("/"))


@bp.get("/openapi.json")
def show() -> ResponseReturnValue:
    """The OpenAPI document. It holds nothing of the business, so everybody may read it."""
    return document()
