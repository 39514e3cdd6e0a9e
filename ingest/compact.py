"""The small parts that many runs leave, merged into large sorted ones, under the eyes of readers.

    small parts ─ sorted runs on disk ─ merge ─ staged parts ─ one swap of the folder

Records are sorted by site, then by date of publication: so a reader who asks for a site or a time takes few row groups.
Parts that are large already stay as they are. Memory is bounded: no more than a run is held while sorting, and a batch
of each run while merging.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, nullcontext
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from uuid import uuid4

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.ipc as ipc

from ingest.chunk import ChunkResult, Job, identities_of
from ingest.filesystem import Location, Place
from ingest.ledger import digest_number, part_name, read_parts
from ingest.lock import hold
from ingest.rewrite import BATCH_ROWS, Identity, PartWriter, heal, moving, rows_of, stream_part, take
from ingest.runner import conclude, ignore, unbroken
from ingest.schema import RECORDS, REJECTS
from ingest.store import read, read_rejects, write_part
from ingest.summary import RunSummary, Tally
from ingest.swap import finish_swap, swap_parts

PART_BYTES = 256 * 1024 * 1024
RUN_BYTES = 64 * 1024 * 1024
MERGED_AT_ONCE = 32

_EARLIEST = datetime(1, 1, 1, tzinfo=UTC)
_KEY = "sorted by"


class Table(NamedTuple):
    """One of the dataset's two."""

    name: str
    schema: pa.Schema
    order: tuple[str, ...]
    """Columns to sort by; those that follow `page_id` make the order the same every time."""

    read: Callable[[Location], ds.Dataset]


TABLES = (
    Table("rejects", REJECTS, ("site", "reason", "page_id", "source_digest", "source"), read_rejects),
    Table("records", RECORDS, ("site", "published", "page_id", "source_digest", "source"), read),
)
"""Rejects first: what is superseded must be there before it is taken out of the records."""


class Compacted(msgspec.Struct, kw_only=True):
    """What was merged: parts and their bytes before and after, and the snapshots that newer ones superseded."""

    parts_before: int = 0
    parts_after: int = 0
    bytes_before: int = 0
    bytes_after: int = 0
    superseded: int = 0


def compact(
    out: Location, *, latest: bool = False, wait: float = 0, part_bytes: int = PART_BYTES
) -> tuple[RunSummary, Compacted]:
    """Merge the parts of `out` that are less than half as large as `part_bytes`, records and rejects.

    With `latest` only the newest snapshot of each page stays a record; the others become rejects, `superseded`, so
    that their sources are not ingested again.
    Raises `StoreError` for what is no dataset or cannot be written, `BusyError` if a run holds it. Killed at any
    moment, it leaves the rows as they were before or as they are after.
    """
    read(out)  # raises for what is no dataset, before a folder is made
    with hold(out, wait) as held:
        done = Compacted()
        job = Job(
            out=held.out,
            run_id=held.holder.run_id,
            ingested_at=held.holder.since,
            load_cleaner=_clean_nothing,
        )
        tally = Tally(job, command="compact")

        def work() -> None:
            finish_swap(held.out)
            heal(held.out)
            old = find_superseded(read(held.out)) if latest else {}
            with moving(held.out) if old else nullcontext():
                if old:
                    held.check()
                    write_part(_refuse(old, read(held.out)), held.out / "rejects", part_name(sorted(old)))
                for table in TABLES:
                    gone = set(old) if table.name == "records" else set()
                    _compact_table(table, held.out, gone, part_bytes, done, tally, held.check)

        return conclude(work, tally, held, ignore), done


def _clean_nothing() -> Any:
    raise AssertionError("no page is cleaned here")


def _compact_table(
    table: Table,
    out: Place,
    gone: set[Identity],
    part_bytes: int,
    done: Compacted,
    tally: Tally,
    check: Callable[[], None],
) -> None:
    """Merge the table's small parts, and count what was done."""
    dataset = table.read(out)
    sizes = {info.path: info.size for info in dataset.filesystem.get_file_info(dataset.files)}
    touched = _parts_with(gone, dataset) if gone else set()
    parts = [path for path, size in sizes.items() if size < part_bytes / 2 or path in touched]
    if len(parts) < 2 and not touched:
        parts = []
    writers: list[PartWriter] = []
    if parts:
        rows = _read_kept(parts, dataset, table.schema, gone)
        with TemporaryDirectory(
            dir=out.path if out.local else None, prefix=".compact-", suffix=".tmp"
        ) as temporary:
            runs = _write_runs(rows, table, Path(temporary))
            merged = _merge_runs(runs, Path(temporary))
            writers = list(_write_parts(merged, out / table.name, table.schema, part_bytes))
        check()
    with unbroken():
        if parts:
            swap_parts(out, table.name, parts, [writer.place for writer in writers])
        done.parts_before += len(sizes)
        done.bytes_before += sum(sizes.values())
        done.parts_after += len(sizes) - len(parts) + len(writers)
        done.bytes_after += sum(size for path, size in sizes.items() if path not in parts)
        done.bytes_after += sum(writer.written for writer in writers)
        if table.name == "records":
            done.superseded = len(gone)
            merged_rows = sum(writer.rows for writer in writers)
            tally.add(ChunkResult(records=merged_rows, rejects=+Counter(superseded=len(gone))))


# -- sorting -----------------------------------------------------------------------------------------------


def _read_kept(
    parts: Iterable[str], dataset: ds.Dataset, schema: pa.Schema, gone: set[Identity]
) -> Iterator[pa.Table]:
    for part in parts:
        for table in stream_part(part, dataset, schema):
            if gone:
                table = table.filter(pa.array([identity not in gone for identity in identities_of(table)]))
            yield table


def _write_runs(tables: Iterable[pa.Table], table: Table, folder: Path) -> list[Path]:
    """Files of sorted rows, each of as many as may be held."""
    runs: list[Path] = []
    waiting: list[pa.Table] = []

    def write() -> None:
        if waiting:
            rows = pa.concat_tables(waiting)
            rows = rows.append_column(_KEY, _keys(rows, table.order))
            runs.append(_write_run([rows.sort_by(_KEY)], folder))
            waiting.clear()

    size = 0
    for rows in tables:
        waiting.append(rows)
        size += rows.nbytes
        if size >= RUN_BYTES:
            write()
            size = 0
    write()
    return runs


def _write_run(tables: Iterable[pa.Table], folder: Path) -> Path:
    path = folder / f"{uuid4().hex}.arrow"
    options = ipc.IpcWriteOptions(compression="lz4")
    tables = iter(tables)
    first = next(tables)
    with ipc.new_file(path, first.schema, options=options) as file:
        file.write_table(first, max_chunksize=BATCH_ROWS)
        for table in tables:
            file.write_table(table, max_chunksize=BATCH_ROWS)
    return path


def _keys(table: pa.Table, order: Sequence[str]) -> pa.ChunkedArray:
    """A text for each row that sorts as the columns do; what is null comes last.

    Each column's text ends with the least of marks, below whatever a longer text goes on with, and begins with one
    that says whether it is null.
    """
    ended = (pc.replace_substring(_as_text(table[name]), "\0", "\0\2") for name in order)
    return pc.binary_join_element_wise(
        *(pc.fill_null(pc.binary_join_element_wise("0", text, ""), "1") for text in ended), "\0\1"
    )


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if not pa.types.is_timestamp(column.type):
        return column
    from_zero = pc.add(pc.cast(column, pa.int64()), 2**62)
    return pc.utf8_lpad(pc.cast(from_zero, pa.string()), 20, "0")


class _Run:
    """A sorted run, a batch of it at a time."""

    def __init__(self, path: Path, open_files: ExitStack) -> None:
        self.file = open_files.enter_context(ipc.open_file(open_files.enter_context(pa.OSFile(str(path)))))
        self.batches = iter(range(self.file.num_record_batches))
        self.load()

    def load(self) -> None:
        """The next batch; no rows if there is none."""
        some = [self.file.get_batch(number) for number in islice(self.batches, 1)]
        self.rows = pa.Table.from_batches(some, self.file.schema)

    @property
    def last(self) -> str:
        return str(self.rows[_KEY][-1].as_py())

    def cut(self, bound: str) -> pa.Table:
        """The rows up to this key."""
        number = pc.sum(pc.less_equal(self.rows[_KEY], bound)).as_py()
        first, self.rows = self.rows.slice(0, number), self.rows.slice(number)
        if not len(self.rows):
            self.load()
        return first


def _merge_runs(runs: list[Path], folder: Path) -> Iterator[pa.Table]:
    """All rows in order, without the key."""
    while len(runs) > MERGED_AT_ONCE:
        some, runs = runs[:MERGED_AT_ONCE], runs[MERGED_AT_ONCE:]
        runs.append(_write_run(_merge(some), folder))
        for path in some:
            path.unlink()
    for rows in _merge(runs):
        yield rows.drop_columns([_KEY])


def _merge(runs: list[Path]) -> Iterator[pa.Table]:
    """What lies before the first end of a batch is complete, and is given in order; then the next batch is taken."""
    with ExitStack() as open_files:
        open_runs = [_Run(path, open_files) for path in runs]
        while open_runs := [run for run in open_runs if len(run.rows)]:
            bound = min(run.last for run in open_runs)
            rows = pa.concat_tables([run.cut(bound) for run in open_runs])
            yield rows.sort_by(_KEY)


def _write_parts(
    tables: Iterator[pa.Table], folder: Place, schema: pa.Schema, part_bytes: int
) -> Iterator[PartWriter]:
    """Staged parts of about this size."""
    writer: PartWriter | None = None
    try:
        for table in tables:
            writer = writer or PartWriter(folder, schema)
            writer.write(table.cast(schema))
            if writer.size >= part_bytes:
                writer.close()
                yield writer
                writer = None
        if writer:
            writer.close()
            yield writer
    except BaseException as error:
        if writer:
            writer.close(error)
        raise


# -- superseded snapshots ----------------------------------------------------------------------------------


class _Snapshot(NamedTuple):
    """A page's snapshot; the newest sorts last."""

    ingested_at: datetime
    modified: datetime
    source: str
    source_digest: str


def find_superseded(records: ds.Dataset) -> dict[Identity, str]:
    """The snapshots of pages that have a newer one, and the source of the newest.

    The newest is the one that was ingested last; of those of one run, the one whose page names the last change; then
    the last by the name of its source.
    """
    pages = array("Q")
    for _, table in read_parts(records, ("page_id",)):
        pages.extend(map(digest_number, table["page_id"].to_pylist()))
    numbers = pc.value_counts(pa.array(pages, pa.uint64()))
    several = set(numbers.filter(pc.greater(numbers.field("counts"), 1)).field("values").to_pylist())
    if not several:
        return {}
    snapshots: dict[str, list[_Snapshot]] = {}
    columns = ("page_id", "ingested_at", "modified", "source", "source_digest")
    for _, table in read_parts(records, columns):
        places = [n for n, page in enumerate(table["page_id"].to_pylist()) if digest_number(page) in several]
        for page, ingested, modified, source, digest in rows_of(take(table, places), columns):
            snapshot = _Snapshot(ingested or _EARLIEST, modified or _EARLIEST, source, digest)
            snapshots.setdefault(page, []).append(snapshot)
    superseded: dict[Identity, str] = {}
    for some in snapshots.values():
        *old, newest = sorted(some)
        superseded.update(((one.source, one.source_digest), newest.source) for one in old)
    return superseded


def _parts_with(identities: set[Identity], records: ds.Dataset) -> set[str]:
    return {
        part
        for part, table in read_parts(records, ("source", "source_digest"))
        if any(identity in identities for identity in identities_of(table))
    }


def _refuse(old: dict[Identity, str], records: ds.Dataset) -> pa.Table:
    """The rejects that superseded records become."""
    tables = [REJECTS.empty_table()]
    shared = [field for field in REJECTS if field.name in RECORDS.names]
    for part in sorted(_parts_with(set(old), records)):
        for table in stream_part(part, records, pa.schema(shared)):
            newest = [old.get(identity) for identity in identities_of(table)]
            table = table.append_column("reason", pa.array(["superseded"] * len(table)))
            says = [source and f"a newer snapshot is {source}"[:500] for source in newest]
            table = table.append_column("detail", pa.array(says, pa.string()))
            tables.append(table.filter(pc.field("detail").is_valid()).select(REJECTS.names).cast(REJECTS))
    return pa.concat_tables(tables)
