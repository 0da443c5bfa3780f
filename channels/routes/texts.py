"""The business's own words in messages to customers."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import settings
from app.auth.guards import require_admin
from app.business import setting
from app.errors import DomainError, NotFound
from app.extensions import db
from app.forms import refuse
from app.i18n import _
from channels.forms import TextsForm
from channels.texts import PURPOSES, Purpose, body_of, check, fill

bp = Blueprint("message_texts", __name__, url_prefix="/settings/texts")
bp.before_request(require_admin)
EXAMPLE = {"code": "7KQD-3XHT-4", "link": "https://…/portal/requests/7KQD3XHT4", "survey": "https://…/portal/surveys/…",
           "secret": "123456"}  # fmt: skip


def get_purpose(key: str) -> Purpose:
    """The occasion with this key; 404 for any other."""
    if key not in PURPOSES:
        raise NotFound
    return PURPOSES[key]


def example(purpose: Purpose, language: str, text: str) -> str:
    """How the text will read."""
    fa = language == "fa"
    values = EXAMPLE | {
        "name": "نیکا صفوی" if fa else "Nika Safavi", "title": "قوری شکسته رسید" if fa else "The teapot arrived broken",
        "business": settings.get(f"business.name_{language}") or setting("business.name"), "text": "…",
    }  # fmt: skip
    return fill(text, values)


@bp.get("")
def index() -> ResponseReturnValue:
    own = {key: any(settings.get(f"message.{key}.{language}") for language in ("fa", "en")) for key in PURPOSES}
    examples = {key: example(purpose, "fa", body_of(purpose, "fa")) for key, purpose in PURPOSES.items()}
    return render_template("channels/texts.html", purposes=PURPOSES.values(), own=own, examples=examples)


@bp.get("/<key>")
def show(key: str) -> ResponseReturnValue:
    purpose = get_purpose(key)
    form = TextsForm(data={language: body_of(purpose, language) for language in ("fa", "en")})
    return _page(purpose, form)


@bp.post("/<key>")
def update(key: str) -> ResponseReturnValue:
    purpose = get_purpose(key)
    form = TextsForm.from_request()
    if not form.validate():
        return refuse(form, "channels/text.html", **_context(purpose, form))
    for language in ("fa", "en"):
        text = form[language].data or ""
        try:
            check(purpose, text)
        except DomainError as error:
            error.field = language
            return refuse(form, "channels/text.html", error=error, **_context(purpose, form))
        settings.put(f"message.{key}.{language}", "" if text == purpose.bodies[language] else text, by=current_user)
    db.session.commit()
    flash(_("The text is saved."))
    return redirect(url_for("message_texts.show", key=key), 303)


def _context(purpose: Purpose, form: TextsForm) -> dict[str, Any]:
    examples = {
        language: example(purpose, language, form[language].data or purpose.bodies[language])
        for language in ("fa", "en")
    }
    return {"purpose": purpose, "examples": examples}


def _page(purpose: Purpose, form: TextsForm) -> str:
    return render_template("channels/text.html", form=form, **_context(purpose, form))
