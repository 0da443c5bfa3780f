"""Small pages of the frame itself: the root, language and theme switches."""

from flask import Blueprint, current_app, redirect, render_template, request, send_from_directory, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.auth.guards import require_staff
from app.extensions import db
from app.links import own_path
from app.navigation import start_page
from app.users import services

bp = Blueprint("pages", __name__)
YEAR_SECONDS = 31_536_000


@bp.get("/")
def root() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(start_page(current_user), 303)
    return redirect(url_for("auth.sign_in" if services.exist() else "setup.begin"), 303)


@bp.get("/welcome")
def welcome() -> ResponseReturnValue:
    return require_staff() or render_template("app/welcome.html")


def _back() -> ResponseReturnValue:
    return redirect(own_path(request.form.get("back"), "/"), 303)


@bp.post("/language")
def choose_language() -> ResponseReturnValue:
    language = "en" if request.form.get("language") == "en" else "fa"
    if current_user.is_authenticated and not request.form.get("back", "").startswith("/portal"):
        services.change(current_user, services.as_in_language(language), allowed=services.OWN, by=current_user)
        db.session.commit()
    response = current_app.make_response(_back())
    response.set_cookie("kariz_lang", language, max_age=YEAR_SECONDS, samesite="Lax", secure=request.is_secure)
    return response


@bp.post("/theme")
def choose_theme() -> ResponseReturnValue:
    theme = request.form.get("theme")
    theme = theme if theme in {"light", "dark"} else "system"
    if current_user.is_authenticated:
        services.change(current_user, {"theme": theme}, allowed=services.OWN, by=current_user)
        db.session.commit()
    response = current_app.make_response(_back())
    response.set_cookie("kariz_theme", theme, max_age=YEAR_SECONDS, samesite="Lax", secure=request.is_secure)
    return response


@bp.get("/favicon.ico")
def favicon() -> ResponseReturnValue:
    return send_from_directory("static", "favicon.svg", mimetype="image/svg+xml", max_age=86_400)
