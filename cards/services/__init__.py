"""The verbs of cards. HTML forms, the portal, imports and tasks all call these; none of them commits."""

from cards.services.opening import open_card
from cards.services.properties import assign, rename, set_amount, set_priority, set_tags
from cards.services.resolving import close, reopen, resolve
from cards.services.writing import add_note, add_reply, receive_message, withdraw_reply

__all__ = ["add_note", "add_reply", "assign", "close", "open_card", "receive_message", "rename", "reopen", "resolve",
           "set_amount", "set_priority", "set_tags", "withdraw_reply"]  # fmt: skip
