"""The command's parts, and what every one of them does with errors."""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterable
from importlib import import_module
from io import TextIOWrapper
from typing import Annotated

import typer

from ingest.cli.interrupts import interruptible
from ingest.cli.options import print_error
from ingest.errors import IngestError
from ingest.version import VERSION

COMMANDS = ("run", "clean", "show", "report", "review", "status", "refresh", "compact", "rules")
"""Each has a module of its own here, which is imported when it is asked for: what some of them need takes a second."""


def print_version(asked: bool) -> None:
    if asked:
        print(VERSION)
        raise typer.Exit


def options(
    version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=print_version, help="Print the version and stop."),
    ] = False,
) -> None:
    """Folders of scraped news pages in; clean, audited article records in Parquet out."""


def make_app(commands: Iterable[str] = COMMANDS) -> typer.Typer:
    """The command line with these commands."""
    app = typer.Typer(
        name="ingest",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="markdown",
        callback=options,
    )
    for name in commands:
        import_module(f"ingest.cli.{name}").register(app)
    return app


def main() -> None:
    """Run the command line and exit with its code: that of the error, if there was one."""
    _take_all_letters()
    try:
        with interruptible():
            make_app(_needed(sys.argv[1:2]))()
    except IngestError as error:
        print_error(error)
        sys.exit(error.exit_code)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        print_error(IngestError("Cannot write what was asked for: no space is left where the output goes."))
        sys.exit(IngestError.exit_code)


def _take_all_letters() -> None:
    """Files and pipes get UTF-8 whatever the locale; a terminal that lacks a letter shows its number. Of what comes in,
    lists of files, bytes that are no letters stay in the names as they do in those that the system gives."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="surrogateescape")


def _needed(first: list[str]) -> Iterable[str]:
    """The commands to offer for this first argument; all, where it is none of them."""
    return () if first == ["--version"] else [name for name in COMMANDS if [name] == first] or COMMANDS
