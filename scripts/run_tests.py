"""All tests, part by part, with one closing line.

python scripts/run_tests.py [--long] [--only PART] [pytest arguments]

js       state of the pages, by Node                    sqlite   everything but browser tests, on SQLite
browser  people at work in a real browser               servers  tests marked `servers` again on PostgreSQL and Redis
--long   the tests marked `long` instead of all others. With pytest arguments the part js is left out.
"""

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from scripts.assets import find_node  # noqa: E402
from scripts.servers import ServerMissing, leave_on_signal, running  # noqa: E402

PARTS = ("js", "sqlite", "browser", "servers")
SELECTED = {"sqlite": "not browser", "browser": "browser", "servers": "servers and not browser"}
WORKERS = 2
PYTEST_FOUND_NOTHING = 5


@dataclass
class Tally:
    """How a part ended."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self) -> str:
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"


def main(arguments: Sequence[str]) -> int:
    """0 when every part passed and at least one test ran."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--long", action="store_true", help="the tests that take minutes")
    parser.add_argument("--only", choices=PARTS, help="one part")
    chosen, rest = parser.parse_known_args(arguments)
    signal.signal(signal.SIGTERM, leave_on_signal)
    total, ends = Tally(), []
    for part in [chosen.only] if chosen.only else PARTS:
        if part == "js" and (rest or chosen.long):
            continue
        print(f"\n== {part}", flush=True)
        tally = run_part(part, rest, chosen.long)
        ends.append(f"{part:8} {tally}")
        total += tally
    print("", *ends, "", total, sep="\n", flush=True)
    return 0 if total.passed and not total.failed else 1


def run_part(part: str, rest: Sequence[str], is_long: bool) -> Tally:
    """Run one part to its end and count."""
    with tempfile.TemporaryDirectory(prefix="kariz-tests-") as folder:
        report = Path(folder) / "report.xml"
        if part == "js":
            return run(javascript(report), report, {})
        try:
            with servers(part) as addresses:
                return run(pytest(part, rest, is_long, report), report, addresses)
        except ServerMissing as error:
            print(error, file=sys.stderr)
            return Tally(failed=1)


def pytest(part: str, rest: Sequence[str], is_long: bool, report: Path) -> list[str]:
    """The command of a part."""
    selected = f"({SELECTED[part]}) and {'long' if is_long else 'not long'}"
    return [sys.executable, "-m", "pytest", "-m", selected, "-n", str(WORKERS), f"--junitxml={report}", *rest]


def javascript(report: Path) -> list[str]:
    """The command that runs tests/js; Node takes the files and has no need of a page."""
    node, _npm = find_node()
    reporters = ["--test-reporter=spec", "--test-reporter-destination=stdout"]
    reporters += ["--test-reporter=junit", f"--test-reporter-destination={report}"]
    files = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "tests" / "js").rglob("*.test.*js"))
    return [str(node), "--test", *reporters, *files]


@contextlib.contextmanager
def servers(part: str) -> Iterator[dict[str, str]]:
    """The environment of a part; PostgreSQL and Redis run as long as it needs them."""
    if part != "servers":
        yield {}
        return
    with running() as found:
        yield {
            "KARIZ_TEST_SERVERS": "1",
            "KARIZ_TEST_DATABASE_URL": found.database_url,
            "KARIZ_TEST_REDIS_URL": found.redis_url,
        }


def run(command: list[str], report: Path, addresses: dict[str, str]) -> Tally:
    """Run, count from the report; a run that fails without a failed test counts as one failure."""
    code = subprocess.run(command, cwd=ROOT, env={**os.environ, **addresses}, check=False).returncode
    tally = count(report) if report.exists() else Tally()
    if code not in {0, PYTEST_FOUND_NOTHING} and not tally.failed:
        tally.failed = 1
    return tally


def count(report: Path) -> Tally:
    """Passed, failed and skipped tests of a JUnit file."""
    tally = Tally()
    for case in ET.parse(report).getroot().iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            tally.failed += 1
        elif case.find("skipped") is not None:
            tally.skipped += 1
        else:
            tally.passed += 1
    return tally


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
