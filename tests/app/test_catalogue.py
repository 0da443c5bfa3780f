"""The Persian catalogue says all there is to say; and the check that guards it sees what it should."""

from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo

from scripts import check_catalogue, compile_catalogue


def catalogue(*messages: tuple[Any, Any], fuzzy: bool = False) -> Catalog:
    """A Persian catalogue of (source, translation) pairs."""
    made = Catalog(locale="fa")
    for source, translation in messages:
        made.add(source, translation, flags={"fuzzy"} if fuzzy else ())
    return made


SOURCE = (("Card %(code)s is closed", ""), (("%(num)s card", "%(num)s cards"), ("", "")))
WHOLE = (
    ("Card %(code)s is closed", "کارت %(code)s بسته است"),
    (("%(num)s card", "%(num)s cards"), ("%(num)s کارت",) * 2),
)


def test_the_persian_catalogue_is_complete(capsys: pytest.CaptureFixture[str]) -> None:
    code = check_catalogue.main()
    assert (code, capsys.readouterr().err) == (0, "")


def test_a_whole_catalogue_has_no_problem() -> None:
    assert list(check_catalogue.compare(catalogue(*SOURCE), catalogue(*WHOLE))) == []


@pytest.mark.parametrize(
    ("translated", "problem"),
    [
        (catalogue(WHOLE[0]), "missing: '%(num)s card'"),
        (catalogue(WHOLE[0], (SOURCE[1][0], ("%(num)s کارت", ""))), "missing: '%(num)s card'"),
        (catalogue(WHOLE[1], (SOURCE[0][0], "کارت بسته است")), "placeholders differ: 'Card %(code)s is closed'"),
        (
            catalogue(WHOLE[1], (SOURCE[0][0], "کارت %(cod)s بسته است")),
            "placeholders differ: 'Card %(code)s is closed'",
        ),
        (catalogue(*WHOLE, ("Gone", "رفته")), "obsolete: 'Gone'"),
    ],
)
def test_each_gap_is_named(translated: Catalog, problem: str) -> None:
    (found,) = check_catalogue.compare(catalogue(*SOURCE), translated)
    assert found.startswith(problem)


def test_a_guess_is_no_translation() -> None:
    found = list(check_catalogue.compare(catalogue(*SOURCE), catalogue(*WHOLE, fuzzy=True)))
    assert [sentence.partition(":")[0] for sentence in found] == ["fuzzy", "fuzzy"]


def test_strings_of_code_and_templates_are_found(tmp_path: Path) -> None:
    (tmp_path / "babel.cfg").write_text("[python: **.py]\n[jinja2: templates/**.html]\n")
    (tmp_path / "a.py").write_text('_("One"); _l("Two"); _n("%(num)s bit", "%(num)s bits", 3)')
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "b.html").write_text('{{ _("Three") }}')
    found = {message.id for message in check_catalogue.extract(tmp_path) if message.id}
    assert found == {"One", "Two", ("%(num)s bit", "%(num)s bits"), "Three"}


def test_a_changed_catalogue_is_compiled_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "translations" / "fa" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source = folder / "messages.po"
    source.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Board"\nmsgstr "تخته"\n')
    compile_catalogue.main(tmp_path)
    assert "compiled" in capsys.readouterr().out
    with source.with_suffix(".mo").open("rb") as file:
        board = read_mo(file).get("Board")
    assert board
    assert board.string == "تخته"
    compile_catalogue.main(tmp_path)
    assert capsys.readouterr().out == ""
    assert [path.name for path in sorted(folder.iterdir())] == ["messages.mo", "messages.po"]
