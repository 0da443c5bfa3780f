"""The commands behind make: one closing line for all tests, and bundles that are made when something has changed."""

from pathlib import Path

import pytest

from scripts import assets, run_tests

REPORT = """<testsuites><testsuite name="pytest">
<testcase name="a"/><testcase name="b"/>
<testcase name="c"><failure message="no">assert</failure></testcase>
<testcase name="d"><error message="no">setup</error></testcase>
<testcase name="e"><skipped/></testcase>
</testsuite></testsuites>"""


def test_a_report_is_counted_whole(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(REPORT)
    assert run_tests.count(report) == run_tests.Tally(passed=2, failed=2, skipped=1)


@pytest.mark.parametrize(
    ("tallies", "line", "code"),
    [
        ({"sqlite": run_tests.Tally(passed=3), "servers": run_tests.Tally(passed=2)}, "5 passed, 0 failed", 0),
        ({"sqlite": run_tests.Tally(passed=3, skipped=1)}, "3 passed, 0 failed, 1 skipped", 0),
        ({"sqlite": run_tests.Tally(passed=3), "browser": run_tests.Tally(failed=1)}, "3 passed, 1 failed", 1),
        ({}, "0 passed, 0 failed", 1),
    ],
)
def test_the_last_line_sums_all_parts(
    tallies: dict[str, run_tests.Tally],
    line: str,
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(run_tests, "run_part", lambda part, _rest, _is_long: tallies.get(part, run_tests.Tally()))
    monkeypatch.setattr("signal.signal", lambda *_: None)
    assert run_tests.main([]) == code
    assert capsys.readouterr().out.splitlines()[-1] == line


def test_a_part_that_breaks_without_a_report_has_failed(tmp_path: Path) -> None:
    assert run_tests.run(["false"], tmp_path / "none.xml", {}) == run_tests.Tally(failed=1)
    assert run_tests.run(["true"], tmp_path / "none.xml", {}) == run_tests.Tally()


def test_each_part_selects_its_tests(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    assert "(servers and not browser) and not long" in run_tests.pytest("servers", [], False, report)
    assert "(not browser) and long" in run_tests.pytest("sqlite", [], True, report)
    assert run_tests.pytest("browser", ["-k", "board"], False, report)[-2:] == ["-k", "board"]


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small tree like ours, bundled."""
    for name in ("assets/package.json", "assets/icons/own.svg", "static/js/app.js", "static/dist/.stamp"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("{}")
    monkeypatch.setattr(assets, "ROOT", tmp_path)
    monkeypatch.setattr(assets, "ASSETS", tmp_path / "assets")
    monkeypatch.setattr(assets, "OUT", tmp_path / "static" / "dist")
    monkeypatch.setattr(assets, "WORK", tmp_path / "assets" / "node_modules")
    (tmp_path / "static" / "dist" / ".stamp").write_text(assets.digest(assets.sources()))
    return tmp_path


@pytest.mark.parametrize(
    "name", ["assets/package.json", "assets/icons/own.svg", "static/js/app.js", "static/css/new.css"]
)
def test_a_changed_source_asks_for_a_new_bundle(sources: Path, name: str) -> None:
    assert assets.is_current()
    (sources / name).parent.mkdir(exist_ok=True)
    (sources / name).write_text("other")
    assert not assets.is_current()


@pytest.mark.usefixtures("sources")
def test_what_is_made_asks_for_nothing(sources: Path) -> None:
    (sources / "static" / "dist" / "app.js").write_text("bundle")
    (sources / "assets" / "node_modules").mkdir()
    (sources / "assets" / "node_modules" / "other.js").write_text("package")
    assert assets.is_current()


def test_the_wheel_brings_node_where_the_system_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KARIZ_FORCE_WHEEL_NODE", "1")
    node, npm = assets.find_node()
    assert node.exists()
    assert assets.is_new_enough(str(node))
    assert Path(npm[1]).exists()
