"""The tickets on the support board and in its archive."""

from demo.content.tickets.arranging import ARRANGING
from demo.content.tickets.closed import CLOSED
from demo.content.tickets.complaints import COMPLAINTS
from demo.content.tickets.consult import CONSULT
from demo.content.tickets.new import NEW
from demo.content.tickets.resolved import RESOLVED
from demo.content.tickets.review import REVIEW
from demo.content.tickets.waiting_customer import WAITING_CUSTOMER
from demo.content.tickets.waiting_other import WAITING_OTHER
from demo.content.tickets.weeks import WEEKS

TICKETS = (
    *NEW,
    *REVIEW,
    *COMPLAINTS,
    *CONSULT,
    *ARRANGING,
    *WAITING_CUSTOMER,
    *WAITING_OTHER,
    *RESOLVED,
    *CLOSED,
    *WEEKS,
)
