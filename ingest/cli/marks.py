"""`ingest rules marks`: what was marked in `ingest review`, as rules and samples."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from ingest.cli.options import printable, rule_folders
from ingest.rules import load_rules


def register(rules_app: typer.Typer) -> None:
    rules_app.command(name="marks")(marks)


def marks(
    out: Annotated[Path, typer.Argument(help="The dataset's folder.", metavar="OUT")],
    site: Annotated[str | None, typer.Option(metavar="SITE", help="Only this site's marks.")] = None,
    rules: Annotated[
        list[Path] | None,
        typer.Option("--rules", metavar="DIR", help="A folder of rule files laid over the bundled ones."),
    ] = None,
) -> None:
    """Print the marks made in `ingest review` as rules that would mend them, and as samples to test those with.

    Exit codes:

    - 0 printed, or there are no marks
    - 1 there is no dataset in OUT, or a line of its marks is broken; the others are printed
    - 2 wrong usage or bad rules
    """
    from ingest.marks import read_marks
    from ingest.marks.whole import write_marks

    rulebook = load_rules(*rule_folders(rules))
    found, broken = read_marks(out)
    wanted = [mark for mark in found if site is None or mark.site == site]
    for line in write_marks(out, wanted, rulebook):
        print(printable(line) if line.startswith("#") else line)
    for sentence in broken:
        print(printable(sentence), file=sys.stderr)
    if broken:
        raise typer.Exit(1)
