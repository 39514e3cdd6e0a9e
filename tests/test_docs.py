"""The documentation against the program: commands, options, columns, keys, words, links, and examples that run."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import typer
import yaml

import ingest
from ingest import strip
from ingest.chunk import Limits
from ingest.cli.main import make_app
from ingest.decode import MAX_PAGE_BYTES
from ingest.describe.found import Origin
from ingest.errors import Mistake
from ingest.html import MAX_DEPTH
from ingest.records import KINDS, REASONS, Access, BlockKind, Method
from ingest.rules import model
from ingest.rules.loader import load_file
from ingest.schema import BLOCK, IMAGE, RECORDS, REJECTS, REMOVAL
from ingest.summary import RunSummary

ROOT = Path(__file__).parents[1]
PAGES = [
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "benchmarks/README.md")),
    *sorted((ROOT / "docs").glob("*.md")),
]
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]
CLI = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
DATASET = (ROOT / "docs" / "dataset.md").read_text(encoding="utf-8")
RULES = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")

ARTICLE = """<!doctype html><html lang="en"><head><title>Bridge opens early</title>
<link rel="canonical" href="https://example.org/bridge"></head><body><article><h1>Bridge opens early</h1>
<p>The mayor opened the new bridge on Monday at noon, three weeks before anybody had expected it.</p>
<p>Share this article</p>
<p>The old bridge, which had stood for ninety years, is to be taken down stone by stone in spring.</p>
</article></body></html>"""


def section(page: str, heading: str) -> str:
    """What stands under a heading, up to the next one of its level or above."""
    level = len(heading) - len(heading.lstrip("#"))
    _, found, rest = page.partition(f"\n{heading}\n")
    assert found, f"there is no heading {heading!r}"
    return re.split(rf"\n#{{1,{level}}} ", rest)[0]


def first_cells(text: str) -> list[str]:
    """The first cell of each row of the tables in a text, without the headings."""
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    return [re.split(r"(?<!\\)\|", row)[1].strip() for row in rows]


def quoted(text: str) -> set[str]:
    """The words in back-ticks."""
    return set(re.findall(r"`([^`]+)`", text))


# -- the command ---------------------------------------------------------------------------------------------


def commands(command: Any, name: str = "ingest") -> Iterator[tuple[str, Any]]:
    """Every command that does something, with its full name."""
    inner = getattr(command, "commands", None)
    if inner is None:
        yield name, command
        return
    for child, below in inner.items():
        yield from commands(below, f"{name} {child}")


COMMANDS = dict(commands(typer.main.get_command(make_app())))


def test_every_command_has_its_section_and_no_other():
    assert re.findall(r"^## (.+)$", CLI, re.MULTILINE) == list(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_documented_and_no_other(name):
    rows = [cell for cell in first_cells(section(CLI, f"## {name}")) if cell.startswith("`-")]
    documented = {word for cell in rows for word in re.findall(r"`(--?[\w-]+)", cell)}
    options = [parameter for parameter in COMMANDS[name].params if parameter.param_type_name == "option"]
    assert documented == {word for option in options for word in option.opts} - {"--help"}


@pytest.mark.parametrize("name", COMMANDS)
def test_the_usage_line_names_everything(name):
    text = section(CLI, f"## {name}")
    usage = " ".join(text.strip("\n").split("\n\n")[0].split())
    assert usage.startswith(name)
    for parameter in COMMANDS[name].params:
        if parameter.param_type_name == "option" and parameter.opts != ["--help"]:
            assert parameter.opts[0] in usage
        elif parameter.param_type_name == "argument":
            assert (parameter.metavar or parameter.name).split("|")[0].rstrip(".") in usage


@pytest.mark.parametrize("name", COMMANDS)
def test_exit_codes_are_those_of_the_help(name):
    documented = {int(cell) for cell in first_cells(section(CLI, f"## {name}")) if cell.isdigit()}
    assert 0 in documented
    said = re.search(r"Exit codes:(.*)", COMMANDS[name].help or "", re.DOTALL)
    if said:
        assert documented == {int(code) for code in re.findall(r"(?:^|- |\n)\s*(\d+) ", said[1])}


def test_the_readme_names_every_command():
    table = section((ROOT / "README.md").read_text(encoding="utf-8"), "## Commands")
    assert re.findall(r"^\| `(ingest (?:rules )?(?:import )?[a-z-]+)", table, re.MULTILINE) == list(COMMANDS)


# -- the dataset ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("heading", "schema"), [("## Records", RECORDS), ("## Rejects", REJECTS)])
def test_every_column_is_documented_in_order(heading, schema):
    cells = [cell.strip("`") for cell in first_cells(section(DATASET, heading)) if cell.startswith("`")]
    columns = [cell for cell in cells if cell not in REASONS]
    assert columns == schema.names


@pytest.mark.parametrize(("name", "struct"), [("blocks", BLOCK), ("images", IMAGE), ("removals", REMOVAL)])
def test_nested_columns_are_documented(name, struct):
    line = next(line for line in DATASET.splitlines() if line.startswith(f"**`{name}`**"))
    assert re.findall(r"`(\w+)` (\w+)", line.split(":", 1)[1]) == [
        (f.name, str(f.type)) for f in struct.fields
    ]


def test_every_reason_kind_and_method_is_documented():
    assert [cell.strip("`") for cell in first_cells(section(DATASET, "## Rejects"))][-len(REASONS) :] == list(
        REASONS
    )
    words = quoted(section(DATASET, "## Words used"))
    assert set(KINDS) | set(msgspec.json.schema(Method)["enum"]) <= words
    assert {
        cell.strip("`") for cell in first_cells(section(RULES, "## Kinds")) if cell.startswith("`")
    } == set(KINDS)


def test_every_kind_of_block_access_and_origin_is_documented():
    nested = [
        cell.strip("`") for cell in first_cells(section(DATASET, "## Nested columns")) if cell.startswith("`")
    ]
    assert set(nested) == set(msgspec.json.schema(BlockKind)["enum"])
    assert set(msgspec.json.schema(Access)["enum"]) <= quoted(section(DATASET, "## Which source wins"))
    assert set(msgspec.json.schema(Origin)["enum"]) <= quoted(section(DATASET, "## Words used"))


FLAG = re.compile(r"""\("([a-z_]+)",\)|\(\*[\w.]+, "([a-z_]+)"\)|f"(guarded:)""")
"""A word in a tuple of its own or at the end of another: so flags are given."""


def flags_in_the_code() -> set[str]:
    package = ROOT / "ingest"
    files = [package / name for name in ("decode.py", "html.py", "plain.py")] + [
        *(package / "extract").glob("*.py")
    ]
    lines = [line for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    given = [line for line in lines if re.search("flags|notes|else \\(\\)", line)]
    return {"".join(words) for line in given for words in FLAG.findall(line)}


def test_every_flag_is_documented():
    table = section(DATASET, "## Words used").split("**Flags**")[1].split("**Origins**")[0]
    documented = {
        cell.strip("`").replace("<rule>", "") for cell in first_cells(table) if cell.startswith("`")
    }
    assert documented == flags_in_the_code()


def test_limits_are_as_written():
    text = section(DATASET, "## Rejects")
    assert f"More than {MAX_DEPTH:,} elements" in text
    assert f"larger than {MAX_PAGE_BYTES >> 20} MiB" in text
    limits = Limits()
    assert f"{limits.cpu_seconds:g} s of CPU time, or more than {limits.wall_seconds:g} s" in text
    assert limits.page_bytes == MAX_PAGE_BYTES


def test_every_key_of_a_run_summary_is_documented():
    documented = quoted(" ".join(first_cells(section(DATASET, "## Run summaries"))))
    assert documented == {*RunSummary.__struct_fields__, "pages_per_second", "reject_rate"}


# -- rule files ----------------------------------------------------------------------------------------------

KEYS = {
    "## The file of a site": (model.SiteFile,),
    "## Strip rules": (model.Strip,),
}


@pytest.mark.parametrize("heading", KEYS)
def test_tables_of_keys_are_complete(heading):
    cells = {cell.strip("`") for cell in first_cells(section(RULES, heading)) if cell.startswith("`")}
    assert cells == {name for kind in KEYS[heading] for name in kind.__struct_encode_fields__}


@pytest.mark.parametrize(
    ("heading", "kinds"),
    [
        ("## Layouts", (model.Layout, model.When, model.Drop, model.Pick)),
        ("## Describe: fields of text pages", (model.Describe, model.LinePick)),
        ("## Recognise: pages without an address", (model.Recognise,)),
        ("## Refuse: pages that are no article", (model.Refuse,)),
        ("## Packs", (model.PackFile,)),
    ],
)
def test_every_key_is_named_in_its_section(heading, kinds):
    text = section(RULES, heading)
    for kind in kinds:
        for key in kind.__struct_encode_fields__:
            assert re.search(rf"`{key}`|\b{key}: ", text), f"`{key}` is not in {heading!r}"


@pytest.mark.parametrize(
    "page", [page for page in PAGES if "```yaml" in page.read_text()], ids=lambda p: p.name
)
def test_examples_of_rules_are_without_mistakes(page):
    for text in blocks(page, "yaml"):
        keys = yaml.safe_load(text)
        if "pack" in keys:
            mistakes = load_file("<example>", text, model.PackFile).mistakes
        else:
            head = "" if "site" in keys else "site: example.org\nhosts: [example.org]\n"
            mistakes = load_file("<example>", head + text, model.SiteFile).mistakes
        assert mistakes == [], text
        packs = [
            name for name in keys.get("use", []) if not (ROOT / "rules" / "common" / f"{name}.yaml").exists()
        ]
        assert packs == []


def test_the_limits_of_the_guard_are_as_written():
    text = section(RULES, "## The guard")
    words = (strip.MIN_GUARDED_WORDS, strip.OPEN_RANGE_WORDS, strip.CLOSED_RANGE_WORDS, strip.MIN_PROSE_WORDS)
    for number in (*words, strip.PROSE_WORDS, 2 * strip.PROSE_WORDS):
        assert re.search(rf"\b{number}\b", text)
    assert f"{strip.RANGE_SHARE * 100:.0f} %" in text
    assert set(strip.WALL_KINDS) <= quoted(text)


# -- all pages -----------------------------------------------------------------------------------------------


def blocks(page: Path, language: str) -> list[str]:
    """The fenced blocks of a language, without the indent of a list they may stand in."""
    found = re.findall(
        rf"^( *)```{language}\n(.*?)^ *```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    return [re.sub(rf"^{indent}", "", text, flags=re.MULTILINE) for indent, text in found]


EXAMPLES = [
    (name, number, text)
    for page, name in zip(PAGES, NAMES, strict=True)
    for number, text in enumerate(blocks(page, "python"))
    if name != "docs/scale.md"  # tests/test_pipeline_steps.py runs those
]


@pytest.fixture(scope="module")
def workplace(tmp_path_factory):
    """A folder with what the examples speak of: pages in `scraped`, a dataset in `articles`."""
    folder = tmp_path_factory.mktemp("examples")
    (folder / "scraped").mkdir()
    (folder / "scraped" / "bridge.html").write_text(ARTICLE)
    (folder / "scraped" / "empty.html").write_text("")
    ingest.run([folder / "scraped"], out=folder / "articles", jobs=0)
    return folder


@pytest.mark.parametrize(("name", "number", "text"), EXAMPLES, ids=lambda value: str(value)[:20])
def test_examples_run(name, number, text, workplace, monkeypatch, capsys):
    needed = re.findall(r"^\s*import (duckdb|pandas)", text, re.MULTILINE)
    if missing := [module for module in needed if importlib.util.find_spec(module) is None]:
        pytest.skip(f"{missing[0]} is not installed")
    monkeypatch.chdir(workplace)
    exec(compile(text, f"{name}, example {number}", "exec"), {"__name__": "example"})
    assert capsys.readouterr().out


def test_there_are_examples_in_the_readme():
    assert sum(name == "README.md" for name, _, _ in EXAMPLES) >= 2


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if target.startswith(("http://", "https://")):
            continue
        path, _, anchor = target.partition("#")
        goal = (page.parent / path).resolve() if path else page
        assert goal.exists(), target
        if anchor:
            assert anchor in anchors(goal), target


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_command_in_the_pages_exists(page):
    text = page.read_text(encoding="utf-8")
    shown = re.findall(
        r"^(?: {4,}|\| `|.*\* \* )\s*ingest ((?:rules )?(?:import )?[\w-]+)([^\n`&|]*)", text, re.MULTILINE
    )
    for name, rest in shown:
        command = COMMANDS.get(f"ingest {name}")
        assert command or f"ingest {name}" == "ingest rules", f"ingest {name}"
        if command:
            known = {word for parameter in command.params for word in parameter.opts}
            assert set(re.findall(r"(?<=[ \[])--[\w-]+", rest)) <= known, rest


def test_design_names_tests_that_are_there():
    text = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(tests/[\w/]+\.py)`", text))
    assert named and not [name for name in named if not (ROOT / name).exists()]


def test_design_names_every_dependency():
    text = section(
        (ROOT / "docs" / "design.md").read_text(encoding="utf-8"), "## Dependencies, and why"
    ).lower()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = [re.split(r"[<>=~ \[]", line)[0].lower() for line in project["dependencies"]]
    assert not [
        name for name in names if f"| {name}" not in text and f", {name}" not in text and name not in text
    ]


def test_mistakes_look_as_the_pages_say():
    assert str(Mistake("a.yaml", 3, 1, "what is wrong")) == "a.yaml:3:1: what is wrong"
