"""The known password is only for a demo that nobody else can reach."""

import pytest

from app.auth.services import PASSWORD_LENGTH
from demo.sign_ins import OPEN_PASSWORD, choose_password

AT_HOME = {"EMBEDDED": True, "PRODUCTION": False, "HOST": "127.0.0.1", "BASE_URL": "", "TRUSTED_PROXIES": 0}


def choose(app, monkeypatch, **changes):
    for name, value in {**AT_HOME, **changes}.items():
        monkeypatch.setitem(app.config, name, value)
    return choose_password()


def test_on_ones_own_machine_the_password_is_known(app, monkeypatch):
    assert choose(app, monkeypatch) == OPEN_PASSWORD


@pytest.mark.parametrize(
    "changes",
    [
        {"HOST": "0.0.0.0"},
        {"BASE_URL": "https://demo.example.com"},
        {"TRUSTED_PROXIES": 1},
        {"PRODUCTION": True},
        {"EMBEDDED": False},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_where_others_reach_it_the_password_is_random(app, monkeypatch, changes):
    first, second = choose(app, monkeypatch, **changes), choose(app, monkeypatch, **changes)
    assert OPEN_PASSWORD not in {first, second}
    assert first != second
    assert len(first) >= PASSWORD_LENGTH
