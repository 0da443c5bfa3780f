"""The orders of the shop, oldest first."""

from operator import attrgetter

from demo.content.orders.between import between
from demo.content.orders.ended import ENDED
from demo.content.orders.lately import LATELY
from demo.content.orders.long_ago import LONG_AGO
from demo.content.orders.months_ago import MONTHS_AGO
from demo.content.orders.shipped import SHIPPED
from demo.content.orders.underway import UNDERWAY
from demo.content.orders.weeks_ago import WEEKS_AGO

_by_number = attrgetter("number")
_told = sorted((*LONG_AGO, *MONTHS_AGO, *WEEKS_AGO, *LATELY, *SHIPPED, *ENDED, *UNDERWAY), key=_by_number)
ORDERS = tuple(sorted((*_told, *between(_told)), key=_by_number))
