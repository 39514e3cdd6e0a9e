"""The marks of a dataset: `OUT/marks.jsonl`, one JSON object a line, only ever added to.

A line is written whole and to the disk itself, or not at all. Of several lines about one text the last one holds, so a
mark is taken back by a line as well.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec

from ingest.errors import StoreError

NAME = "marks.jsonl"

What = Literal["wrong", "leftover", "withdrawn"]
"""A removal that should have stayed, a kept text that should go, or a mark taken back."""


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody thinks of one text of one page.

    `block` and `start` say where the text stands, as in `removals`; `rule` and `kind` are those of the removal, or
    null for a text that was kept. `source`, `source_digest` and `page_id` are the record's.
    """

    what: What
    page_id: str
    source: str
    source_digest: str
    site: str | None = None
    url: str | None = None
    rule: str | None = None
    kind: str | None = None
    block: int
    start: int = 0
    text: str
    marked_at: datetime

    @property
    def place(self) -> tuple[str, str, str | None, int, int]:
        """What a later mark has to agree in to replace this one."""
        return self.source, self.source_digest, self.rule, self.block, self.start


def append_mark(out: Path, mark: Mark) -> None:
    """Add a mark, to the disk itself. Raises `StoreError` if it cannot be written."""
    try:
        file = os.open(out / NAME, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            # after a crash the last line may lack its end; one call, so that lines of two writers never mix
            line = (b"" if _ends_a_line(file) else b"\n") + msgspec.json.encode(mark) + b"\n"
            if os.write(file, line) != len(line):
                raise OSError("the disk is full")
            os.fsync(file)
        finally:
            os.close(file)
    except OSError as error:
        raise StoreError(f"Cannot write to {out / NAME}: {error.strerror or error}.") from error


def read_marks(out: Path) -> tuple[list[Mark], list[str]]:
    """The marks that hold, in the order they were made, and a sentence for each line that is none.

    Raises `StoreError` if there is no such folder or the file cannot be read; without the file there are no marks.
    """
    if not out.is_dir():
        raise StoreError(f"There is no dataset in {out}.")
    try:
        lines = (out / NAME).read_bytes().split(b"\n")
    except FileNotFoundError:
        return [], []
    except OSError as error:
        raise StoreError(f"Cannot read {out / NAME}: {error.strerror or error}.") from error
    held: dict[tuple[str, str, str | None, int, int], Mark] = {}
    broken = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            mark = msgspec.json.decode(line, type=Mark)
        except msgspec.DecodeError as error:
            broken.append(f"{out / NAME}:{number}: not a mark: {error}. Mend the line or delete it.")
            continue
        held.pop(mark.place, None)
        if mark.what != "withdrawn":
            held[mark.place] = mark
    return list(held.values()), broken


def marked_places(marks: Iterable[Mark]) -> dict[tuple[str, str, str | None, int, int], Mark]:
    """The marks by their places."""
    return {mark.place: mark for mark in marks}


def _ends_a_line(file: int) -> bool:
    size = os.fstat(file).st_size
    if size == 0:
        return True
    os.lseek(file, size - 1, os.SEEK_SET)
    return os.read(file, 1) == b"\n"
