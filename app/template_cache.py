"""Compiled templates, kept from one start to the next beside the compiled modules of Python.

Compiling the pages takes a second, reading them back takes a moment.
"""

import contextlib
import hashlib
import sys
from pathlib import Path

from jinja2.bccache import Bucket, FileSystemBytecodeCache

from app.config import ROOT


class TemplateCache(FileSystemBytecodeCache):
    """What a template was compiled to, for this text of it and this code.

    The code counts because a filter of a constant is worked out when the template is compiled.
    """

    def __init__(self, instance: Path) -> None:
        folder = (Path(sys.pycache_prefix) if sys.pycache_prefix else instance) / "compiled-templates"
        with contextlib.suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        super().__init__(str(folder), "%s")
        self.code = code_mark()

    def get_source_checksum(self, source: str) -> str:
        """The mark under which the text is kept."""
        return hashlib.sha256(f"{self.code} {source}".encode()).hexdigest()

    def load_bytecode(self, bucket: Bucket) -> None:
        """Read what is kept; where nothing can be read the template is compiled."""
        with contextlib.suppress(OSError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it; where nothing can be written it is compiled again at the next start."""
        with contextlib.suppress(OSError):
            super().dump_bytecode(bucket)


def code_mark() -> str:
    """Changes when a module of the application is written."""
    files = (path for package in sorted(ROOT.glob("*/__init__.py")) for path in sorted(package.parent.rglob("*.py")))
    seen = [f"{path} {found.st_mtime_ns} {found.st_size}" for path in files for found in [path.stat()]]
    return hashlib.sha256("\n".join(seen).encode()).hexdigest()
