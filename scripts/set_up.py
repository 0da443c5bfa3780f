"""Make the virtual environment and install what requirements.txt pins.  python3 scripts/set_up.py FOLDER STAMP

Called by make with any Python 3.11+, before anything is installed. STAMP is the file that says it is done.
"""

import fcntl
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements.txt"


def main(folder: Path, stamp: Path) -> int:
    """0 when everything is installed in the end."""
    # Another make may be at it in this very moment.
    with REQUIREMENTS.open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if stamp.exists():
            return 0
        python = folder / "bin" / "python"
        if not python.exists():
            print(f"set-up: making {folder} with Python {sys.version.split()[0]} ...", flush=True)
            try:
                venv.create(folder, with_pip=True)
            except subprocess.CalledProcessError:
                # Debian and Ubuntu ship that part of Python as a package of its own.
                print("set-up: this Python cannot make virtual environments; apt install python3-venv", file=sys.stderr)
                return 1
        print("set-up: installing what requirements.txt pins ...", flush=True)
        if not (install_with_uv(python) or install_with_pip(python)):
            print("set-up: not everything could be installed; see above.", file=sys.stderr)
            return 1
        for old in folder.glob(f"{stamp.name.rpartition('-')[0]}-*"):
            old.unlink()
        stamp.touch()
    return 0


def install_with_uv(python: Path) -> bool:
    """uv is only the installer: 4 s instead of 40 s for the same file. False where it cannot be had."""
    uv = python.with_name("uv")
    if not uv.exists() and not run(python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "uv"):
        return False
    return run(uv, "pip", "install", "-q", "--python", python, "--require-hashes", "-r", REQUIREMENTS)


def install_with_pip(python: Path) -> bool:
    """The same by pip, which every Python has."""
    options = ["-q", "--disable-pip-version-check", "--require-hashes"]
    return run(python, "-m", "pip", "install", *options, "-r", REQUIREMENTS)


def run(*command: str | Path) -> bool:
    """Whether a command worked."""
    return subprocess.run([str(word) for word in command], check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
