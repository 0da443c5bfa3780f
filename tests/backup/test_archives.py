"""What an archive takes and what it refuses: other passphrases, damage, halves, strangers' members, newer versions."""

import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.datastructures import FileStorage

from app import schema
from app.backup import making
from app.backup.archive import HEADER, MANIFEST, Writer
from app.backup.errors import BackupError
from app.backup.making import forget_old, write_file
from app.backup.proving import prove
from app.backup.restoring import verify
from app.extensions import db
from app.files import StoredFile
from cards.services import add_note
from tests.world import World

Make = Callable[..., Path]


@pytest.fixture
def saved(app: Flask, world: World, tmp_path: Path) -> Make:
    """Writes an archive of the world with a card and a file."""
    world.card()
    note = FileStorage(io.BytesIO(b"%PDF-1.4 an invoice"), "invoice.pdf")
    add_note(world.card("کتری"), "رسید", by=world.sara, files=[note])
    db.session.commit()
    stamp(schema.head())

    def make(name: str = "kariz.tar.gz", passphrase: str | None = None, *, with_secrets: bool = True) -> Path:
        write_file(tmp_path / name, passphrase=passphrase, with_secrets=with_secrets, say=lambda _line: None)
        return tmp_path / name

    yield make
    db.session.rollback()
    db.session.execute(sa.text("DROP TABLE alembic_version"))
    db.session.commit()


def stamp(revision: str) -> None:
    db.session.execute(sa.text("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32))"))
    db.session.execute(sa.text("DELETE FROM alembic_version"))
    db.session.execute(sa.text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": revision})
    db.session.commit()


def rewritten(path: Path, change: Callable[[str, bytes], bytes], extra: tuple[str, bytes] | None = None) -> Path:
    """The archive with other contents, made as well as ours."""
    other = path.with_name("rewritten.tar.gz")
    with tarfile.open(path) as old, other.open("wb") as out:
        writer = Writer(out, None, moment=0)
        for member in old:
            content = old.extractfile(member)
            assert content
            writer.add(member.name, change(member.name, content.read()))
            if extra and member.name == HEADER:
                writer.add(*extra)
        writer.finish()
    return other


def same(_name: str, data: bytes) -> bytes:
    return data


@pytest.mark.servers
def test_what_was_saved_comes_back_row_by_row(saved: Make, tmp_path: Path) -> None:
    """F30: proven in an empty place, from either database."""
    done, results = prove(verify(saved()), tmp_path / "proof", say=lambda _line: None)
    assert done.rows["cards"] == 2
    assert done.files == 1
    assert [result.check.name for result in results if result.state != "ok"] == []


def test_a_passphrase_opens_it_and_no_other(saved: Make) -> None:
    path = saved("sealed", "درِ گنجه")
    assert verify(path, "درِ گنجه").manifest["files"] == 1
    with pytest.raises(BackupError, match="does not open with this passphrase"):
        verify(path, "در گنجه")
    with pytest.raises(BackupError, match="under a passphrase"):
        verify(path)
    assert b"users" not in path.read_bytes()


@pytest.mark.parametrize("passphrase", [None, "گنجه"])
@pytest.mark.parametrize("share", [0.2, 0.6, 0.99])
def test_half_an_archive_is_told_from_a_whole_one(saved: Make, passphrase: str | None, share: float) -> None:
    path = saved(passphrase=passphrase)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(BackupError, match="not complete"):
        verify(path, passphrase)


@pytest.mark.parametrize("passphrase", [None, "گنجه"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_spoilt_byte_is_found(saved: Make, passphrase: str | None, share: float) -> None:
    path = saved(passphrase=passphrase)
    data = bytearray(path.read_bytes())
    data[int(len(data) * share)] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(BackupError):
        verify(path, passphrase)


def test_a_changed_row_is_found_even_in_a_well_made_archive(saved: Make) -> None:
    path = rewritten(saved(), lambda name, data: data.replace("کتری".encode(), "سماور".encode()) if "cards" in name
                     and name != HEADER else data)  # fmt: skip
    with pytest.raises(BackupError, match="damaged"):
        verify(path)


@pytest.mark.parametrize(
    "name", ["../../etc/cron.d/evil", "/etc/passwd", "files/../../evil", "tables/x/1.jsonl", "evil"]
)
def test_members_that_are_none_of_ours_are_refused(saved: Make, name: str) -> None:
    """Nothing is ever written where an archive says."""
    path = rewritten(saved(), same, (name, b"evil"))
    with pytest.raises(BackupError, match="no part of a backup"):
        verify(path)


def test_a_table_that_is_not_ours_is_refused_before_anything_is_written(saved: Make, tmp_path: Path) -> None:
    def stranger(name: str, data: bytes) -> bytes:
        if name not in {HEADER, MANIFEST}:
            return data
        content = json.loads(data)
        content["tables"]["evil"] = {"columns": [["id", "integer"]], "key": ["id"]} if name == HEADER else {
            "rows": 0, "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}  # fmt: skip
        return json.dumps(content).encode()

    verified = verify(rewritten(saved(), stranger))
    with pytest.raises(BackupError, match="evil"):
        prove(verified, tmp_path / "proof", say=lambda _line: None)
    assert not (tmp_path / "proof" / "kariz.db").exists()


def test_a_newer_version_is_refused_in_a_sentence(saved: Make) -> None:
    def newer(name: str, data: bytes) -> bytes:
        return data.replace(f'"{schema.head()}"'.encode(), b'"9999"') if name == HEADER else data

    with pytest.raises(BackupError, match="newer Kariz"):
        verify(rewritten(saved(), newer))


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 a zip file", b"some text"])
def test_what_is_no_archive_is_said_to_be_none(tmp_path: Path, app: Flask, data: bytes) -> None:
    path = tmp_path / "letter.txt"
    path.write_bytes(data)
    with pytest.raises(BackupError):
        verify(path)


def test_a_missing_file_is_noted_and_no_obstacle(saved: Make) -> None:
    """F35"""
    stored = db.session.scalar(sa.select(StoredFile))
    assert stored
    stored.path.unlink()
    db.session.commit()
    verified = verify(saved())
    assert verified.manifest["missing"] == [stored.sha256]
    assert verified.files == {}


def test_the_key_stays_at_home_where_it_is_wished(saved: Make) -> None:
    assert verify(saved(with_secrets=False)).secret_key is None
    assert verify(saved()).secret_key == "tests only, never anywhere else"


def test_a_failure_leaves_nothing_behind(saved: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """F24: the disk is full half-way."""

    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(making, "_write_files", full)
    with pytest.raises(BackupError, match="is full"):
        saved("new.tar.gz")
    assert [path.name for path in tmp_path.iterdir()] == []


def test_only_the_newest_are_kept(tmp_path: Path) -> None:
    names = [f"kariz-2026010{day}-000000.tar.gz" for day in range(1, 6)]
    for name in [*names, "other.tar.gz"]:
        (tmp_path / name).touch()
    assert {path.name for path in forget_old(tmp_path, 2)} == set(names[:3])
    assert {path.name for path in tmp_path.iterdir()} == {*names[3:], "other.tar.gz"}


def test_people_write_while_it_is_saved(saved: Make, world: World) -> None:
    """SQLite: a snapshot is being read, and a writer does not wait for it; what it writes is not in the archive."""
    with making.snapshot() as connection:
        before = connection.scalar(sa.text("SELECT count(*) FROM cards"))
        world.card("نوشته در میانه")
        assert connection.scalar(sa.text("SELECT count(*) FROM cards")) == before
    assert db.session.scalar(sa.text("SELECT count(*) FROM cards")) == before + 1
