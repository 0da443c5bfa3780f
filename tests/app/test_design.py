"""The rules of pages, styles and scripts that no reader should have to remember."""

import json
import re
from pathlib import Path

import pytest

from app.js_texts import BOARD, CARD, COMMON, STAFF

ROOT = Path(__file__).resolve().parents[2]
STYLES = sorted((ROOT / "static/css").glob("*.css"))
SCRIPTS = sorted((ROOT / "static/js").rglob("*.js"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
ICONS = {path.stem for path in (ROOT / "assets/icons").glob("*.svg")}

# Sides of the paper or the screen, where the writing direction should speak.
PHYSICAL = re.compile(
    r"(?<![\w-])((margin|padding|border|inset|scroll-margin|scroll-padding)-(left|right|top|bottom)|left|right|top|bottom|"
    r"width|height|(min|max)-(width|height))\s*:|text-align:\s*(left|right)|float:\s*(left|right)"
)


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


@pytest.mark.parametrize("name", names(STYLES))
def test_a_stylesheet_is_short_and_knows_no_left_or_right(name: str) -> None:
    text = re.sub(r"/\*.*?\*/", "", (ROOT / name).read_text(), flags=re.DOTALL)
    assert text.count("\n") < 300
    assert PHYSICAL.findall(text) == []


def test_every_stylesheet_is_in_the_bundle() -> None:
    imported = re.findall(r'@import "\./(\w+\.css)"', (ROOT / "static/css/app.css").read_text())
    assert sorted([*imported, "app.css"]) == [path.name for path in STYLES]


@pytest.mark.parametrize("name", names(TEMPLATES))
def test_a_template_holds_no_style_and_no_script(name: str) -> None:
    """The content security policy would block them without a word."""
    text = (ROOT / name).read_text()
    assert not re.search(r"\sstyle=|\son(click|change|submit|input|load)=|javascript:|hx-on", text)
    assert not re.search(r"<script(?![^>]*(src=|type=\"application/json\"))", text)
    assert not re.search(r"https?://(?!www\.w3\.org)", text)


def test_icons_that_are_asked_for_exist() -> None:
    asked = {
        (name, path.name)
        for path in [*TEMPLATES, *SCRIPTS]
        for name in re.findall(r"\b(?:icon|draw)\(\"([a-z0-9-]+)\"", path.read_text())
    }
    assert {pair for pair in asked if pair[0] not in ICONS and not pair[0].endswith("-")} == set()


def test_scripts_say_only_sentences_that_are_known_and_known_ones_are_said() -> None:
    text = "\n".join(path.read_text() for path in SCRIPTS)
    said = set(re.findall(r"\bt\(\s*\"([a-z_.]+)\"", text))
    known = {*COMMON, *STAFF, *BOARD, *CARD}
    assert said <= known
    assert {key for key in known if f'"{key}"' not in text and not key.startswith(("unit_", "board."))} == set()


def test_controllers_that_pages_name_are_registered() -> None:
    known = "\n".join((ROOT / "static/js" / name).read_text() for name in ("app.js", "portal.js"))
    asked = {
        (name, path.name)
        for path in TEMPLATES
        for value in re.findall(r'data-controller="([^"{]+)"', path.read_text())
        for name in value.split()
    }
    assert {pair for pair in asked if not re.search(rf"^\s*\"?{pair[0]}\"?:", known, re.MULTILINE)} == set()


def test_the_lock_file_pins_by_content_and_names_no_registry() -> None:
    lock = json.loads((ROOT / "assets/package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert all("integrity" in entry and "resolved" not in entry for entry in packages.values())
    wanted = json.loads((ROOT / "assets/package.json").read_text())
    assert all(
        re.fullmatch(r"\d+\.\d+\.\d+", version)
        for version in {**wanted["dependencies"], **wanted["devDependencies"]}.values()
    )
