"""Rows of parts, found by part and row: one row group is read, never a part from its beginning."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ingest.review.index import PART, GoneError, Index
from ingest.review.lookups import page_ref, row_of

READERS = 4
"""Threads that read parts; they wait for the disk and unpack without holding each other up."""

EXAMPLE_COLUMNS = ("source", "source_digest", "site", "url", "title", "language", "blocks", "removals")


def read_rows(
    index: Index, refs: Iterable[int], columns: Sequence[str] | None = None
) -> dict[int, dict[str, Any]]:
    """The rows of these pages, by the `ref` of the page. Raises `GoneError` if one is not there any more."""
    wanted = sorted({page_ref(ref) for ref in refs})
    by_part = [(index.path(group[0]), group) for group in _grouped(wanted)]
    with ThreadPoolExecutor(READERS) as readers:
        parts = list(readers.map(lambda part: _read_part(part[0], part[1], columns), by_part))
    found = {ref: row for part in parts for ref, row in part.items()}
    if found.keys() != set(wanted):
        raise GoneError
    return found


def _grouped(refs: Iterable[int]) -> list[list[int]]:
    return [list(group) for _, group in groupby(refs, key=lambda ref: ref >> PART)]


def _read_part(path: Path, refs: Sequence[int], columns: Sequence[str] | None) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    with open_part(path) as part:
        end = 0
        for group in range(part.num_row_groups):
            start, end = end, end + part.metadata.row_group(group).num_rows
            here = [ref for ref in refs if start <= row_of(ref) < end]
            if here:
                table = part.read_row_group(group, columns=columns, use_threads=False)
                taken = table.take(pa.array([row_of(ref) - start for ref in here]))
                found |= dict(zip(here, taken.to_pylist(), strict=True))
    return found


def open_part(path: Path) -> pq.ParquetFile:
    """A part to read from. Raises `GoneError` if it has gone."""
    try:
        return pq.ParquetFile(path)
    except FileNotFoundError as error:
        raise GoneError from error


def texts_of(path: Path, first_row: int = 0) -> Iterable[tuple[int, pa.Table]]:
    """Titles and bodies of a part from a row on: the number of each table's first row, and the table."""
    with open_part(path) as part:
        end = 0
        for group in range(part.num_row_groups):
            start, end = end, end + part.metadata.row_group(group).num_rows
            if end > first_row:
                yield start, part.read_row_group(group, columns=["title", "body"], use_threads=False)
