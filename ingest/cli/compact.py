"""`ingest compact`: many small parts into few large ones."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console

from ingest.cli.interrupts import exit_code_of
from ingest.cli.options import Wait
from ingest.compact import compact


class Keep(StrEnum):
    ALL = "all"
    LATEST = "latest"


def register(app: typer.Typer) -> None:
    app.command("compact")(run_compact)


def run_compact(
    out: Annotated[str, typer.Argument(help="The dataset's folder or URI.", metavar="OUT")],
    keep: Annotated[
        Keep, typer.Option(help="Which snapshots of a page stay records: all, or the latest.")
    ] = Keep.ALL,
    wait: Wait = 0,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")] = False,
) -> None:
    """Merge the small parts of OUT into sorted ones of about 256 MB. Readers may go on meanwhile.

    Exit codes:

    - 0 done
    - 1 failed; the dataset is as it was
    - 2 wrong usage
    - 75 a run is writing to OUT; nothing was done
    - 130 interrupted by Ctrl-C; the dataset is as it was
    - 143 interrupted by SIGTERM; the dataset is as it was
    """
    console = Console(highlight=False, quiet=quiet)
    try:
        summary, done = compact(out, latest=keep is Keep.LATEST, wait=wait)
    except KeyboardInterrupt as interrupt:
        raise typer.Exit(exit_code_of(interrupt)) from None
    if done.superseded:
        console.print(f"{done.superseded:,} older snapshots became rejects.")
    console.print(
        f"{done.parts_before:,} parts of {_megabytes(done.bytes_before)} became {done.parts_after:,} of "
        f"{_megabytes(done.bytes_after)}, in {summary.seconds:,.1f} s."
    )


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"
