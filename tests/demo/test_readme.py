"""What the README promises is there."""

import re
from pathlib import Path

import pytest

from demo.content import PEOPLE, PORTAL_SIGN_INS, STAFF
from demo.sign_ins import OPEN_PASSWORD

ROOT = Path(__file__).parents[2]
README = {name: (ROOT / name).read_text() for name in ("README.md", "README.fa.md")}


@pytest.mark.parametrize("text", README.values(), ids=README.keys())
def test_the_table_of_settings_names_every_variable_that_is_read(text):
    code = "".join((ROOT / "app" / name).read_text() for name in ("config.py", "server.py", "startup.py"))
    read = set(re.findall(r"""env(?:\.get\(|\[)["']([A-Z_]+)["']""", code))
    assert {"PORT", "DATABASE_URL", "KARIZ_DEMO"} <= read
    rows = "".join(line.split("|")[1] for line in text.splitlines() if line.startswith("| `"))
    assert read - set(re.findall(r"`([A-Z_]+)`", rows)) == set()


@pytest.mark.parametrize("text", README.values(), ids=README.keys())
def test_the_sign_ins_are_those_of_the_demo(text):
    assert f"`{OPEN_PASSWORD}`" in text
    for key in ("parinaz", "kaveh", "sara", "omid"):
        assert next(colleague.email for colleague in STAFF if colleague.key == key) in text
    for key in PORTAL_SIGN_INS:
        mobile = next(person.mobile for person in PEOPLE if person.key == key)
        assert f"`{mobile[:4]} {mobile[4:7]} {mobile[7:]}`" in text


@pytest.mark.parametrize("name", [*README, *(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md")))])
def test_links_lead_to_files_that_are_there(name):
    page = ROOT / name
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text())
    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []


@pytest.mark.parametrize("text", README.values(), ids=README.keys())
def test_every_picture_is_shown_and_small(text):
    shown = set(re.findall(r"docs/screenshots/([\w-]+\.png)", text))
    pictures = {path.name: path.stat().st_size for path in (ROOT / "docs" / "screenshots").iterdir()}
    assert shown <= pictures.keys()
    assert len(pictures) <= 10
    assert max(pictures.values()) <= 250_000
