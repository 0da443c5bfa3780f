"""The ninety short requests of the six weeks before."""

from itertools import chain, zip_longest

from demo.content.tickets.weeks.brief import Brief, told
from demo.content.tickets.weeks.deliveries import DELIVERIES
from demo.content.tickets.weeks.goods import GOODS
from demo.content.tickets.weeks.money import MONEY
from demo.content.tickets.weeks.questions import QUESTIONS

# Mixed, as a day brings them.
_mixed = chain.from_iterable(zip_longest(DELIVERIES, GOODS, QUESTIONS, MONEY))
WEEKS = told([brief for brief in _mixed if isinstance(brief, Brief)])
