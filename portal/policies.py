"""What a customer may do with what they can see."""

from cards.models import Card
from contacts.models import Contact


def can_write_on(contact: Contact, card: Card) -> bool:
    """Write, attach, take up again: one's own requests. A company's other requests are there to be read."""
    return card.contact_id == contact.id
