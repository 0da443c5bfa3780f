"""Compile the translations that are newer than their compiled form.  python scripts/compile_catalogue.py"""

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent


def main(root: Path = ROOT) -> None:
    """Write messages.mo beside every messages.po that has changed."""
    for source in sorted((root / "translations").glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            compile_catalogue(source, target)
            print(f"catalogue: {source.relative_to(root)} compiled")


def compile_catalogue(source: Path, target: Path) -> None:
    """A reader never sees a half-written file."""
    with source.open("rb") as file:
        catalogue = read_po(file, locale=source.parent.parent.name)
    unfinished = target.with_suffix(f".{os.getpid()}")
    with unfinished.open("wb") as output:
        write_mo(output, catalogue)
    unfinished.replace(target)


if __name__ == "__main__":
    main()
