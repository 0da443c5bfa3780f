"""A clock that stands, and sara with her app on."""

import pytest

from app.auth import recovery, totp
from app.auth.services import set_password
from app.clock import freeze, utcnow
from app.extensions import db
from tests.safety.second_step.steps import PASSWORD


@pytest.fixture
def clock():
    with freeze(utcnow().replace(second=5, microsecond=0)) as stopped:
        yield stopped


@pytest.fixture
def sara(world):
    set_password(world.sara, PASSWORD)
    db.session.commit()
    return world.sara


@pytest.fixture
def codes(clock, sara):
    """Sara's app is on; ten recovery codes in clear text."""
    row = totp.begin(sara)
    row.confirmed_at = utcnow()
    fresh = recovery.renew(sara)
    db.session.commit()
    return fresh
