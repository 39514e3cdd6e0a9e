"""Parquet: one page a row, read in small batches. Identity: the row's number, from 0."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

import pyarrow.parquet as pq

from ingest.manifest import Facts
from ingest.sources.fields import NoPageColumnError, choose_columns, page_of_row
from ingest.sources.packed import BLOCK
from ingest.sources.source import Source, member_of
from ingest.sources.stream import TooLargeError, open_file

ROWS_AT_ONCE = 16
"""Few, because a page may have 32 MiB."""

MOST_ROWS_A_BYTE = 8
"""A file that claims more is not one of pages, and counting to what it claims might never end."""


def find(archive: Source, not_pages: Counter[str]) -> Iterator[Source]:
    """A source for each row."""
    columns_of(archive)
    with open_file(archive) as file:
        rows = pq.ParquetFile(file).metadata.num_rows
        if rows > MOST_ROWS_A_BYTE * file.seek(0, 2):
            raise ValueError(f"it claims {rows} rows")
    for row in range(rows):
        yield member_of(archive, str(row), row)


def columns_of(archive: Source) -> None:
    """Check the names of the columns. Raises `NoPageColumnError`."""
    with open_file(archive) as file:
        choose_columns(archive.fields, pq.ParquetFile(file).schema_arrow.names, archive.name)


class Reader:
    def __init__(self, archive: Source) -> None:
        self._file = open_file(archive)
        # unbuffered, a whole column of a row group would be read at once
        self._table = pq.ParquetFile(self._file, buffer_size=BLOCK, pre_buffer=False)
        metadata = self._table.metadata
        sizes = (metadata.row_group(group).num_rows for group in range(metadata.num_row_groups))
        self._starts = [0, *accumulate(sizes)]
        try:
            self._columns = choose_columns(archive.fields, self._table.schema_arrow.names, archive.name)
        except NoPageColumnError as error:
            raise ValueError(str(error)) from error
        self._names = sorted({column for _, column in self._columns.items() if column})
        self._rest: Iterator[Any] = iter(())
        self._batch: Any = None
        self._group = self._first = -1
        self._broken: dict[int, tuple[int, Exception]] = {}

    def approach(self, source: Source) -> None:
        """Read on to the batch with the row. What is broken in a row group is not read again for each row of it."""
        row = source.offset
        group = bisect_right(self._starts, row) - 1
        if group in self._broken and row >= self._broken[group][0]:
            raise self._broken[group][1]
        if group != self._group or row < self._first:
            self._group, self._first, self._batch = group, self._starts[group], None
            self._rest = self._table.iter_batches(ROWS_AT_ONCE, [group], self._names, use_threads=False)
        try:
            while self._batch is None or self._first + self._batch.num_rows <= row:
                self._first += self._batch.num_rows if self._batch is not None else 0
                self._batch = None
                self._batch = next(self._rest)
        except StopIteration:
            self._group = -1
            raise ValueError(f"the file has no row {row}") from None
        except Exception as error:
            self._broken[group] = (self._first, error)
            self._group = -1
            raise

    def read(self, source: Source, max_bytes: int) -> tuple[bytes, Facts]:
        self.approach(source)
        (row,) = self._batch.slice(source.offset - self._first, 1).to_pylist()
        data, facts = page_of_row(row, self._columns)
        if len(data) > max_bytes:
            raise TooLargeError(f"{len(data)} bytes, more than {max_bytes}")
        return data, facts

    def close(self) -> None:
        self._rest = iter(())
        self._table.close(force=True)
        self._file.close()
