"""The business's face: its colour as a stylesheet, and its logo."""

from flask import Response, abort
from flask.typing import ResponseReturnValue

from app import settings
from app.extensions import db
from app.files import StoredFile, send
from portal.access import open_to_all
from portal.blueprint import bp
from portal.brand import variants

FIVE_MINUTES = "public, max-age=300"


@bp.get("/brand.css")
@open_to_all
def brand() -> ResponseReturnValue:
    light, dark = variants(settings.get("business.color"))
    response = Response(f".portal {{ --brand: light-dark({light}, {dark}); }}\n", mimetype="text/css")
    response.headers["Cache-Control"] = FIVE_MINUTES
    return response


@bp.get("/logo")
@open_to_all
def logo() -> ResponseReturnValue:
    file_id = settings.get("business.logo")
    stored = db.session.get(StoredFile, file_id) if isinstance(file_id, int) else None
    if stored is None or not stored.is_image:
        abort(404)
    response = send(stored, "logo", inline=True)
    response.headers["Cache-Control"] = FIVE_MINUTES
    return response
