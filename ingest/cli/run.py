"""`ingest run`: pages in, dataset out, a table of what happened."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from ingest import runner
from ingest.cli.options import Exclude, Include, rule_folders, settings_of
from ingest.cli.progress import show_progress
from ingest.sources import find_sources
from ingest.summary import RunSummary

EXIT_TOO_MANY_REJECTS = 3
EXIT_INTERRUPTED = 130


def register(app: typer.Typer) -> None:
    app.command()(run)


def run(
    src: Annotated[list[Path], typer.Argument(help="Files, and folders to search.", metavar="SRC")],
    out: Annotated[Path, typer.Option(help="The dataset's folder, made if it is not there.", metavar="DIR")],
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
        Path | None,
        typer.Option(help="CSV or JSONL: path, url, fetched_at, content_type.", metavar="FILE"),
    ] = None,
    max_reject_rate: Annotated[
        float | None,
        typer.Option(
            min=0,
            max=1,
            metavar="X",
            help="End with code 3 if more of the new pages are rejects (0.05 is 5 %).",
        ),
    ] = None,
    include: Include = None,
    exclude: Exclude = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")] = False,
) -> None:
    """Clean every page under SRC into the dataset --out.

    Pages are files named .html, .htm, .xhtml or .txt, each also with .gz or .zst; a file given by name is read
    whatever its name. Pages that have a row in the dataset are skipped: the same command can run again and
    again, and completes what a killed run has left.

    INGEST_RULES names folders of rules, too, separated by colons; those of --rules lie over them.

    Exit codes:

    - 0 done
    - 1 failed; what is finished is kept
    - 2 wrong usage or bad rules; nothing was done
    - 3 done, but more rejects than --max-reject-rate
    - 130 interrupted; what is finished is kept
    """
    console = Console(stderr=True, highlight=False, quiet=quiet)
    try:
        with show_progress(console, lambda: sum(1 for _ in find_sources(src))) as advance:
            summary = runner.run(
                src,
                out=out,
                rules=rule_folders(rules),
                settings=settings_of(include, exclude),
                jobs=jobs,
                manifest=manifest,
                max_reject_rate=max_reject_rate,
                progress=advance,
            )
    except KeyboardInterrupt:
        console.print("Interrupted. What is finished is kept; the same command goes on from there.")
        raise typer.Exit(EXIT_INTERRUPTED) from None
    Console(highlight=False, quiet=quiet).print(summary_table(summary))
    if summary.too_many_rejects:
        console.print(
            f"{summary.reject_rate:.1%} of the new pages are rejects; --max-reject-rate allows {max_reject_rate:.1%}."
        )
        raise typer.Exit(EXIT_TOO_MANY_REJECTS)


def summary_table(summary: RunSummary) -> Table:
    """The run's counts, one a line."""
    table = Table("", "pages", title=f"run {summary.run_id}", title_justify="left", show_edge=False)
    table.columns[1].justify = "right"
    table.add_row("read", f"{summary.read:,}")
    table.add_row("  records", f"{summary.records:,}")
    table.add_row("  rejects", f"{sum(summary.rejects.values()):,}")
    _add_counts(table, summary.rejects)
    table.add_row("  skipped (have a row already)", f"{summary.skipped:,}")
    table.add_row("pages/s", f"{summary.pages_per_second:,.0f}", end_section=True)
    table.add_row("removed texts", f"{sum(summary.removals.values()):,}", end_section=not summary.removals)
    _add_counts(table, summary.removals)
    if summary.flags:
        table.add_row("flagged records", "")
        _add_counts(table, summary.flags)
    return table


def _add_counts(table: Table, counts: Mapping[str, int]) -> None:
    for name, number in counts.items():
        table.add_row(f"    {name}", f"{number:,}")
