"""Compare the strings of the code with the Persian catalogue.  python scripts/check_catalogue.py

Fails naming every string that is missing, fuzzy, obsolete, or translated with other placeholders than it has.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "_n": (1, 2)}
PLACEHOLDER = re.compile(r"%\((\w+)\)[#0\- +]*\d*(?:\.\d+)?[a-zA-Z]|\{(\w*)[^{}]*\}")


def main(root: Path = ROOT) -> int:
    """0 when the catalogue says all there is to say, and nothing else."""
    path = root / "translations" / "fa" / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        persian = read_po(file, locale="fa")
    source = extract(root)
    problems = list(compare(source, persian))
    for problem in problems:
        print(f"catalogue: {problem}", file=sys.stderr)
    print(f"catalogue: {len(source)} strings, {len(problems)} problems")
    return 1 if problems else 0


def extract(root: Path) -> Catalog:
    """The strings that code and templates ask for."""
    with (root / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    catalogue = Catalog()
    found = extract_from_dir(root, methods, options, KEYWORDS)
    for filename, line, message, _comments, context in found:
        catalogue.add(message, None, [(filename, line)], context=context)
    return catalogue


def compare(source: Catalog, translated: Catalog) -> Iterator[str]:
    """One sentence for each thing that is wrong."""
    for message in source:
        if not message.id:
            continue
        where = ", ".join(f"{name}:{line}" for name, line in message.locations[:2])
        translation = translated.get(message.id, message.context)
        if translation is None or not all(strings(translation)):
            yield f"missing: {first(message)!r} ({where})"
        elif translation.fuzzy:
            yield f"fuzzy: {first(message)!r} ({where})"
        else:
            yield from differences(message, translation)
    for message in translated:
        if message.id and source.get(message.id, message.context) is None:
            yield f"obsolete: {first(message)!r}"
    for message in translated.obsolete.values():
        yield f"obsolete: {first(message)!r}"


def differences(message: Message, translation: Message) -> Iterator[str]:
    """Placeholders that one side has and the other has not. A singular may leave its number out."""
    wanted = placeholders(message.id[-1] if isinstance(message.id, (tuple, list)) else message.id)
    for text in strings(translation):
        found = placeholders(text)
        optional = {"num", "n", "count"} if message.pluralizable else set()
        if found - wanted or wanted - found - optional:
            yield f"placeholders differ: {first(message)!r} -> {text!r}"


def placeholders(text: str) -> set[str]:
    """Names inside %(...)s and {...}."""
    return {name or brace for name, brace in PLACEHOLDER.findall(text.replace("%%", ""))}


def strings(message: Message) -> tuple[str, ...]:
    """The translated forms: one, or one for each plural."""
    return tuple(message.string) if isinstance(message.string, (tuple, list)) else (str(message.string or ""),)


def first(message: Message) -> str:
    """The source string, in the singular."""
    return str(message.id[0] if isinstance(message.id, (tuple, list)) else message.id)


if __name__ == "__main__":
    sys.exit(main())
