"""Which way imports point, and what the core may not touch: read from the source, not by importing."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "ingest"
FILES = sorted(PACKAGE.rglob("*.py"))

# From the bottom to the top; a module imports from its own layer and those below it.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("version", "errors", "records", "words", "labels", "settings", "digest", "data"),
    ("rules", "vocabulary", "suspicion"),
    (
        "decode",
        "envelope",
        "elements",
        "blocks",
        "walk",
        "settle",
        "text",
        "markdown_text",
        "structured",
        "normalise",
        "strip",
        "article",
        "describe",
        "extract",
        "cosmetic",
    ),
    ("html", "plain"),
    ("pipeline", "markdown", "trace"),
    ("filesystem", "manifest", "sources", "schema", "samples", "imports"),
    ("store", "swap", "rewrite", "ledger", "lock", "lease"),
    ("events", "chunk", "duplicates", "worker", "pool", "engines", "ray_engine", "summary", "runner", "api"),
)
TOOLS = len(LAYERS)
"""What is not named above: the command's tools. They may import everything but the command."""
COMMAND = TOOLS + 1
CORE = {name for names in LAYERS[:5] for name in names}


def layer(name: str) -> int:
    """The number of a part's layer, counted from the bottom."""
    if name in ("cli", "__main__"):
        return COMMAND
    return next((number for number, names in enumerate(LAYERS) if name in names), TOOLS)


NETWORK = (
    "socket",
    "ssl",
    "http",
    "urllib.request",
    "ftplib",
    "smtplib",
    "asyncio",
    "requests",
    "httpx",
    "aiohttp",
)
SOCKETS = {"review/serve.py": ("socket",), "ray_engine.py": ("socket",)}
"""What opens a socket: to be asked at this machine's loopback; to knock at the cluster that the user has named."""
IMPURE_MODULES = (
    "os",
    "random",
    "uuid",
    "time",
    "locale",
    "logging",
    "secrets",
    "subprocess",
    "tempfile",
    "threading",
)
CLOCKS = ("now", "utcnow", "today")


def part(path: Path) -> str:
    """The package's part a file belongs to: the name of its module or folder."""
    inside = path.relative_to(PACKAGE)
    return inside.parts[0].removesuffix(".py")


PARTS = {part(path) for path in FILES}


def imports(path: Path) -> Iterator[str]:
    """The full names of all modules a file imports, wherever in the file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def own_parts(path: Path) -> set[str]:
    """The parts of this package that a file imports."""
    names = [name.split(".") for name in imports(path) if name.startswith("ingest.")]
    return {name[1] for name in names} & PARTS


def show(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def test_the_layers_name_what_is_there():
    assert {name for names in LAYERS for name in names} <= PARTS


@pytest.mark.parametrize("path", [path for path in FILES if part(path) != "__init__"], ids=show)
def test_imports_point_downwards(path):
    above = {name for name in own_parts(path) if layer(name) > layer(part(path))}
    assert not above, f"{show(path)} imports {above}"


@pytest.mark.parametrize("path", [path for path in FILES if part(path) == "rules"], ids=show)
def test_rules_know_records_labels_and_errors_only(path):
    assert own_parts(path) <= {"rules", "records", "labels", "errors", "digest"}


@pytest.mark.parametrize("path", FILES, ids=show)
def test_nothing_reaches_for_the_network(path):
    allowed = SOCKETS.get(show(path), ())
    assert not [
        name
        for name in imports(path)
        if name not in allowed and (name in NETWORK or name.startswith(tuple(f"{n}." for n in NETWORK)))
    ]


@pytest.mark.parametrize("path", [path for path in FILES if part(path) in CORE], ids=show)
def test_the_core_has_no_clock_environment_chance_or_log(path):
    assert not [name for name in imports(path) if name.split(".")[0] in IMPURE_MODULES]
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    asked = [ast.unparse(call.func) for call in calls if ast.unparse(call.func).split(".")[-1] in CLOCKS]
    assert not asked


@pytest.mark.parametrize("path", [path for path in FILES if part(path) in CORE - {"rules"}], ids=show)
def test_the_core_opens_no_files_but_its_own_data(path):
    assert not {"pathlib", "io", "shutil"} & {name.split(".")[0] for name in imports(path)}
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    opened = {call for call in calls if call.split(".")[-1] in ("open", "read_bytes")}
    assert not {call for call in opened if not call.startswith("(files('ingest.data')")}


def test_types_are_shipped():
    assert (files("ingest") / "py.typed").is_file()
