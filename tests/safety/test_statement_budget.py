"""Making a card costs the same on a small and on a large board: the verb alone, and the whole act of a customer."""

import pytest

from app.extensions import db
from cards.services import open_card
from tests.cards.test_board import fill


@pytest.mark.parametrize("per_stage", [3, 300])
def test_the_verb_takes_few_statements(world, babak, statements, per_stage):
    """DESIGN: at most 15, members told and the acknowledgement queued."""
    fill(world, per_stage)
    stage = world.stage("New")
    assert stage.pipeline.slug
    statements.clear()
    open_card(babak, stage, title="قوری شکسته رسید", by=babak, body="از کنار دسته")
    db.session.commit()
    # What the portal's socket asks after the commit belongs to no transaction.
    assert len(statements) - 1 <= 15, "\n".join(statements)


@pytest.mark.parametrize("per_stage", [3, 300])
def test_a_customers_request_takes_no_more_on_a_large_board(world, babak, as_contact, statements, per_stage):
    fill(world, per_stage)
    browser = as_contact(babak)
    form = {"department": "support", "title": "قوری شکسته رسید", "body": "از کنار دسته", "op_id": f"op-{per_stage}"}
    statements.clear()
    assert browser.post("/portal/requests", data=form).status_code == 303
    assert len(statements) <= 24, "\n".join(statements)
