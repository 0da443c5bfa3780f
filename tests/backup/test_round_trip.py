"""F30: saved while people write, lost, and brought back on an empty box; nothing is sent again."""

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from app.backup.restoring import Verified, verify
from tests.backup.conftest import WAYS
from tests.backup.houses import House, Writers, bodies
from tests.channels.test_delivery import Mailbox
from tests.houses import until
from tests.houses.house import PASSWORD, PICTURE


@pytest.mark.servers
@pytest.mark.parametrize(("origin", "target"), WAYS)
def test_a_house_that_burnt_down_is_built_again(
    origin: str, target: str, tmp_path: Path, new_house: Callable[..., House], mail: tuple[Mailbox, int]
) -> None:
    """F30, I1-I5"""
    archive = tmp_path / "kariz.tar.gz"
    first = new_house("first", origin)
    first.fill(cards=5, mail_port=mail[1])
    first.serve()
    before = save_under_load(first, archive)
    first.end()
    shutil.rmtree(first.folder)
    second = new_house("second", target)
    restored = second.run("restore", str(archive))
    assert restored.returncode == 0, restored.stdout + restored.stderr
    check_rows(second, verify(archive), before)
    mail[0].messages.clear()
    second.seed = first.seed
    second.serve()
    check_that_people_get_in(second)
    check_that_links_work(second)
    check_that_nothing_is_sent_again(second, mail[0])
    assert second.run("check", "--language", "en").returncode in {0, 1}


def save_under_load(house: House, archive: Path) -> list[str]:
    """Back up while three people write; what had been acknowledged before it began."""
    writers = Writers(house)
    writers.wait_for(12)
    before = list(writers.acknowledged)
    saved = house.run("backup", str(archive))
    assert saved.returncode == 0, saved.stderr
    during = len(writers.acknowledged) - len(before)
    writers.rest()
    assert during, "nobody could write while it was saved"
    assert archive.stat().st_mode & 0o777 == 0o600
    return before


def check_rows(house: House, verified: Verified, before: list[str]) -> None:
    """As many rows as the archive says, and among them all that was acknowledged before it was begun."""
    for name in ("cards", "entries", "events", "files", "users", "stage_transitions"):
        assert house.query(f"SELECT count(*) FROM {name}") == [(verified.manifest["tables"][name]["rows"],)]
    kept = {body for (body,) in house.query("SELECT body FROM entries")}
    assert set(before) <= kept
    (order,) = house.query(
        "SELECT count(*), max(seq) - min(seq) + 1 FROM events WHERE seq IS NOT NULL AND pipeline_id = 1"
    )
    assert order[0] == order[1]


def check_that_people_get_in(house: House) -> None:
    """By the old password, and without any where the browser was signed in: `serve` has used sara's old cookie."""
    assert house.signs_in("sara@kariz.test", PASSWORD)
    page = house.ask(f"/portal/requests/{house.seed['cards'][0]}", cookie=house.seed["cookies"][0])
    assert "عکس را ببینید" in page.text


def check_that_links_work(house: House) -> None:
    """Of an attachment, on both sides, and of a survey in a mail that was sent long ago."""
    card, attachment = house.seed["cards"][0], house.seed["attachment"]
    for path in (f"/cards/{card}/attachments/{attachment}", f"/portal/requests/{card}/files/{attachment}"):
        answer = house.ask(path, cookie=house.seed["cookies"][0])
        assert hashlib.sha256(answer.content).digest() == hashlib.sha256(PICTURE).digest()
    assert house.ask(f"/portal/surveys/{house.seed['survey']}", cookie="nobody=1").status == 200


def check_that_nothing_is_sent_again(house: House, mailbox: Mailbox) -> None:
    """I3: what is written now goes out, by a mail server whose password is still known, and nothing else does.

    But for the word to sara that somebody signed in to her account from a browser that is not known here.
    """

    def told() -> list[str]:
        return [text for text in bodies(mailbox) if "To: sara@kariz.test" not in text]

    form = {"op_id": "after the restore", "body": "the first answer in the new house", "seen_entry": 10**6}
    assert house.ask(f"/cards/{house.seed['cards'][2]}/replies", form).status == 200
    until(told)
    until(lambda: not house.query("SELECT id FROM outbox WHERE state = 'waiting' AND kind LIKE 'message.%'"))
    (message,) = told()
    assert house.seed["cards"][2] in message.replace("-", "")
    assert house.query("SELECT state FROM outbox WHERE key = 'for tomorrow'") == [("unknown",)]
