"""What the commands share: their options, and a missing corpus as a sentence instead of a traceback."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from benchmarks.corpus import CorpusError

CorpusOption = Annotated[
    Path | None,
    typer.Option(
        "--corpus", metavar="DIR", help="Folder of datasets [default: $INGEST_CORPUS or ../shared/corpus]"
    ),
]
DatasetOption = Annotated[
    list[str] | None, typer.Option("--dataset", metavar="NAME", help="Only this dataset; may be repeated.")
]
JobsOption = Annotated[int, typer.Option("--jobs", min=1, help="Worker processes.")]

WIDTH = 120
"""Columns the widest table needs; a narrower terminal wraps it rather than hiding scores."""

console = Console(highlight=False, width=max(WIDTH, Console().width))


def run(command: Callable[..., None]) -> None:
    """Run one command; exit 2 with a sentence when the corpus is not there."""
    try:
        typer.run(command)
    except CorpusError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
