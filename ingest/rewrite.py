"""Parts of a dataset written anew, in bounded memory.

A row that moves from one table to the other is written there first and taken out here second, so that it is never
missing. Who is killed between the two leaves it in both, and a note in `OUT/.moving`; the next command that writes
takes it out of the rejects again.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow.fs import FileType

from ingest import store
from ingest.filesystem import Place
from ingest.ledger import Numbers, digest_number, read_parts
from ingest.schema import REJECTS
from ingest.swap import finish_swap

if TYPE_CHECKING:
    import pyarrow.dataset as ds

MOVING = ".moving"

BATCH_ROWS = 256
"""Rows that are held at a time: a page may be 32 MB."""

GROUP_BYTES = 32 * 1024 * 1024
"""About the size of a row group, unpacked: what a reader must take at least."""

Identity = tuple[str, str | None]
"""`source` and `source_digest`."""


def stream_part(
    path: str, dataset: ds.Dataset, schema: pa.Schema, batch_rows: int = BATCH_ROWS
) -> Iterator[pa.Table]:
    """A part's rows in their order, some at a time, with the schema's columns, also those the part does not have."""
    with pq.ParquetFile(path, filesystem=dataset.filesystem) as part:
        there = [name for name in schema.names if name in part.schema_arrow.names]
        for batch in part.iter_batches(batch_rows, columns=there, use_threads=False):
            yield widen(pa.Table.from_batches([batch]), schema)


def widen(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """The table with all columns of the schema; those it does not have are null."""
    there = set(table.column_names)
    columns = [
        table[field.name] if field.name in there else pa.nulls(len(table), field.type) for field in schema
    ]
    return pa.Table.from_arrays(columns, schema=schema)


def rows_of(table: pa.Table, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Of each row the values of these columns."""
    return zip(*(table[name].to_pylist() for name in columns), strict=True)


def take(table: pa.Table, rows: list[int]) -> pa.Table:
    """These rows, which may be none."""
    return table.take(pa.array(rows, pa.int64()))


class PartWriter:
    """A part that is staged as its rows come."""

    def __init__(self, folder: Place, schema: pa.Schema) -> None:
        self.place = folder / f".part-{uuid4().hex}.tmp"
        self.schema = schema
        self.waiting: list[pa.Table] = []
        self.waiting_bytes = 0
        self.rows = self.written = 0
        """Rows, and once it is closed bytes."""
        self._opened = store.writing(self.place)
        self._file = self._opened.__enter__()
        self._parquet = pq.ParquetWriter(self._file, schema, **store.PARQUET)

    @property
    def size(self) -> int:
        """Bytes written so far."""
        return int(self._file.tell())

    def write(self, table: pa.Table) -> None:
        self.rows += len(table)
        self.waiting.append(table)
        self.waiting_bytes += table.nbytes
        if self.waiting_bytes >= GROUP_BYTES:
            self._flush()

    def close(self, error: BaseException | None = None) -> Place:
        """Finish the part, on the disk; with an error, leave nothing of it."""
        try:
            if error is None:
                self._flush()
            self._parquet.close()
            self.written = self.size
        except BaseException as failure:
            error = error or failure
        raised = (type(error), error, error.__traceback__) if error else (None, None, None)
        self._opened.__exit__(*raised)
        return self.place

    def _flush(self) -> None:
        if self.waiting:
            self._parquet.write_table(pa.concat_tables(self.waiting).combine_chunks())
        self.waiting, self.waiting_bytes = [], 0


def stage_stream(tables: Iterable[pa.Table], folder: Place, schema: pa.Schema) -> tuple[Place, int]:
    """One part of all these rows, and how many they are. Raises `StoreError`."""
    writer = PartWriter(folder, schema)
    try:
        for table in tables:
            writer.write(table)
    except BaseException as error:
        writer.close(error)
        raise
    return writer.close(), writer.rows


def replace_part(path: str, staged: Place, rows: int) -> None:
    """Put a staged part in the place of that at `path`; of a part without rows nothing is left."""
    old = staged.with_name(path.rpartition("/")[2])
    if rows:
        store.reveal(staged, old)
    else:
        store.remove(staged)
        store.remove(old)


@contextmanager
def moving(out: Place) -> Iterator[None]:
    """While it lasts, rows may be in both tables. If it does not come to its end, the note stays."""
    note = store.write_file(b"", out / MOVING)
    yield
    store.remove(note)


def recover(out: Place) -> None:
    """Finish or take back what a refresh or a compaction left when it was killed. Costs next to nothing if none was."""
    finish_swap(out)
    if out.filesystem.get_file_info((out / MOVING).path).type != FileType.NotFound:
        heal(out)


def heal(out: Place) -> int:
    """Take rejects out that are records as well. Gives how many they were."""
    keys, digests = array("q"), array("Q")
    for _, table in read_parts(store.read(out), ("source", "source_digest")):
        keys.extend(map(hash, table["source"].to_pylist()))
        digests.extend(map(digest_number, table["source_digest"].to_pylist()))
    records = Numbers(keys, digests)
    rejects = store.read_rejects(out)
    healed = 0
    for path, table in read_parts(rejects, ("source", "source_digest")):
        keep = [not _has(records, *identity) for identity in rows_of(table, ("source", "source_digest"))]
        if not all(keep):
            whole = pa.concat_tables(stream_part(path, rejects, REJECTS))
            staged, rows = stage_stream([whole.filter(keep)], out / "rejects", REJECTS)
            replace_part(path, staged, rows)
            healed += len(keep) - rows
    store.remove(out / MOVING)
    return healed


def _has(records: Numbers, source: str, digest: str | None) -> bool:
    digests = records.columns[1]
    wanted = digest_number(digest)
    return any(digests[place] == wanted for place in records.find(hash(source)))
