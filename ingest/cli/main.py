"""The command's parts, and what every one of them does with errors."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from ingest.cli import clean, compact, refresh, report, review, rules, run, show, status
from ingest.cli.interrupts import interruptible
from ingest.cli.options import print_error
from ingest.errors import IngestError
from ingest.version import VERSION

app = typer.Typer(
    name="ingest",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)


def print_version(asked: bool) -> None:
    if asked:
        print(VERSION)
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=print_version, help="Print the version and stop."),
    ] = False,
) -> None:
    """Folders of scraped news pages in; clean, audited article records in Parquet out."""


run.register(app)
clean.register(app)
show.register(app)
report.register(app)
review.register(app)
status.register(app)
refresh.register(app)
compact.register(app)
rules.register(app)


def main() -> None:
    """Run the command line and exit with its code: that of the error, if there was one."""
    try:
        with interruptible():
            app()
    except IngestError as error:
        print_error(error)
        sys.exit(error.exit_code)
