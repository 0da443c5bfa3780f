"""What colleagues see of each other everywhere: their pictures."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app import files
from app.auth.guards import require_staff
from app.errors import NotFound
from app.users import pictures

bp = Blueprint("people", __name__, url_prefix="/people")
bp.before_request(require_staff)
DAY_SECONDS = 86_400


@bp.get("/<int:user_id>/picture")
def picture(user_id: int) -> ResponseReturnValue:
    """A colleague's picture. Its address changes with it, so the browser, and nobody else, may keep it for a day."""
    stored = pictures.stored(user_id)
    if stored is None:
        raise NotFound
    response = files.send(stored, "picture.webp", inline=True)
    response.headers["Cache-Control"] = f"private, max-age={DAY_SECONDS}, immutable"
    return response
