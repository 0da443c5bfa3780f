"""The sentences that the page's scripts say. A script asks by key: `t("copied")`; `{name}` is filled in there."""

from flask import request
from markupsafe import Markup

from app.fixed import fixed
from app.i18n import _l

COMMON = {
    "ago_d": _l("%(num)s d"),
    "ago_h": _l("%(num)s h"),
    "ago_min": _l("%(num)s min"),
    "ago_mo": _l("%(num)s mo"),
    "ago_next": _l("in %(distance)s"),
    "ago_now": _l("now"),
    "ago_past": _l("%(distance)s ago"),
    "ago_y": _l("%(num)s y"),
    "close": _l("Close"),
    "copied": _l("Copied"),
    "copy_failed": _l("The browser did not allow copying. Select the text and copy it."),
    "failed": _l("That did not work. Please try again."),
    "fresh": _l("Something new has arrived."),
    "just_now": _l("just now"),
    "offline": _l("There is no connection. What you typed is still here."),
    "remove": _l("Remove {name}"),
    "removed": _l("{name} is removed."),
    "signed_out": _l("You are signed out. Sign in again to go on."),
    "sign_in": _l("Sign in"),
    "too_large": _l("{name} is larger than {size}."),
    "too_many": _l("At most {count} files can be sent at once."),
    "undo": _l("Undo"),
    "unit_bytes": _l("{size} B"),
    "unit_kb": _l("{size} KB"),
    "unit_mb": _l("{size} MB"),
}

# Words of the staff stay out of the portal's pages.
STAFF = {
    "promise_late": _l("%(time)s late"),
    "promise_left": _l("%(time)s to the answer"),
    "choices": _l("{count} to choose from"),
    "no_choice": _l("Nobody and nothing of this name was found."),
    "search.all": _l("All results for “{text}”"),
    "search.clear": _l("Forget these"),
    "search.found": _l("{count} suggestions"),
    "search.none": _l("Nothing was found for “{text}”"),
    "search.pages": _l("Pages"),
    "search.recent": _l("Looked for lately"),
    "search.said": _l("Nothing for what you typed; this is for “{text}”"),
    "new_notification": _l("A new notification has arrived."),
    "passkey.known": _l("This device holds a passkey for your account already."),
    "passkey.stopped": _l("No passkey was used. You can try once more."),
    "notifications_unread": _l("{label}, {count} unread"),
}

BOARD = {
    "board.of_limit": _l("{n} of {limit}"),
    "board.live": _l("Live"),
    "board.not_live": _l("Not live"),
    "board.not_live_help": _l("News does not arrive at the moment. What you do is still saved."),
    "board.also_here": _l("Also on this board: {names}"),
    "board.looking": _l("Looking at it now: {names}"),
    "board.typing": _l("{name} is writing…"),
    "board.menu": _l("Actions of the card “{item}”"),
    "board.move_to": _l("Move to"),
    "board.top": _l("To the top"),
    "board.up": _l("One up"),
    "board.down": _l("One down"),
    "board.bottom": _l("To the bottom"),
    "board.open": _l("Open the card"),
    "board.take": _l("Take it myself"),
    "board.taken": _l("“{item}” is yours now."),
    "board.grabbed": _l(
        "Grabbed “{item}” in {stage}, position {position} of {count}. "
        "Arrows move it, Space drops it, Escape puts it back."
    ),
    "board.at": _l("“{item}”: {stage}, position {position} of {count}."),
    "board.border": _l("“{item}” cannot go further. {stage}, position {position} of {count}."),
    "board.dropped": _l("Dropped “{item}” in {stage}, position {position} of {count}."),
    "board.carried": _l("“{item}” moved from {from} to {stage}, position {position} of {count}."),
    "board.back": _l("“{item}” is back in {stage}, position {position} of {count}."),
    "board.remote": _l("Somebody moved “{item}” to {stage}, position {position} of {count}."),
    "board.gone": _l("“{item}” left this board."),
    "board.moved": _l("“{item}” moved to “{stage}”."),
    "board.undone": _l("“{item}” is back where it was."),
    "board.returned": _l("“{item}” stayed where it was."),
    "board.move_anyway": _l("Move anyway"),
    "board.moved_meanwhile": _l("Somebody else has just moved this card"),
    "board.refused": _l("“{item}” could not be moved."),
    "board.not_taken": _l("“{item}” could not be assigned to you."),
    "board.offline": _l("There is no connection. “{item}” went back to its place; please try again."),
}

CARD = {
    "card.fresh": _l("Something new was written here."),
    "card.here": _l("Also here: {names}"),
    "card.kept": _l("Kept in this tab until you send it"),
    "card.noted": _l("The note is saved."),
    "card.out_of_reach": _l("You no longer reach this card. Ask a manager of its board if you need it."),
    "card.replied": _l("The reply is sent."),
    "card.saved": _l("Saved."),
    "card.show": _l("Show it"),
    "card.typing": _l("{names} is writing…"),
}


def add(texts: dict[str, str]) -> None:
    """Let a package's scripts speak on staff pages; keys begin with the package or part ("board.moved")."""
    STAFF.update(texts)


def js_texts(side: str) -> dict[str, str]:
    """What the scripts of a "portal" or a "staff" page may say, in the viewer's language."""
    texts = COMMON if side == "portal" else COMMON | STAFF | BOARD | CARD
    return {key: str(sentence) for key, sentence in texts.items()}


def page_texts() -> Markup:
    """The element in which this page's scripts find their sentences, and how their reader wants things written."""
    return fixed("app/_texts.html", side="portal" if request.path.startswith("/portal") else "staff")
