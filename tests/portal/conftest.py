"""Fixtures of the portal's tests."""

import pytest

from contacts.models import Contact
from tests.portal.shop import Shop, fill
from tests.world import World


@pytest.fixture
def shop(world: World) -> Shop:
    """Requests and orders of Alpha's people; see tests/portal/shop.py."""
    return fill(world)


@pytest.fixture
def kaveh(shop: Shop) -> Contact:
    """A colleague of nika's, without any right to see what is hers."""
    return shop.kaveh
