"""Routes of the card's page, a file for each noun."""

from cards.pages.routes import attachments, card, closures, entries, opening, promises, properties

__all__ = ["attachments", "card", "closures", "entries", "opening", "promises", "properties"]
