"""The blueprint of all portal pages, closed by its guard."""

from flask import Blueprint

from portal.access import require_contact

bp = Blueprint("portal", __name__, url_prefix="/portal")
bp.before_request(require_contact)
