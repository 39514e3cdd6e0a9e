"""`ingest rules coverage`: which site to write rules for first."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ingest.cli.options import printable, rule_folders
from ingest.coverage import Coverage, SiteCoverage, measure
from ingest.rules import load_rules


def register(rules_app: typer.Typer) -> None:
    rules_app.command()(coverage)


def coverage(
    path: Annotated[
        str, typer.Argument(metavar="OUT|FOLDER", help="A dataset, or a folder of pages to clean for this.")
    ],
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many sites to list.")] = 20,
    rules: Annotated[
        list[Path] | None,
        typer.Option("--rules", metavar="DIR", help="A folder of rule files laid over the bundled ones."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """List the sites without rules, first those whose bodies hold most lines that look like furniture.

    A dataset is judged as it was cleaned; the pages of a folder are cleaned now, in memory.

    Exit codes:

    - 0 done
    - 1 the dataset cannot be read
    - 2 wrong usage or bad rules
    """
    found = measure(path, load_rules(*rule_folders(rules)))
    shown = msgspec.structs.replace(found, sites=found.sites[:limit])
    if as_json:
        print(msgspec.json.format(msgspec.json.encode(shown)).decode())
    else:
        _show(shown, len(found.sites), Console(highlight=False))


def _show(found: Coverage, sites: int, console: Console) -> None:
    if found.sites:
        console.print(_table(found.sites))
        for site in found.sites:
            print(printable(site.draft))
        console.print()
    ruled = f"{found.pages_with_rules:,} of {found.pages:,} pages have rules"
    nowhere = f"; {found.pages_without_site:,} belong to no known site" if found.pages_without_site else ""
    console.print(f"{ruled}{nowhere}. {sites:,} sites have none.", markup=False)


def _table(sites: tuple[SiteCoverage, ...]) -> Table:
    table = Table(show_edge=False)
    for name in ("write first", "pages", "words", "lines a page", "such as"):
        table.add_column(name, overflow="fold")
    for column in table.columns[1:4]:
        column.justify = "right"
    for site in sites:
        examples = [
            f"{example.text} ({example.kind or 'recurs'}, {example.pages})" for example in site.examples
        ]
        table.add_row(
            Text(printable(site.site)),
            f"{site.pages:,}",
            f"{site.median_words:,}",
            f"{site.suspicious_per_page:.1f}",
            Text("\n".join(map(printable, examples))),
        )
    return table
