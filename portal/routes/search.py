"""Finding something of one's own: requests, orders, and answers that are already there."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.search.words import LONGEST_QUERY
from app.text import clean_line
from portal.access import signed_in
from portal.blueprint import bp
from portal.queries.search import search_of
from portal.serialisers.search import found_of


@bp.get("/search")
def search() -> ResponseReturnValue:
    text = clean_line(request.args.get("q"))[:LONGEST_QUERY]
    found = found_of(search_of(signed_in(), text), signed_in()) if text else None
    return render_template("portal/search.html", q=text, found=found)
