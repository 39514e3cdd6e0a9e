"""`ingest refresh`: rows whose rules or program have changed, made anew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ingest.cli.interrupts import exit_code_of
from ingest.cli.options import Exclude, Include, Wait, printable, rule_folders, settings_of
from ingest.cli.progress import show_progress
from ingest.preview import SiteChange, preview
from ingest.refresh import OTHER, Refresh, refresh
from ingest.sources.fields import parse_fields
from ingest.summary import RunSummary

KEPT = {
    "gone": "whose source is gone",
    "changed": "whose source has other bytes, or cannot be read",
    "failed": "whose page crashed or took too long",
    "address": "whose address only a manifest knows: give it with --manifest",
}
FIELDS_SHOWN = 6


def register(app: typer.Typer) -> None:
    app.command("refresh")(run_refresh)


def run_refresh(
    out: Annotated[str, typer.Argument(help="The dataset's folder or URI.", metavar="OUT")],
    site: Annotated[str | None, typer.Option(metavar="SITE", help="Only this site's rows.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
    rules: Annotated[
        list[Path] | None,
        typer.Option(
            help="A folder of rules laid over the bundled ones. May be repeated, the last is on top.",
            metavar="DIR",
        ),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(
            min=0,
            metavar="N",
            help="Worker processes, by default one a CPU. 0 works without protection from pages that crash.",
        ),
    ] = None,
    manifest: Annotated[
        Path | None, typer.Option(help="The manifest the pages were ingested with.", metavar="FILE")
    ] = None,
    fields: Annotated[
        str | None,
        typer.Option(help="The columns the pages were ingested with.", metavar="NAME=COLUMN,..."),
    ] = None,
    include: Include = None,
    exclude: Exclude = None,
    wait: Wait = 0,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")] = False,
) -> None:
    """Make the rows of OUT anew whose site's rules have changed, or that another version of the program made.

    Records, and rejects for which rules or program are the reason. Give the options that the pages were ingested with:
    rules, manifest, kinds of blocks. The sources are read again; a row whose source is gone or has changed stays.

    Exit codes:

    - 0 done
    - 1 failed; what is finished is kept
    - 2 wrong usage or bad rules; nothing was done
    - 75 a run is writing to OUT; nothing was done
    - 130 interrupted by Ctrl-C; what is finished is kept
    - 143 interrupted by SIGTERM; what is finished is kept
    """
    how = Refresh(
        site=site,
        rules=[str(folder.absolute()) for folder in rule_folders(rules)],
        settings=settings_of(include, exclude),
        jobs=jobs,
        manifest=manifest,
        fields=parse_fields(fields) if fields else None,
    )
    console = Console(highlight=False, quiet=quiet)
    try:
        with show_progress(Console(stderr=True, highlight=False, quiet=quiet), lambda: None) as advance:
            work: Callable[..., RunSummary | list[SiteChange]]
            work = preview if dry_run else partial(refresh, wait=wait)
            found = work(out, how, progress=advance)
    except KeyboardInterrupt as interrupt:
        console.print("Interrupted. What is finished is kept; the same command goes on from there.")
        raise typer.Exit(exit_code_of(interrupt)) from None
    if as_json:
        print(msgspec.json.format(msgspec.json.encode(found)).decode())
    elif isinstance(found, RunSummary):
        _show_summary(found, console)
    else:
        _show_changes(found, console)


def _show_summary(summary: RunSummary, console: Console) -> None:
    rejects = ", ".join(f"{number:,} {reason}" for reason, number in summary.rejects.items())
    console.print(f"{summary.records:,} records made anew", end="")
    console.print(f", and {sum(summary.rejects.values()):,} rejects ({rejects})." if rejects else ".")
    for table, number in summary.moved.items():
        console.print(f"{number:,} of these {table} were {OTHER[table]} before.")
    for reason, number in summary.kept.items():
        console.print(f"{number:,} stay as they were, {KEPT[reason]}.")


def _show_changes(changes: list[SiteChange], console: Console) -> None:
    if not changes:
        console.print("Nothing is due: rules and program are those the rows were made with.")
        return
    table = Table(show_edge=False)
    texts = ("table", "site", "fields that change")
    for name in (*texts[:2], "due", "looked at", "same", "move", "stay", "words", texts[2]):
        justify = "left" if name in texts else "right"
        table.add_column(name, justify=justify, overflow="fold")  # type: ignore[arg-type]
    for change in changes:
        fields = [f"{name} {number:,}" for name, number in change.changed.items()][:FIELDS_SHOWN]
        table.add_row(
            change.table,
            Text(printable(change.site or "(unknown)")),
            f"{change.due:,}",
            f"{change.looked_at:,}",
            f"{change.same:,}",
            f"{change.records + sum(change.rejects.values()):,}",
            f"{change.kept:,}",
            f"+{change.words_more:,} -{change.words_fewer:,}",
            Text(", ".join(fields)),
        )
    console.print(table)
    due = Counter[str]()
    for change in changes:
        due[change.table] += change.due
    sites, seen = len({change.site for change in changes}), sum(change.looked_at for change in changes)
    console.print(
        f"{due['records']:,} records and {due['rejects']:,} rejects of {sites:,} sites are due; "
        f"{seen:,} pages were cleaned for this, no row was written."
    )
