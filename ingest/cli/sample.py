"""`ingest rules sample`: a real page made into one that can be shared."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.text import Text

from ingest.anonymise import Report, make_sample
from ingest.cli.options import printable, rule_folders
from ingest.errors import UsageError
from ingest.records import Reject
from ingest.rules import load_rules
from ingest.sources import find_source, read_source


def register(rules_app: typer.Typer) -> None:
    rules_app.command(name="sample")(sample)


def sample(
    page: Annotated[str, typer.Argument(metavar="PAGE", help="A page, HTML or text.")],
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="Where the sample goes, in a folder of its site.")
    ] = Path("samples"),
    site: Annotated[
        str | None, typer.Option(metavar="SITE", help="The folder's name, when not the page's site.")
    ] = None,
    name: Annotated[str | None, typer.Option(metavar="NAME", help="What to call the sample.")] = None,
    seed: Annotated[int, typer.Option(metavar="N", help="Another number gives other words and days.")] = 0,
    url: Annotated[
        str | None, typer.Option(metavar="URL", help="The page's address, when it does not say it itself.")
    ] = None,
    rules: Annotated[
        list[Path] | None,
        typer.Option(metavar="DIR", help="A folder of rule files laid over the bundled ones."),
    ] = None,
) -> None:
    """Write a page in other words: its structure and furniture stay, the publisher's text does not.

    Exit codes:

    - 0 the sample is treated as the page is
    - 1 it is not, or some of the page's words are left in it; both are printed
    - 2 wrong usage or bad rules
    """
    for given, option in ((site, "--site"), (name, "--name")):
        if given is not None and (not given or given in (".", "..") or "/" in given or "\\" in given):
            raise UsageError(f"{option} is the name of a folder, not a path: {given!r}.")
    raw = read_source(find_source(page))
    if isinstance(raw, Reject):
        raise UsageError(f"{page} cannot be read: {raw.detail}.")
    raw = msgspec.structs.replace(raw, url=url or raw.url)
    report = make_sample(raw, load_rules(*rule_folders(rules)), out, seed, site=site, name=name)
    print_report(report, Console(highlight=False, soft_wrap=True))
    if report.differences or report.leaks:
        raise typer.Exit(1)


def print_report(report: Report, console: Console) -> None:
    """Where a sample is, and what is wrong with it."""
    console.print(
        Text(f"written: {report.folder} ({report.bytes:,} bytes, dates moved by {report.days} days)")
    )
    for difference in report.differences:
        console.print(Text(f"  differs: {printable(difference)}", style="yellow"))
    for leak in report.leaks:
        console.print(Text(f"  left of the page: {printable(leak)}", style="red"))
    if report.leaks:
        console.print(Text("Read the sample before you share it.", style="red"))
