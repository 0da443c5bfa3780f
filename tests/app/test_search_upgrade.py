"""The upgrade that brings the search: what was written before it is found after it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.app.test_migrations import ROOT, empty_database  # noqa: F401  # a fixture


@pytest.mark.servers
def test_the_migration_fills_the_index_as_the_verbs_do(empty_database: str, tmp_path: Path) -> None:  # noqa: F811
    command = [sys.executable, "-m", "tests.app.search_upgrade", empty_database, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "differs:" not in done.stdout, done.stdout
    assert "lost: []" in done.stdout
    assert int(done.stdout.split("docs:")[1].split()[0]) > 15
