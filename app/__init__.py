"""The kernel of Kariz, and the factory that puts the packages together."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

# In the order in which they may know each other; see tests/app/test_layers.py.
PACKAGES = ("contacts", "pipelines", "knowledge", "cards", "orders", "channels", "imports", "portal")


def create_app(config: dict[str, Any] | None = None) -> "Flask":
    """The application. `config` overrides what the environment says.

    What it needs is imported here: the front of the web processes knows this package and loads nothing of it.
    """
    from app import db as database
    from app import web
    from app.addresses import Addressed
    from app.config import ROOT, load_config
    from app.extensions import db
    from app.rules import LateRule
    from app.templating import Environment

    app = Addressed("kariz", root_path=str(ROOT), static_folder="static", template_folder="templates")
    app.url_rule_class, app.jinja_environment = LateRule, Environment
    app.config.update(load_config())
    app.config.update(config or {})
    # Persian as itself: escaped it takes three times the bytes in every page and answer.
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    db.init_app(app)
    with app.app_context():
        database.tune(db.engine, app.config["STATEMENT_SECONDS"])
    _init_kernel(app)
    for name in PACKAGES:
        import_module(name).init_app(app)
    _init_sockets(app)
    web.guard(app)
    return app


def _init_sockets(app: "Flask") -> None:
    from app import web
    from app.bus import Bus
    from app.extensions import socketio
    from app.hooks import around

    redis = app.config["REDIS_URL"]
    bus = Bus(redis, app.config["SECRET_KEY"]) if redis else None
    if bus is not None:
        around(bus.together)
    # Handlers must be registered before the server is bound.
    socketio.init_app(
        app,
        async_mode=app.config["SOCKET_ASYNC_MODE"],
        **({"client_manager": bus} if bus is not None else {}),
        transports=["websocket"],
        ping_interval=25,
        ping_timeout=20,
        max_http_buffer_size=16 * 1024,
        cors_allowed_origins=web.own_origins(app),  # type: ignore[arg-type]  # engineio takes a function too
    )  # type: ignore[call-arg]


def _init_kernel(app: "Flask") -> None:
    from app import (
        api,
        audit,
        auth,
        celery,
        cli,
        errors,
        filters,
        health,
        i18n,
        inbox,
        limits,
        logs,
        metrics,
        pages,
        search,
        settings_pages,
        web,
    )
    from app import sockets as _sockets  # noqa: F401  # registers its handlers
    from app.extensions import csrf

    for part in (logs, metrics, web, limits, csrf, errors, i18n, auth, filters, cli, inbox, settings_pages, api, audit):
        part.init_app(app)
    app.register_blueprint(health.bp)
    search.init_app(app)
    app.register_blueprint(pages.bp)
    celery.make_celery(app)
    _init_templates(app)


def _init_templates(app: "Flask") -> None:
    from app.assets import asset, icon
    from app.business import setting
    from app.clock import utcnow
    from app.fixed import fixed
    from app.js_texts import js_texts, page_texts
    from app.navigation import has_endpoint, navigation
    from app.settings_nav import settings_pages as pages_of_settings
    from app.template_cache import TemplateCache
    from app.web import csrf_token, nonce

    app.jinja_env.globals.update(
        asset=asset,
        icon=icon,
        navigation=navigation,
        has_endpoint=has_endpoint,
        setting=setting,
        js_texts=js_texts,
        page_texts=page_texts,
        fixed=fixed,
        nonce=nonce,
        csrf_token=csrf_token,
        now=utcnow,
        settings_pages=pages_of_settings,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.bytecode_cache = TemplateCache(app.config["INSTANCE_DIR"])
