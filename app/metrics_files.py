"""Where the processes of one machine keep their figures, so that each can answer for all. No library is loaded here.

prometheus_client decides when it is imported whether several processes count together; so this comes first.
"""

import os
import re
from pathlib import Path

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
ROLES = ("web", "tasks")


def begin(folder: Path, role: str, *, is_first: bool = True) -> None:
    """Let this process, and what it forks, count in the folder of its role. The first one drops what the dead left."""
    own = folder / role
    own.mkdir(parents=True, exist_ok=True)
    os.environ[VARIABLE] = str(own)
    for file in own.glob("*.db") if is_first else ():
        if not _is_alive(file):
            file.unlink(missing_ok=True)


def forget_process(pid: int) -> None:
    """A process has ended: what it held is gone, what it counted stays."""
    own = os.environ.get(VARIABLE)
    for file in Path(own).glob(f"gauge_live*_{pid}.db") if own else ():
        file.unlink(missing_ok=True)


def _is_alive(file: Path) -> bool:
    pid = re.search(r"_(\d+)\.db$", file.name)
    return pid is not None and Path(f"/proc/{pid[1]}").exists()
