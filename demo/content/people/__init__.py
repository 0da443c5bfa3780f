"""The customers who are persons."""

from demo.content.people.capital import CAPITAL
from demo.content.people.provinces import PROVINCES

PEOPLE = (*CAPITAL, *PROVINCES)

# Printed at the first start: two customers to sign in to the portal as.
PORTAL_SIGN_INS = ("niloofar", "hamed")
