"""Whether all is well, for admins."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.auth.guards import require_admin
from app.checks import registry
from app.clock import utcnow

bp = Blueprint("checkup", __name__, url_prefix="/settings/health")
bp.before_request(require_admin)


@bp.get("")
def show() -> ResponseReturnValue:
    """What can be said at once; with `?all` also what takes a look at every row."""
    is_full = "all" in request.args
    with registry.here() as house:
        results = registry.ask(house, registry.all_checks(depth=registry.FULL if is_full else registry.QUICK))
    groups = [(label, [result for result in results if result.check.group == name])
              for name, label in registry.GROUPS.items()]  # fmt: skip
    troubles = [result for result in results if result.state != registry.OK]
    return render_template("app/settings_health.html", groups=groups, worst=registry.worst(results), troubles=troubles,
                           is_full=is_full, at=utcnow())  # fmt: skip
