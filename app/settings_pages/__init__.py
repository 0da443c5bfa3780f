"""The settings of the kernel: the business, colleagues, teams, one's own account, and the first steps."""

from flask import Flask

from app import navigation, settings_nav
from app.i18n import _l
from app.settings_pages import first_steps, routes
from app.users.pictures import picture_url


def init_app(app: Flask) -> None:
    """Register the pages and where they are found."""
    for blueprint in routes.BLUEPRINTS:
        app.register_blueprint(blueprint)
    settings_nav.add("business", 0, _l("Business"), "business.show")
    settings_nav.add("people", 0, _l("Colleagues"), "users.index")
    settings_nav.add("people", 1, _l("Teams"), "teams.index")
    settings_nav.add("people", 2, _l("Sign-in"), "sign_in_rules.show")
    first_steps.add(0, _l("Your account"), "setup.begin")
    first_steps.add(10, _l("Business"), "setup.business")
    first_steps.add(30, _l("Colleagues"), "setup.colleagues")
    first_steps.add(40, _l("Mail"), "setup.mail")
    navigation.add("everywhere", 90, routes.settings_item)
    navigation.add("everywhere", 91, routes.steps_item)
    app.jinja_env.globals.update(first_steps=first_steps, picture_url=picture_url)
