"""What stands in deploy/ fits the application: names of variables, commands, ports, and what must not be open."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
# Read by the system around us, not by Kariz.
FOREIGN = {"POSTGRES_PASSWORD", "PYTHONUNBUFFERED", "MALLOC_ARENA_MAX", "PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "PATH",
           "PIP_NO_CACHE_DIR", "POSTGRES_USER", "POSTGRES_DB", "POSTGRES_INITDB_ARGS"}  # fmt: skip
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


@pytest.fixture(scope="module")
def known() -> set[str]:
    """Every variable that the application, its start script and its server read."""
    text = "".join(path.read_text() for folder in ("app", "channels") for path in (ROOT / folder).rglob("*.py"))
    read = set(re.findall(r'(?:env|environ)(?:\.get\(|\[)"([A-Z_]+)"', text))
    return read | {"VENV"} | FOREIGN


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return found


def test_the_example_of_the_environment_names_what_is_read(known: set[str]) -> None:
    lines = (DEPLOY / "kariz.env.example").read_text().splitlines()
    named = {found[1] for line in lines if (found := re.match(r"(?:# )?([A-Z_]+)=", line))}
    assert named <= known
    assert {"SECRET_KEY", "BASE_URL", "ALLOWED_HOSTS", "TRUSTED_PROXIES", "METRICS_TOKEN"} <= named


def test_compose_units_and_image_set_what_is_read(compose: dict[str, Any], known: set[str]) -> None:
    named = {name for service in compose["services"].values() for name in service.get("environment", {})}
    for unit in UNITS:
        for line in re.findall(r"^Environment=(.*)$", unit.read_text(), re.MULTILINE):
            named |= {word.partition("=")[0] for word in line.split()}
    image = (DEPLOY / "Dockerfile").read_text()
    for block in re.findall(r"^ENV ((?:.*\\\n)*.*)$", image, re.MULTILINE):
        named |= set(re.findall(r"([A-Z_]+)=", block))
    assert named <= known


def test_only_nginx_is_open_and_nothing_of_kariz_runs_as_root(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert [name for name, service in services.items() if service.get("ports")] == ["nginx"]
    for name in ("migrate", "web", "web2", "worker", "beat"):
        assert services[name]["read_only"]
        assert services[name]["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in services[name]["security_opt"]
    assert re.search(r"^USER kariz$", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)


def test_everything_waits_for_what_it_needs(compose: dict[str, Any]) -> None:
    services = compose["services"]
    for service in services.values():
        for other, wanted in service.get("depends_on", {}).items():
            assert other in services
            if wanted["condition"] == "service_healthy":
                # The image has its own question, unless a service asks another one.
                assert "healthcheck" in services[other] or other in {"web", "web2"}
    for name in ("web", "web2", "worker", "beat"):
        assert services[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    for name in set(services) - {"migrate"}:
        assert services[name]["restart"] == "unless-stopped"
    volumes = {mount.partition(":")[0] for service in services.values() for mount in service.get("volumes", [])}
    assert {name for name in volumes if not name.startswith(".")} <= set(compose["volumes"])


def test_mounted_and_copied_files_are_there(compose: dict[str, Any]) -> None:
    mounts = [mount.partition(":")[0] for mount in compose["services"]["nginx"]["volumes"]]
    assert [mount for mount in mounts if mount != "./secrets/tls" and not (DEPLOY / mount).exists()] == []
    copied = re.findall(r"^COPY (?!--from)(\S+) ", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
    assert [name for name in copied if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_units_are_closed_as_far_as_they_can_be(unit: Path) -> None:
    text = unit.read_text()
    for line in ("NoNewPrivileges=yes", "ProtectSystem=strict", "PrivateTmp=yes", "CapabilityBoundingSet=\n",
                 "User=kariz", "Restart=always"):  # fmt: skip
        assert line in text


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_understands_the_units(unit: Path, tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        assert unit.read_text().startswith("[Unit]\n")
        return
    there = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/sh", unit.read_text(), flags=re.MULTILINE)
    (tmp_path / unit.name).write_text(there)
    said = subprocess.run([program, "verify", tmp_path / unit.name], capture_output=True, text=True, check=False)
    assert [line for line in said.stderr.splitlines() if unit.name in line] == []


def test_nginx_passes_sockets_on_and_keeps_the_inside_inside() -> None:
    text = (DEPLOY / "nginx" / "kariz.conf").read_text()
    assert text.count("{") == text.count("}")
    sockets = text[text.index("location /socket.io/") :].split("}", 1)[0]
    for name in ("Host", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Upgrade", "Connection"):
        assert f"proxy_set_header {name} " in sockets
    for path in ("/metrics", "/readyz"):
        assert f"location = {path} {{ return 404; }}" in text
    assert "$proxy_add_x_forwarded_for" not in text
