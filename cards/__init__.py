"""Cards: the board, the card's own page, and the verbs behind both."""

from flask import Flask

from cards import board, calendars, checks, handover, models, pages, redesign  # noqa: F401  # some of them only listen


def init_app(app: Flask) -> None:
    """Register the pages of boards and cards, and what the pages of contacts show of cards."""
    from cards import api, audit, privacy, searching, sections, words  # noqa: F401

    board.init_app(app)
    pages.init_app(app)
    calendars.init_app(app)
    api.init_app(app)
