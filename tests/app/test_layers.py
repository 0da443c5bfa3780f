"""Who may import whom: a package can be read knowing only those to its left."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Neighbours in one group stay apart.
LAYERS = (
    ("app",),
    ("contacts", "pipelines"),
    ("knowledge",),
    ("cards",),
    ("orders",),
    ("automation", "channels", "assist", "reports", "imports"),
    ("portal",),
)
RANK = {package: rank for rank, group in enumerate(LAYERS) for package in group}
# The command that serves fills an empty shop; nothing else knows the demo.
ALLOWED = {("app/server.py", "demo")}

# Inside a package. Other names (forms, errors, panels, ...) stand where they are needed.
ORDER = {"models": 0, "policies": 1, "queries": 1, "tasks": 2, "services": 3, "routes": 4, "sockets": 4}


def modules(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def imported(tree: ast.AST, path: Path) -> Iterator[str]:
    """Full names of imported modules and of what is taken from them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = path.relative_to(ROOT).parts[: -node.level]
                base = ".".join([*parts, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def top_level(tree: ast.Module) -> ast.Module:
    """The module without the bodies of its functions and without imports for the type checker."""

    class Outside(ast.NodeTransformer):
        def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
            return None

        def visit_If(self, node: ast.If) -> ast.AST | None:
            return None if "TYPE_CHECKING" in ast.dump(node.test) else self.generic_visit(node)

    shortened: ast.Module = Outside().visit(tree)
    return shortened


def role(name: str) -> int | None:
    """Place of a module in the order inside its package, by the first part of its name below the package."""
    parts = name.split(".")
    return ORDER.get(parts[1]) if len(parts) > 1 else None


@pytest.mark.parametrize("package", RANK)
def test_a_package_imports_leftwards_only(package: str) -> None:
    wrong = []
    for path in modules(package):
        where = path.relative_to(ROOT).as_posix()
        for name in imported(ast.parse(path.read_text()), path):
            other = name.split(".")[0]
            is_ours = other in RANK or other == "demo"
            if not is_ours or other == package or (where, other) in ALLOWED:
                continue
            if other == "demo" or RANK[other] >= RANK[package]:
                wrong.append(f"{where} imports {name}")
    assert wrong == []


@pytest.mark.parametrize("package", RANK)
def test_modules_of_a_package_import_downwards_only(package: str) -> None:
    """models < policies, queries < tasks < services < routes, sockets; a task imports its service in the function."""
    wrong = []
    for path in modules(package):
        dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        own = role(dotted)
        for name in imported(top_level(ast.parse(path.read_text())), path):
            other = role(name) if name.split(".")[0] == package else None
            if own is not None and other is not None and other > own:
                wrong.append(f"{dotted} imports {name}")
    assert wrong == []


def test_only_the_kernels_outbox_hands_work_to_celery() -> None:
    """Lease, retry and the unique key live in the outbox row, so nothing else may queue a task."""
    found = []
    for package in [*RANK, "demo"]:
        for path in modules(package):
            if path == ROOT / "app" / "outbox.py":
                continue
            found += [
                f"{path.relative_to(ROOT)}:{node.lineno} .{node.attr}"
                for node in ast.walk(ast.parse(path.read_text()))
                if isinstance(node, ast.Attribute) and node.attr in {"delay", "apply_async", "send_task"}
            ]
    assert found == []
