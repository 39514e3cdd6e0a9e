"""`ingest run`: pages in, dataset out, a table of what happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from ingest import runner
from ingest.cli.config import Config, Profile
from ingest.cli.interrupts import exit_code_of
from ingest.cli.log import JsonLog
from ingest.cli.options import Exclude, Include, Wait, print_error, rule_folders, settings_of
from ingest.cli.progress import Advance, show_progress
from ingest.engines import EngineName
from ingest.errors import IngestError, UsageError
from ingest.events import Event
from ingest.filesystem import locate
from ingest.sources import count_sources
from ingest.sources.fields import parse_fields
from ingest.summary import RunSummary


class LogFormat(StrEnum):
    TEXT = "text"
    JSON = "json"


EXIT_FAILED = 1
EXIT_TOO_MANY_REJECTS = 3

NOT_PAGES_SHOWN = 10
"""Kinds in the table; the summary has them all."""


def register(app: typer.Typer) -> None:
    app.command()(run)


def run(
    src: Annotated[
        list[str],
        typer.Argument(
            help="Files, folders, archives, tables and URIs; - for a list of them on standard input.",
            metavar="SRC",
        ),
    ],
    out: Annotated[
        str, typer.Option(help="The dataset's folder or URI, made if it is not there.", metavar="DIR")
    ],
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
    fields: Annotated[
        str | None,
        typer.Option(
            help="Columns of JSON lines and Parquet, by html, text, url, fetched_at, content_type, charset: "
            "html=content,url=link.",
            metavar="NAME=COLUMN,...",
        ),
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
    reread: Annotated[
        bool, typer.Option("--reread", help="Read also the files that look unchanged from outside.")
    ] = False,
    wait: Wait = 0,
    include: Include = None,
    exclude: Exclude = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")] = False,
    log_format: Annotated[
        LogFormat, typer.Option(help="What is said on the way: for people, or JSON lines for programs.")
    ] = LogFormat.TEXT,
    metrics: Annotated[
        Path | None,
        typer.Option(help="Write what the run did for Prometheus, also when it fails.", metavar="FILE"),
    ] = None,
    engine: Annotated[EngineName, typer.Option(help="Who does the work.")] = EngineName.LOCAL,
    address: Annotated[
        str | None, typer.Option(help="With --engine ray: the cluster's address.", metavar="ADDRESS")
    ] = None,
    config: Config = None,
    profile: Profile = None,
) -> None:
    """Clean every page under SRC into the dataset --out.

    Pages are files named .html, .htm, .xhtml, .txt, .md, .markdown, .mhtml or .mht, each also with .gz or .zst; a file
    given by name is read whatever its name. They may lie in folders and object stores (s3://, gs://), and in WARC,
    WET, zip and tar archives, or be the rows of JSON lines and Parquet. Pages that have a row in the dataset are
    skipped: the same command can run again and again, and completes what a killed run has left.

    INGEST_RULES names folders of rules, too, separated by colons; those of --rules lie over them.

    Exit codes:

    - 0 done
    - 1 failed; what is finished is kept
    - 2 wrong usage or bad rules; nothing was done
    - 3 done, but more rejects than --max-reject-rate
    - 75 another run is writing to --out; nothing was done
    - 130 interrupted by Ctrl-C; what is finished is kept
    - 143 interrupted by SIGTERM; what is finished is kept
    """
    if metrics and not metrics.parent.is_dir():
        raise UsageError(f"--metrics: there is no folder {str(metrics.parent)!r}.")
    voice = JsonLog(quiet=quiet) if log_format is LogFormat.JSON else Talk(quiet=quiet)
    ended: list[RunSummary] = []
    code = EXIT_FAILED

    def listen(event: Event | RunSummary) -> None:
        voice.listen(event)
        if isinstance(event, RunSummary):
            ended.append(event)

    try:
        with voice.running(lambda: count_sources(src, out)) as advance:
            summary = runner.run(
                src,
                out=out,
                wait=wait,
                rules=rule_folders(rules),
                settings=settings_of(include, exclude),
                jobs=jobs,
                manifest=manifest,
                fields=parse_fields(fields) if fields else None,
                max_reject_rate=max_reject_rate,
                progress=advance,
                engine=engine,
                address=address,
                listen=listen,
                reread=reread,
            )
        voice.finish(summary)
        code = EXIT_TOO_MANY_REJECTS if summary.too_many_rejects else 0
    except KeyboardInterrupt as interrupt:
        voice.interrupted()
        code = exit_code_of(interrupt)
    except IngestError as error:
        voice.fail(error)
        code = error.exit_code
    finally:
        if metrics:
            from ingest.metrics import write_metrics  # brings the library, which others can do without

            write_metrics(metrics, str(locate(out)), ended[-1] if ended else None, code)
    raise typer.Exit(code)


class Talk:
    """What a run says for people to read: a bar or lines, sentences, and the table of counts."""

    def __init__(self, *, quiet: bool) -> None:
        self.quiet = quiet
        self.console = Console(stderr=True, highlight=False, quiet=quiet)

    def running(self, count_pages: Callable[[], int | None]) -> AbstractContextManager[Advance]:
        return show_progress(self.console, count_pages)

    def listen(self, event: Event | RunSummary) -> None:
        """The table at the end counts what happened, and the rows say it page by page."""

    def finish(self, summary: RunSummary) -> None:
        Console(highlight=False, quiet=self.quiet).print(summary_table(summary))
        if not summary.read:
            self.console.print(NOTHING_READ)
        if summary.too_many_rejects:
            self.console.print(
                f"{summary.reject_rate:.1%} of the new pages are rejects; "
                f"--max-reject-rate allows {summary.max_reject_rate:.1%}."
            )

    def interrupted(self) -> None:
        self.console.print("Interrupted. What is finished is kept; the same command goes on from there.")

    def fail(self, error: IngestError) -> None:
        print_error(error)


NOTHING_READ = (
    "There was no page to read. In folders, a page is told by the suffix of its name, such as .html; "
    "a file given by name is read whatever its suffix: find FOLDER -type f | ingest run - --out DIR"
)


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
    if summary.not_pages:
        table.add_section()
        table.add_row("not pages by name or type", f"{sum(summary.not_pages.values()):,}")
        _add_counts(table, dict(list(summary.not_pages.items())[:NOT_PAGES_SHOWN]))
    return table


def _add_counts(table: Table, counts: Mapping[str, int]) -> None:
    for name, number in counts.items():
        table.add_row(f"    {name}", f"{number:,}")
