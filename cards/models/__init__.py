"""Cards, and the records of what happens to them."""

from cards.models.attachment import Attachment
from cards.models.card import CHANNELS, PRIORITIES, Card
from cards.models.closure import Closure
from cards.models.entry import Entry, Mention
from cards.models.marks import BoardOp, CardRead, CardTag, Tag
from cards.models.promise import Promise, Target
from cards.models.survey import Survey
from cards.models.transition import StageTransition

__all__ = ["CHANNELS", "PRIORITIES", "Attachment", "BoardOp", "Card", "CardRead", "CardTag", "Closure", "Entry",
           "Mention", "Promise", "StageTransition", "Survey", "Tag", "Target"]  # fmt: skip
