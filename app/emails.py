"""E-mail addresses: typed in any case and digits, stored in lower case."""

from email_validator import EmailNotValidError, validate_email

from app.text import ascii_digits, clean_line

LONGEST = 254


def parse_email(text: str | None) -> str | None:
    """The address as it is stored; None for what is none. Whether it exists is not asked here."""
    try:
        # Reserved names under .test are for demonstrations and tests; no mail leaves for them.
        found = validate_email(ascii_digits(clean_line(text)), check_deliverability=False, test_environment=True)
    except (EmailNotValidError, ValueError):
        return None
    return found.normalized.lower() if "." in found.domain and len(found.normalized) <= LONGEST else None
