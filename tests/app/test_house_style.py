"""What STYLE asks of every file, where a reader's eye would tire."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = (
    *("app", "contacts", "pipelines", "knowledge", "cards", "orders"),
    *("automation", "channels", "assist", "reports", "imports", "portal", "demo", "bench", "scripts"),
)
LONGEST_MODULE = 300
LONGEST_FUNCTION = 40

PHYSICAL = re.compile(r"(?<![\w-])(?:[a-z]+-)*(?:left|right)(?:-[a-z]+)*(?![\w-])")
CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# CSS has no word for the start of a gradient.
GRADIENT = re.compile(r"gradient\(to (?:left|right)")
DECLARATION = re.compile(r"([\w-]+)\s*:\s*([^;{}]+)[;}]")
TEMPLATE_COMMENT = re.compile(r"\{#.*?#\}|<!--.*?-->", re.DOTALL)
INLINE_STYLE = re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE)
INLINE_HANDLER = re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE)
STYLE_FROM_SCRIPT = re.compile(r"setAttribute\(\s*['\"]style['\"]|<[a-z][^>`]*\sstyle=")
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)(?![^>]*application/json)", re.IGNORECASE)
NAMELESS_SCRIPT = re.compile(r"<script(?=[^>]*\ssrc=)(?![^>]*\snonce=\"\{\{ nonce\(\) \}\}\")", re.IGNORECASE)


def files(suffix: str, *folders: str) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob(f"*{suffix}")):
            if not {"dist", "node_modules", "versions"} & set(path.parts):
                yield path


def where(path: Path, text: str, position: int) -> str:
    return f"{path.relative_to(ROOT)}:{text.count(chr(10), 0, position) + 1}"


def blanked(pattern: re.Pattern[str], text: str) -> str:
    """The text with every match replaced by its line ends, so that line numbers stay."""
    return pattern.sub(lambda found: "\n" * found[0].count("\n"), text)


def test_no_module_is_longer_than_a_reader_keeps_in_mind() -> None:
    every = [
        *files(".py", *PACKAGES, "tests", "migrations"),
        *files(".js", "static", "assets"),
        *files(".mjs", "tests", "assets"),
        *files(".css", "static"),
        *files(".html", "templates"),
    ]
    lengths = {path: len(path.read_text().splitlines()) for path in every}
    assert [f"{path.relative_to(ROOT)}: {n} lines" for path, n in lengths.items() if n > LONGEST_MODULE] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_functions_stay_short(package: str) -> None:
    long = []
    for path in files(".py", package):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    long.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {length} lines")
    assert long == []


def test_styles_know_start_and_end_only() -> None:
    """Left and right would be wrong in one of the two directions."""
    found = []
    for path in files(".css", "static"):
        text = blanked(CSS_COMMENT, path.read_text())
        found += [
            f"{where(path, text, declaration.start())} {declaration[0]}"
            for declaration in DECLARATION.finditer(text)
            if PHYSICAL.search(f"{declaration[1]}: {GRADIENT.sub('', declaration[2])}")
        ]
    assert found == []


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        (INLINE_STYLE, "the content security policy takes no style attribute"),
        (INLINE_HANDLER, "the content security policy takes no inline handler"),
        (INLINE_SCRIPT, "the content security policy takes no inline script"),
        (NAMELESS_SCRIPT, "the content security policy takes scripts with the answer's nonce only"),
    ],
    ids=["style", "handler", "script", "nonce"],
)
def test_pages_hold_nothing_that_the_browser_would_refuse(pattern: re.Pattern[str], reason: str) -> None:
    found = []
    for path in files(".html", "templates"):
        text = blanked(TEMPLATE_COMMENT, path.read_text())
        found += [f"{where(path, text, match.start())} {reason}" for match in pattern.finditer(text)]
    assert found == []


def test_scripts_set_no_style_attribute() -> None:
    """`element.style.setProperty` is allowed by the policy; a style attribute in markup is not."""
    found = []
    for path in files(".js", "static/js"):
        text = path.read_text()
        found += [where(path, text, match.start()) for match in STYLE_FROM_SCRIPT.finditer(text)]
    assert found == []


def test_trial_data_is_named_by_the_environment_only() -> None:
    """The folder beside the project is known to one script, which tells the tests by KARIZ_TRIAL_DATA."""
    outside = "/".join(["..", "shared"])
    product = [*files(".py", *PACKAGES, "tests"), *files(".md", "docs"), *ROOT.glob("*.*"), ROOT / "Makefile"]
    assert [path.name for path in product if path.is_file() and outside in path.read_text(errors="replace")] == []


def test_forms_refuse_by_validation_errors() -> None:
    """WTForms lets any other error of a `validate_<field>` through, and people get a 500 for what they typed."""
    found = []
    for path in files(".py", *PACKAGES):
        for method in ast.walk(ast.parse(path.read_text())):
            if not isinstance(method, ast.FunctionDef) or not method.name.startswith("validate_"):
                continue
            found += [
                f"{where(path, path.read_text(), 0)} {method.name}"
                for node in ast.walk(method)
                if isinstance(node, ast.Raise) and "ValueError" in ast.dump(node)
            ]
    assert found == []
