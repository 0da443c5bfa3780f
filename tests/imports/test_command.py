"""`kariz import`: the same imports without a browser."""

import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from app.extensions import db
from contacts.models import Company
from imports.models import Import
from orders.models import OrderLine
from tests.imports.conftest import DATA, table_counts
from tests.world import World


@pytest.fixture
def kariz(app: Flask, world: World):
    def run(*arguments: object) -> Result:
        db.session.commit()
        result = app.test_cli_runner().invoke(args=["import", *map(str, arguments)])
        db.session.expire_all()
        return result

    return run


def companies() -> int:
    return db.session.scalar(sa.select(sa.func.count()).where(Company.external_id.is_not(None))) or 0


def test_companies_first_dry_then_really(kariz) -> None:
    before = table_counts()
    result = kariz("companies", DATA / "customers.csv", "--dry-run")
    assert result.exit_code == 0
    assert "Dry run: nothing was changed." in result.output
    assert "Companies: 20 created, 0 updated, 0 unchanged" in result.output
    assert table_counts() == before
    assert kariz("companies", DATA / "customers.csv").exit_code == 0
    assert companies() == 20
    assert "Companies: 0 created, 0 updated, 20 unchanged" in kariz("companies", DATA / "customers.csv").output
    assert [(row.name, row.state, row.by_id) for row in db.session.scalars(sa.select(Import))] == [
        ("customers.csv", "done", None)
    ] * 2  # fmt: skip


def test_a_whole_shop(kariz) -> None:
    kariz("companies", DATA / "customers.csv")
    result = kariz("products", DATA / "products-utf16.csv", "--unit-rials", 10_000, "--vat", 0)
    assert "Products: 20 created" in result.output
    more = ("--lines", DATA / "order-details.csv", "--carriers", DATA / "shippers.csv")
    result = kariz("northwind-style", DATA / "orders.csv", *more)
    assert (result.exit_code, "Orders: 20 created" in result.output) == (0, True)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OrderLine)) == 27
    same = ("--unit-rials", 10_000, "--vat", 0, "--discount", "rate")
    assert "20 unchanged" in kariz("orders", DATA / "orders.csv", *more, *same).output


def test_faulty_rows_are_named_and_answered_by_the_exit_code(kariz, tmp_path: Path) -> None:
    path, errors = tmp_path / "c.csv", tmp_path / "errors.csv"
    path.write_text("id,company,email\n1,کاوه,nobody\n2,سپید,,\n3,نورا,\n")
    result = kariz("companies", path, "--errors", errors)
    assert result.exit_code == 1
    assert "Faulty rows: 2" in result.output
    assert "row 2, email, “nobody”: " in result.output
    assert "row 3: The row has 4 fields" in result.output
    assert companies() == 1
    assert errors.read_text(encoding="utf-8-sig").count("\n") == 3


def test_missing_answers_are_asked(kariz, tmp_path: Path) -> None:
    result = kariz("products", DATA / "products-utf16.csv")
    assert result.exit_code == 2
    assert "--unit, --unit-rials" in result.output
    assert "productID=sku" in result.output
    assert kariz("companies", tmp_path / "none.csv").exit_code == 2
    assert kariz("companies", DATA / "customers.csv", "--map", "nothing=name").exit_code == 2
    assert kariz("companies", DATA / "customers.csv", "--map", "fax=password").exit_code == 2
    assert kariz("companies", DATA / "customers.csv", "--map", tmp_path / "none.json").exit_code == 2
    assert kariz("products", DATA / "products-utf16.csv", "--unit", "rial", "--vat", "much").exit_code == 2
    assert companies() == 0


def test_columns_by_hand_and_by_file(kariz, tmp_path: Path) -> None:
    path, mapping = tmp_path / "c.csv", tmp_path / "map.json"
    path.write_text("a,b,id\n1,کاوه,x\n")
    mapping.write_text(json.dumps({"columns": {"a": "external_id", "id": None}, "match": "external_id"}))
    assert kariz("companies", path, "--map", mapping, "--map", "b=name").exit_code == 0
    assert db.session.scalars(sa.select(Company.name).where(Company.external_id == "1")).all() == ["کاوه"]


def test_encoding_and_separator_by_hand(kariz, tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_bytes("id;company;note\n1;گل;a,b\n".encode("cp1256"))
    assert kariz("companies", path, "--encoding", "cp1256", "--separator", "semicolon").exit_code == 0
    assert kariz("companies", path, "--encoding", "utf-8").exit_code == 1


def test_the_report_in_persian(kariz) -> None:
    result = kariz("companies", DATA / "customers.csv", "--dry-run", "--language", "fa")
    assert "شرکت‌ها: ۲۰ تازه" in result.output
