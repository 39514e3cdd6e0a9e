"""`ingest rules`: look at rule files, check them, and run their samples."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ingest.cli import coverage, draft, drift, marks, new, rules_import, sample
from ingest.cli.options import printable, rule_folders
from ingest.errors import UsageError
from ingest.rules import load_rules
from ingest.rules.schema import schema as format_schema
from ingest.samples import Difference, bundled_samples, compare, find_samples, write_expectation

rules_app = typer.Typer(help="Look at rule files, check them, run their samples.", no_args_is_help=True)

Folders = Annotated[
    list[Path] | None,
    typer.Option("--rules", metavar="DIR", help="A folder of rule files laid over the bundled ones."),
]


def register(app: typer.Typer) -> None:
    app.add_typer(rules_app, name="rules")
    for command in (new, draft, sample, drift, coverage, marks, rules_import):
        command.register(rules_app)


@rules_app.command(name="list")
def list_rules(rules: Folders = None) -> None:
    """Print the sites and packs there are rules for, and the file each comes from."""
    rulebook = load_rules(*rule_folders(rules))
    table = Table(box=None, padding=(0, 2, 0, 0))
    for column in ("site", "name", "language", "layouts", "strip rules", "packs", "file"):
        table.add_column(column, overflow="fold")
    for name, site in rulebook.sites.items():
        layouts = ", ".join(str(layout.id) for layout in site.layouts)
        counts = str(len(site.strip)), str(len(site.use))
        table.add_row(name, site.name or "", site.language or "", layouts, *counts, rulebook.files[name])
    for name, pack in rulebook.packs.items():
        table.add_row(
            f"common/{name}", pack.about, "", "", str(len(pack.strip)), "", rulebook.files[f"common/{name}"]
        )
    Console().print(table)


@rules_app.command()
def show(
    site: Annotated[
        str, typer.Argument(metavar="SITE", help="A site, a host of it, or a pack: common/share-bar.")
    ],
    rules: Folders = None,
) -> None:
    """Print the rule file of a site or pack, where it comes from, and the digest of its compiled rules."""
    rulebook = load_rules(*rule_folders(rules))
    name = site if site in rulebook.files else rulebook.site_of_host(site)
    if name is None:
        raise UsageError(f"There are no rules for {site!r}; `ingest rules list` prints what there is.")
    console = Console(highlight=False)
    console.print(Text(f"# {rulebook.files[name]}", style="dim"))
    if name in rulebook.sites:
        console.print(Text(f"# digest {rulebook.rules_for(name).digest}", style="dim"))
    print(Path(rulebook.files[name]).read_text(encoding="utf-8"), end="")


@rules_app.command()
def lint(
    folders: Annotated[
        list[Path] | None, typer.Argument(metavar="DIR", help="Folders laid over the bundled rules.")
    ] = None,
) -> None:
    """Report every mistake of every rule file, bundled ones included, as file:line:column.

    Exit codes:

    - 0 no mistakes
    - 2 mistakes
    """
    rulebook = load_rules(*rule_folders(folders))
    for site in (None, *rulebook.sites):
        rulebook.rules_for(site).match("")
    print(f"{len(rulebook.sites)} sites and {len(rulebook.packs)} packs: no mistakes.")


@rules_app.command()
def test(
    site: Annotated[str | None, typer.Argument(metavar="SITE", help="Only this site's samples.")] = None,
    samples: Annotated[
        Path | None, typer.Option(metavar="DIR", help="The folder of samples; by default the project's own.")
    ] = None,
    rules: Folders = None,
    update: Annotated[
        bool, typer.Option("--update", help="Show each new expectation, ask, and write it down.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="With --update: write without asking.")] = False,
) -> None:
    """Run every sample and print what differs from its expectation, field by field.

    Exit codes:

    - 0 all as expected
    - 1 differences
    - 2 wrong usage or bad rules
    """
    folder = samples or bundled_samples()
    if not folder.is_dir():
        raise UsageError(f"There is no folder of samples {str(folder)!r}; name one with --samples.")
    rulebook = load_rules(*rule_folders(rules))
    console = Console(highlight=False)
    count = failed = 0
    for case in find_samples(folder, site):
        count += 1
        if not (differences := compare(case, rulebook)):
            continue
        console.print(Text(case.name, style="bold"))
        for difference in differences:
            _print_difference(difference, console)
        if update and (yes or typer.confirm("Is this what should come out?")):
            console.print(f"written: {write_expectation(case, rulebook)}")
        else:
            failed += 1
    if count == 0:
        raise UsageError(f"There are no samples{f' of {site}' if site else ''} in {str(folder)!r}.")
    console.print(f"{count} samples, {failed} with differences.")
    if failed:
        raise typer.Exit(1)


def _print_difference(difference: Difference, console: Console) -> None:
    console.print(Text(f"  {difference.field}", style="bold"))
    expected, found = _lines(difference.expected), _lines(difference.found)
    for line in expected:
        if line not in found:
            console.print(Text(f"    - {printable(line)}", style="red"))
    for line in found:
        if line not in expected:
            console.print(Text(f"    + {printable(line)}", style="green"))
    if expected != found and sorted(expected) == sorted(found):
        console.print(Text("    the same lines in another order", style="yellow"))


def _lines(value: object) -> list[str]:
    if value is None:
        return []
    if isinstance(value, list):
        return [str(item) for item in value]
    return [line for line in str(value).split("\n") if line.strip()]


@rules_app.command()
def schema(
    pack: Annotated[
        bool, typer.Option("--pack", help="The format of packs instead of that of sites.")
    ] = False,
) -> None:
    """Print the JSON Schema of the rule-file format, for editors that complete and check YAML."""
    print(json.dumps(format_schema(pack=pack), indent=2))
