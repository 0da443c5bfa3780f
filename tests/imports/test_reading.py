"""Files are read as they were written, and what cannot be read is named by its row."""

from pathlib import Path

import pytest

from app.errors import DomainError
from app.i18n import as_viewer
from imports.reading import BadRow, Layout, Row, Table, read_layout, tables

TEXT = "کد,نام\n1,کاوه\n2,سپید طب\n3,نیلوفر\n"


@pytest.fixture(autouse=True)
def _english():
    with as_viewer("en"):
        yield


@pytest.fixture
def write(tmp_path: Path):
    def write(content: str | bytes, encoding: str = "utf-8") -> Path:
        path = tmp_path / "file.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


def read(path: Path) -> list[Row | BadRow]:
    return list(Table(path, read_layout(path)).rows())


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-16", "utf-16"), ("utf-16-le", "utf-16"),
        ("utf-16-be", "utf-16"),
    ],
)  # fmt: skip
def test_unicode_is_told_by_marks_and_by_zero_bytes(write, codec: str, name: str) -> None:
    path = write(TEXT, codec)
    assert read_layout(path) == Layout(name, ",")
    assert Table(path, read_layout(path)).columns == ["کد", "نام"]
    assert [row.cells for row in read(path)] == [["1", "کاوه"], ["2", "سپید طب"], ["3", "نیلوفر"]]


def test_persian_of_one_byte_a_letter(write) -> None:
    path = write("كد;نام\n1;پخش گل چمن\n2;ژاله كاوه\n", "cp1256")
    assert read_layout(path) == Layout("cp1256", ";")
    assert [row.cells[1] for row in read(path)] == ["پخش گل چمن", "ژاله كاوه"]


def test_western_letters_of_one_byte(write) -> None:
    path = write("id,name\n1,Blondel père et fils\n2,Köln Müller\n3,Señor Ñandú €\n", "cp1252")
    assert read_layout(path).encoding == "cp1252"
    assert read(path)[0].cells == ["1", "Blondel père et fils"]
    assert read_layout(write("id,name\n1,caf\xe9 \x81\n", "latin-1")).encoding == "latin-1"


def test_a_person_can_choose_another_encoding(write) -> None:
    path = write("id,name\n1,گل\n", "cp1256")
    found = list(Table(path, Layout("utf-8", ",")).rows())
    assert [type(row) for row in found] == [BadRow]
    assert "encoding" in found[0].sentence  # type: ignore[union-attr]


@pytest.mark.parametrize("separator", [",", ";", "\t", "،"])
def test_separators(write, separator: str) -> None:
    text = "\n".join(separator.join(row) for row in (["کد", "نام", "شهر"], ["1", "a b", "تهران"], ["2", "c", "قم"]))
    assert read_layout(write(text)).separator == separator


def test_the_separator_is_the_one_with_which_rows_agree(write) -> None:
    text = 'id;note\n1;"a, b, c"\n2;"d, e"\n3;f, g, h\n'
    assert read_layout(write(text)).separator == ";"


def test_a_row_of_another_width_is_named_and_never_shifted(write) -> None:
    found = read(write("id,name,city\n1,a,Tehran\n2,b, c,Qom\n3,d\n4,e,f,\n5,g,Rasht\n"))
    assert [row.number for row in found if isinstance(row, BadRow)] == [3, 4, 5]
    assert [row.number for row in found if isinstance(row, Row)] == [2, 6]
    assert "4 fields" in found[1].sentence  # type: ignore[union-attr]
    assert "quotation marks" in found[1].sentence  # type: ignore[union-attr]
    assert "missing" in found[2].sentence  # type: ignore[union-attr]


def test_quotes_keep_separators_and_line_ends_together(write) -> None:
    found = read(write('id,address\n1,"Azadi St., 12"\n2,"one\ntwo"\n3,"say ""hi"""\n'))
    assert [row.cells[1] for row in found] == ["Azadi St., 12", "one\ntwo", 'say "hi"']
    # Row numbers are those of a spreadsheet, not of lines.
    assert [row.number for row in found] == [2, 3, 4]


def test_an_open_quote_names_the_lines_that_it_swallowed(write) -> None:
    found = read(write('id,name,city\n1,"a,Tehran\n2,b,Qom\n3,c,Rasht\n'))
    assert [type(row) for row in found] == [BadRow]
    assert "lines 2 to 4" in found[0].sentence  # type: ignore[union-attr]


def test_blank_lines_are_counted_and_passed_over(write) -> None:
    assert [row.number for row in read(write("id,name\n\n1,a\n\n,\n2,b\n"))] == [3, 6]


def test_columns_without_a_name_and_with_the_same_name(write) -> None:
    path = write("id,,name,name\n1,x,a,b\n")
    assert Table(path, read_layout(path)).columns == ["id", "#2", "name", "name (4)"]


def test_an_endless_cell_is_a_fault_of_its_row(write) -> None:
    found = read(write(f"id,name\n1,{'x' * 140_000}\n2,{'y' * 30_000}\n3,ok\n"))
    assert [(row.number, type(row)) for row in found] == [(2, BadRow), (3, BadRow), (4, Row)]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "no_header"), (b"\n\n", "no_header"), (b"PK\x03\x04rest", "workbook"),
        (b"\xd0\xcf\x11\xe0rest", "workbook"), (bytes(range(256)) * 20, "no_text"),
        (",".join(f"c{n}" for n in range(300)).encode() + b"\n1\n", "too_wide"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_with_a_sentence(write, content: bytes, code: str) -> None:
    path = write(content)
    with pytest.raises(DomainError) as refused:
        Table(path, read_layout(path))
    assert (refused.value.code, refused.value.field) == (code, "file")


def test_caps(write, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write("id,name\n1,a\n2,b\n3,c\n")
    monkeypatch.setattr(tables, "MOST_ROWS", 2)
    with pytest.raises(DomainError) as refused:
        read(path)
    assert refused.value.code == "too_many"
    monkeypatch.setattr(tables, "MOST_BYTES", 10)
    with pytest.raises(DomainError) as refused:
        read_layout(path)
    assert refused.value.code == "too_large"
