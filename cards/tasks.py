"""What the clock does to cards."""

from app.celery import every

QUARTER_HOUR_SECONDS = 900


@every(QUARTER_HOUR_SECONDS, name="cards.close_expired")
def close_expired() -> None:
    """Close what has been resolved longer than the grace time. Harmless twice."""
    from cards.services.resolving import close_expired as close_them

    close_them()
