"""The audit log of a real service desk, whole: figures equal those that are computed from the file alone."""

import os
from pathlib import Path

from tests.imports.conftest import table_counts
from tests.imports.incidents import instant, states, stood
from tests.imports.ticket_checks import bring_tickets, check_board, check_cards, check_histories
from tests.world import World

LOG = Path(os.environ["KARIZ_TRIAL_DATA"]) / "incidents" / "incident_event_log.csv"
AS_OF = "2016-03-03 12:00"


def test_as_of_a_day_and_then_to_the_end(world: World, admin, as_user) -> None:
    expected = stood(LOG, instant("03-03-2016 12:00"))
    assert states(expected.values()) == {
        "New": 188, "Active": 165, "Awaiting User Info": 120, "Awaiting Problem": 17, "Resolved": 397, "Closed": 3,
    }  # fmt: skip
    report = bring_tickets(LOG, as_of=AS_OF)
    assert (report.counts["tickets.created"], report.faults) == (890, [])
    check_cards(expected)
    check_histories(expected)
    check_board(as_user(admin), expected)
    assert bring_tickets(LOG).counts["tickets.updated"] == 888
    expected = stood(LOG)
    check_cards(expected)
    check_histories(expected)
    before = table_counts()
    assert bring_tickets(LOG).counts == {"tickets.unchanged": 890}
    assert table_counts() == before
