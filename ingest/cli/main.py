"""The command's parts, and what every one of them does with errors."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.console import Console

from ingest.cli import clean, rules, run, show
from ingest.errors import IngestError, RuleError, UsageError
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
rules.register(app)


def main() -> None:
    """Run the command line and exit with its code: 1 for a failure, 2 for what the caller has to mend."""
    try:
        app()
    except IngestError as error:
        Console(stderr=True, highlight=False, soft_wrap=True).print(str(error), markup=False)
        sys.exit(2 if isinstance(error, (RuleError, UsageError)) else 1)
