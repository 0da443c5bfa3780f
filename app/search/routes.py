"""The page of results, what the field in the top bar offers while one types, and the way straight to a code."""

from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.auth.guards import require_staff
from app.search import snippets
from app.search.finding import Answer, Section, Wanted, find
from app.search.sources import groups
from app.search.words import LONGEST_QUERY
from app.text import clean_line

bp = Blueprint("search", __name__)
bp.before_request(require_staff)

SUGGESTED = 4
SHOWN, SHOWN_OF_ONE = 6, 20


def _typed() -> str:
    return clean_line(request.args.get("q"))[:LONGEST_QUERY]


@bp.get("/search")
def show() -> ResponseReturnValue:
    text, kind, is_mine = _typed(), request.args.get("kind", ""), "mine" in request.args
    kind = kind if kind in {group.key for group in groups()} else ""
    wanted = Wanted(text, SHOWN_OF_ONE if kind else SHOWN, kind, is_mine, request.args.get("after", ""))
    answer = find(wanted, current_user) if text else None
    return render_template("app/search.html", text=text, kind=kind, is_mine=is_mine, answer=answer, groups=groups())


@bp.get("/search/suggestions")
def suggestions() -> ResponseReturnValue:
    """JSON: {"said": str, "groups": [{"label", "icon", "url", "items": [{"url", "title", "icon", "details", "code",
    "state", "text"}]}]}; `title` and `text` are HTML in which the words are marked."""
    text = _typed()
    if not text:
        return jsonify({"said": "", "groups": []})
    answer = find(Wanted(text, SUGGESTED), current_user)
    return jsonify({"said": answer.said, "groups": [_offered(section, answer, text) for section in answer.sections]})


def _offered(section: Section, answer: Answer, text: str) -> dict[str, Any]:
    items = [
        {"url": hit.url, "title": snippets.marked(hit.title, answer.asked), "icon": hit.icon, "details": hit.details,
         "code": hit.code, "state": hit.state, "inside": hit.text_is_internal,
         "text": snippets.snippet(hit.text, answer.asked) if hit.text else ""}
        for hit in section.hits
    ]  # fmt: skip
    more = url_for("search.show", q=text, kind=section.group.key) if section.after else ""
    return {"label": str(section.group.label), "icon": section.group.icon, "more": more, "items": items}


@bp.get("/go")
def go() -> ResponseReturnValue:
    """Enter without a choice: to the one thing that bears this code or number, else to the results."""
    text = _typed()
    answer = find(Wanted(text, SUGGESTED), current_user) if text else None
    if answer and answer.exact_url:
        return redirect(answer.exact_url, 303)
    return redirect(url_for("search.show", q=text) if text else url_for("search.show"), 303)
