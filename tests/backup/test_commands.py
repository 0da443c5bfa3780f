"""`kariz backup` and `kariz restore` as an operator types them."""

from collections.abc import Callable
from pathlib import Path

from tests.backup.houses import House


def test_an_operator_saves_proves_restores_and_is_told_what_is_wrong(
    tmp_path: Path, new_house: Callable[..., House]
) -> None:
    """F30; each failure is one sentence and exit code 1."""
    house = new_house("first")
    house.fill(cards=5, mail_port=25)
    key_file = tmp_path / "passphrase"
    key_file.write_text("گنجه را باز کن\n")
    folder = tmp_path / "archives"
    folder.mkdir()
    for name in ("kariz-20200101-000000.tar.gz", "kariz-20200102-000000.tar.gz"):
        (folder / name).touch()
    saved = house.run("backup", str(folder), "--key-file", str(key_file), "--keep", "2")
    assert saved.returncode == 0, saved.stderr
    (archive,) = folder.glob("*.sealed")
    assert sorted(path.name for path in folder.iterdir()) == ["kariz-20200102-000000.tar.gz", archive.name]
    assert "cards: 6 rows" in saved.stderr

    proven = house.run("restore", "--check", str(archive), KARIZ_BACKUP_PASSPHRASE="گنجه را باز کن")
    assert proven.returncode == 0, proven.stderr
    assert "came back as they were saved" in proven.stdout

    refused(house.run("restore", str(archive), "--key-file", str(key_file)), "not empty (cards, companies")
    refused(house.run("restore", str(archive), KARIZ_BACKUP_PASSPHRASE="other"), "is not empty")
    empty = new_house("second")
    empty.key = ""
    refused(empty.run("restore", str(archive), KARIZ_BACKUP_PASSPHRASE="other"), "does not open with this passphrase")
    refused(empty.run("restore", str(tmp_path / "nowhere")), "There is no")
    assert not (empty.folder / "kariz.db").exists()
    other = new_house("third")
    other.key = "another key, as long as the first and as secret"
    restored = other.run("restore", str(archive), "--key-file", str(key_file))
    assert restored.returncode == 1, "the password of the mail server is under the other key"
    assert "SECRET_KEY of the environment is another one" in restored.stdout
    assert (other.folder / "secret_key").read_text() == house.key
    assert (other.folder / "secret_key").stat().st_mode & 0o777 == 0o600


def refused(done: object, sentence: str) -> None:
    assert getattr(done, "returncode", None) == 1
    assert sentence in getattr(done, "stderr", "")
    assert "Traceback" not in getattr(done, "stderr", "")
