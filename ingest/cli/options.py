"""What several commands take."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ingest.errors import IngestError, UsageError
from ingest.settings import OTHER_KINDS, Settings

Include = Annotated[
    list[str] | None,
    typer.Option(
        "--include", help=f"A kind of block that the body shall hold as well: {', '.join(OTHER_KINDS)}."
    ),
]
Exclude = Annotated[
    list[str] | None,
    typer.Option("--exclude", help="A kind of block that the body shall not hold, such as post or cell."),
]

Wait = Annotated[
    float,
    typer.Option(
        "--wait",
        min=0,
        metavar="SECONDS",
        help="How long to wait for another run that is writing to the dataset; by default not at all.",
    ),
]


def settings_of(include: list[str] | None, exclude: list[str] | None) -> Settings:
    """The settings the options ask for."""
    return Settings(include=tuple(sorted(set(include or ()))), exclude=tuple(sorted(set(exclude or ()))))


def rule_folders(given: Iterable[Path] | None) -> list[Path]:
    """Folders of rules in order, the last on top: those of `INGEST_RULES`, then those of `--rules`."""
    named = os.environ.get("INGEST_RULES", "").split(os.pathsep)
    folders = [*(Path(name) for name in named if name), *(given or ())]
    missing = [folder for folder in folders if not folder.is_dir()]
    if missing:
        raise UsageError("\n".join(f"There is no folder of rules {str(folder)!r}." for folder in missing))
    return folders


def printable(text: str) -> str:
    """The text on one line, safe for a terminal: a page's words may hold control sequences."""
    return "".join(char if char.isprintable() else " " for char in text)


def print_error(error: IngestError) -> None:
    """The sentence, on standard error."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(str(error), markup=False)
