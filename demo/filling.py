"""The demo from the first colleague to the message of a minute ago."""

from __future__ import annotations

from functools import partial

from app.clock import utcnow
from app.extensions import db
from app.i18n import as_viewer
from app.users import services as accounts
from demo.cards import plan_cards
from demo.goods import stock_up
from demo.hours import look_ahead
from demo.house import furnish, name_first_assignees
from demo.letters import write_letters
from demo.orders import plan_orders
from demo.people import plan_people
from demo.reading import catch_up
from demo.shop import Shop
from demo.sign_ins import choose_password, describe
from demo.story import Story, Times

# Before the oldest customer.
FOUNDED_HOURS_AGO = 1600 * 24


def fill() -> str:
    """Fill an empty database in the running transaction; answers the sign-ins to print."""
    if accounts.exist():
        return "The demo shop is for an empty database: somebody has an account here already, and nothing was changed."
    with as_viewer("fa") as viewer:
        shop = Shop(Times(utcnow(), viewer.zone), Story(utcnow()))
    password = choose_password()
    founded_at = shop.times.at(FOUNDED_HOURS_AGO)
    shop.story.tell(founded_at, partial(furnish, shop, password))
    shop.story.tell(founded_at, partial(stock_up, shop))
    plan_people(shop)
    plan_orders(shop)
    plan_cards(shop)
    shop.story.tell(shop.times.now, partial(name_first_assignees, shop))
    shop.story.tell(shop.times.now, partial(look_ahead, shop))
    shop.story.run()
    write_letters()
    catch_up(shop)
    db.session.flush()
    return describe(shop, password)
