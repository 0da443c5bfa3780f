"""What the clock does for the portal."""

from app.celery import every
from app.clock import utcnow
from app.extensions import db


@every(3600, name="portal.sweep_codes")
def sweep_codes() -> None:
    """Forget one-time codes that no limit counts any more."""
    from portal.services import codes

    codes.sweep(utcnow())
    db.session.commit()
