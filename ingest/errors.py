"""What can go wrong for the caller; a bad page is never one of these, it is a `Reject`.

IngestError
├── RuleError     rule files with mistakes; carries every mistake of every file
├── UsageError    a path, option or manifest that cannot be used
└── StoreError    the output cannot be written or is not a dataset
    └── BusyError     another run is writing to it
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Mistake(NamedTuple):
    """One error in a rule file. Lines and columns count from 1."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class IngestError(Exception):
    """The family's root; the message is a sentence that says what to do next."""

    exit_code = 1
    """What the command ends with."""


class RuleError(IngestError):
    """Rule files that cannot be used. `mistakes` holds all of them, in file and line order."""

    exit_code = 2

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(map(str, self.mistakes)))


class UsageError(IngestError):
    """A path, option or manifest that cannot be used."""

    exit_code = 2


class StoreError(IngestError):
    """An output that cannot be written or read."""


class BusyError(StoreError):
    """An output that another run is writing to; the message names it."""

    exit_code = 75
