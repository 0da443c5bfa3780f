"""What other packages show in the customer's pane of the card page: purchases, invoices, stock."""

from collections.abc import Callable
from typing import Any

from flask import render_template
from markupsafe import Markup

from cards.models import Card

# Answers {"template": name, further context...}, or None when there is nothing to show. Every panel is drawn with the
# page, so it may ask the database once.
Panel = Callable[[Card], dict[str, Any] | None]

_panels: dict[str, tuple[int, Panel]] = {}


def add(key: str, order: int, panel: Panel) -> None:
    """Offer a panel; lower orders stand higher. The same key replaces what was offered before."""
    _panels[key] = (order, panel)


def drawn(card: Card) -> list[Markup]:
    """The panels that have something to say about this card, in their order."""
    found = []
    for _order, panel in sorted(_panels.values(), key=lambda entry: entry[0]):
        context = panel(card)
        if context is not None:
            found.append(Markup(render_template(context.pop("template"), card=card, **context)))  # noqa: S704
    return found
