"""What web processes believe of what is said on Redis (S11)."""

import json
import pickle

import pytest

from app.bus import Bus
from tests.safety.forging import messages

FRAME = {"method": "emit", "event": "event", "data": [{"seq": 7}], "binary": False, "namespace": "/staff",
         "room": "pipeline:1:1", "skip_sid": None, "callback": None, "host_id": "another"}  # fmt: skip


@pytest.fixture
def bus() -> Bus:
    """Nothing listens at its address: nothing is said there."""
    return Bus("redis://127.0.0.1:1/0", "the secret of the application")


def sealed(bus: Bus, form: object) -> bytes:
    return bus._sealed(json.dumps(form).encode())


def test_a_message_of_another_process_is_heard(bus):
    another = Bus("redis://127.0.0.1:1/0", "the secret of the application")
    assert bus._opened(sealed(another, FRAME)) == FRAME
    disconnect = {"method": "disconnect", "sid": "abc", "namespace": "/portal", "host_id": "another"}
    assert bus._opened(sealed(another, disconnect)) == disconnect


def test_nothing_of_somebody_without_the_secret_is_heard(bus, tmp_path):
    """S11: no frame, no door, no program."""
    mark = tmp_path / "owned"
    assert {bus._opened(message) is None for message in messages(["sid"], "user:1", mark)} == {True}
    assert not mark.exists()


@pytest.mark.parametrize("at", [0, 31, 32, 60, -1])
def test_a_changed_message_is_not_heard(bus, at):
    message = bytearray(sealed(bus, FRAME))
    message[at] ^= 1
    assert bus._opened(bytes(message)) is None


@pytest.mark.parametrize("wrong", [
    {"room": None}, {"room": ""}, {"room": []}, {"room": ["pipeline:1:1"]}, {"namespace": "/"}, {"namespace": None},
    {"binary": True}, {"callback": ["a", "b", 1]}, {"event": None}, {"data": "text"}, {"method": "enter_room"},
    {"method": "callback"}, {"method": None}, {"host_id": None},
], ids=str)  # fmt: skip
def test_forms_that_kariz_never_uses_are_not_heard(bus, wrong):
    """S11, S03: not even signed; a frame without a room would reach everybody."""
    assert bus._opened(sealed(bus, {**FRAME, **wrong})) is None


@pytest.mark.parametrize("form", [[], None, 7, "emit", [FRAME]], ids=str)
def test_what_is_no_message_is_not_heard(bus, form):
    assert bus._opened(sealed(bus, form)) is None


def test_what_is_said_is_json(bus, monkeypatch):
    """S11: never a pickle."""
    said = []
    monkeypatch.setattr(bus, "_say", said.extend)
    bus._publish(FRAME)
    assert json.loads(said[0][32:]) == FRAME
    with pytest.raises(pickle.UnpicklingError):
        pickle.loads(said[0][32:])
    bus._publish({"method": "leave_room", "sid": "gone", "room": "a", "namespace": "/staff", "host_id": "b"})
    assert len(said) == 1


def test_what_is_said_together_leaves_at_once(bus, monkeypatch):
    """All that is said, in its order, in one call; nothing where nothing is said."""
    calls = []
    monkeypatch.setattr(bus, "_say", calls.append)
    with bus.together():
        pass
    assert calls == []
    with bus.together():
        bus._publish({**FRAME, "room": "first"})
        bus._publish({**FRAME, "room": "second"})
        assert calls == []
    assert [[json.loads(said[32:])["room"] for said in call] for call in calls] == [["first", "second"]]
