"""What a stolen table of passwords would cost to break, and that old hashes grow with us."""

import importlib.util
from types import ModuleType

from argon2 import PasswordHasher, Type, extract_parameters

from app.auth import passwords
from app.auth.passwords import password_fits, renew_hash, set_password

PASSWORD = "correct horse 42"


def as_shipped() -> ModuleType:
    """The module anew, without the quick hashes of the other tests."""
    spec = importlib.util.find_spec(passwords.__name__)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_guessing_is_dear(world) -> None:
    """As much memory and work as RFC 9106 asks of a server, for those who exist and those who do not."""
    shipped = as_shipped()
    shipped.set_password(world.sara, PASSWORD)
    for kept in (world.sara.password_hash, shipped._NOBODY):
        cost = extract_parameters(kept)
        assert cost.type is Type.ID
        assert cost.memory_cost >= 64 * 1024
        assert cost.time_cost >= 3
    assert shipped.password_fits(world.sara, PASSWORD)
    assert not shipped.password_fits(world.sara, "correct horse 43")
    assert not shipped.password_fits(None, PASSWORD)


def test_a_hash_of_older_days_is_made_anew_when_its_password_was_right(world) -> None:
    world.sara.password_hash = old = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(PASSWORD)
    assert password_fits(world.sara, PASSWORD)
    renew_hash(world.sara, PASSWORD)
    assert world.sara.password_hash != old
    assert password_fits(world.sara, PASSWORD)
    set_password(world.sara, PASSWORD)
    new = world.sara.password_hash
    renew_hash(world.sara, PASSWORD)
    assert world.sara.password_hash == new
