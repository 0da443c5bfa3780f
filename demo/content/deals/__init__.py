"""What the salespeople are talking about with whom. Amounts are what the customer would pay."""

from demo.content.deals.ended import ENDED
from demo.content.deals.open import OPEN
from demo.content.deals.weeks import WEEKS

DEALS = (*OPEN, *ENDED, *WEEKS)
