"""What is looked after by the clock."""

from app.celery import every


@every(3600, "contacts.remove_expired_exports")
def remove_expired_exports() -> None:
    """Archives of people's data do not lie about."""
    from contacts.services import privacy

    privacy.remove_expired_exports()
