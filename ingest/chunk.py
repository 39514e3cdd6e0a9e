"""One chunk of work: a fixed list of sources becomes at most one part of records and one of rejects.

    sources ─ read ─ these bytes known already? ─ clean ─ Arrow ─ staged part files

The chunk is the unit of retry and of distribution; every engine runs this one function. It makes nothing
visible: the parts it stages count only when the run commits them, so a worker that outlives its run adds nothing.
"""

from __future__ import annotations

import os
import time
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

import msgspec
import pyarrow as pa

from ingest.events import Event, PageFailed, TextKept
from ingest.filesystem import Place
from ingest.ledger import digest_number, part_name, snapshot_number
from ingest.records import RawPage, Reason, Record, Reject
from ingest.schema import records_table, rejects_table
from ingest.sources import MAX_BYTES, Source, approach, read_source, refuse
from ingest.store import commit_part, stage_part

Cleaner = Callable[[RawPage], Record | Reject]
"""A page's way: the same page gives the same row."""

Note = Callable[[int, str], None]
"""Hears the index of the page at hand, again with its digest once it is read, and a last time when all are done."""

Chunk = tuple[Source, ...]

RACY_NS = 2_000_000_000
"""A file changed so short a time ago may change again without its size and time telling."""


class SeenSource(Source, frozen=True, kw_only=True):
    """A source that has rows already: `digests` are the numbers (`digest_number`) of the bytes they were made of."""

    digests: tuple[int, ...]


GUARDED = "guarded:"
"""Begins the flag that names a rule the guard has stopped."""


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What one page may cost. Far from what pages need: a usual page takes milliseconds."""

    page_bytes: int = MAX_BYTES
    cpu_seconds: float = 20.0
    wall_seconds: float = 120.0
    worker_bytes: int = 2 * 1024**3
    """Memory of a worker process, all in all."""


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """What all chunks of a run have in common. It travels to the workers, so `load_cleaner` must pickle."""

    out: Place
    run_id: str
    ingested_at: datetime
    load_cleaner: Callable[[], Cleaner]
    limits: Limits = Limits()
    redo: bool = False
    """Whether to clean the pages whose bytes have a row, and only these, instead of all others."""


class Staged(msgspec.Struct, frozen=True):
    """A part file that waits for its commit. `table` is `records` or `rejects`."""

    table: str
    path: Place
    name: str


class ChunkResult(msgspec.Struct, frozen=True, kw_only=True):
    """The staged parts of a chunk, its counts, and what is to be told of it."""

    parts: tuple[Staged, ...] = ()
    skipped: int = 0
    records: int = 0
    rejects: Counter[str] = Counter()
    removals: Counter[str] = Counter()
    flags: Counter[str] = Counter()
    sites: Counter[tuple[str | None, str]] = Counter()
    """Rows by site and by what they are: `records` or `rejects`."""
    events: tuple[Event, ...] = ()
    snapshots: bytes = b""
    """The numbers (`snapshot_number`) of the records in their order, 8 bytes each."""

    def part(self, table: str) -> Staged | None:
        """The staged part of this table, if there is one."""
        return next((part for part in self.parts if part.table == table), None)

    @property
    def pages(self) -> int:
        return self.skipped + self.records + self.rejects.total()


def process_chunk(
    chunk: Chunk, job: Job, clean: Cleaner, note: Note = lambda index, digest: None
) -> ChunkResult:
    """Read, clean and stage every page.

    Raises `StoreError` if the output cannot be written, and whatever the making of the parts raises.
    """
    records: list[Record] = []
    rejects: list[Reject] = []
    stamps: dict[str, str | None] = {}
    skipped = 0
    source_digest: str | None = None
    for index, source in enumerate(chunk):
        if source.member is not None:
            note(len(chunk), source_digest or "")  # reading on in an archive is on no page's clock
            approach(source)
        note(index, "")
        began = time.time_ns()
        page = read_source(source, job.limits.page_bytes)
        source_digest = page.digest if isinstance(page, RawPage) else page.source_digest
        known = isinstance(source, SeenSource) and digest_number(source_digest) in source.digests
        if known != job.redo:
            skipped += 1
            continue
        note(index, source_digest or "")
        row = _clean_page(source, page, clean) if isinstance(page, RawPage) else page
        if isinstance(row, Record):
            records.append(row)
        else:
            rejects.append(row)
        if (
            isinstance(row, Record) or row.reason != "unreadable"
        ):  # what bars a file may go without touching it
            stamps[row.source] = _lasting_stamp(source, began)
    note(len(chunk), source_digest or "")
    return stage_rows(records, rejects, job, skipped, stamps)


def stage_rows(
    records: list[Record],
    rejects: list[Reject],
    job: Job,
    skipped: int = 0,
    stamps: Mapping[str, str | None] = MappingProxyType({}),
) -> ChunkResult:
    """The rows as staged parts; no part where there is no row. `stamps` are those of the rows' sources."""
    tables = {}
    if records:
        theirs = [stamps.get(row.source) for row in records]
        tables["records"] = records_table(records, job.run_id, job.ingested_at, theirs)
    if rejects:
        theirs = [stamps.get(row.source) for row in rejects]
        tables["rejects"] = rejects_table(rejects, job.run_id, job.ingested_at, theirs)
    return ChunkResult(
        parts=stage_tables(tables, job),
        skipped=skipped,
        records=len(records),
        rejects=Counter(row.reason for row in rejects),
        removals=Counter(removal.kind for row in records for removal in row.removals),
        flags=Counter(flag for row in records for flag in row.flags),
        sites=Counter(
            [(row.site, "records") for row in records] + [(row.site, "rejects") for row in rejects]
        ),
        events=tuple(_events(records, rejects)),
        snapshots=array("Q", (snapshot_number(row.page_id, row.source_digest) for row in records)).tobytes(),
    )


def stage_tables(tables: Mapping[str, pa.Table], job: Job) -> tuple[Staged, ...]:
    """Parts of `records` and `rejects`, each named for what its rows came from: written again it replaces itself."""
    return tuple(
        Staged(name, stage_part(table, job.out / name), part_name(identities_of(table)))
        for name, table in tables.items()
    )


def identities_of(table: pa.Table) -> Iterable[tuple[str, str | None]]:
    """What the rows came from: `source` and `source_digest` of each."""
    return zip(table["source"].to_pylist(), table["source_digest"].to_pylist(), strict=True)


def _events(records: list[Record], rejects: list[Reject]) -> Iterator[Event]:
    for reject in rejects:
        if reject.reason in ("timeout", "crashed"):
            yield PageFailed(source=reject.source, reason=reject.reason)
    for record in records:
        if rules := tuple(flag.removeprefix(GUARDED) for flag in record.flags if flag.startswith(GUARDED)):
            yield TextKept(source=record.source, rules=rules)


def stage_reject(source: Source, reason: Reason, detail: str, digest: str | None, job: Job) -> ChunkResult:
    """The part for a page that cost its worker's life, and so its row, when it was alone."""
    stamp = _lasting_stamp(source, time.time_ns()) if digest else None
    return stage_rows([], [refuse(source, reason, detail, digest)], job, stamps={source.name: stamp})


def commit(result: ChunkResult) -> None:
    """Make a chunk's parts visible. If only the first gets there, the next run makes the other's rows anew."""
    for part in result.parts:
        commit_part(part.path, part.name)


def _clean_page(source: Source, page: RawPage, clean: Cleaner) -> Record | Reject:
    try:
        return clean(page)
    except MemoryError:
        raise  # the pages before may have filled the worker: the chunk is split until this one is alone
    except Exception as error:  # a bug, and one page's only
        return refuse(source, "crashed", f"{type(error).__name__}: {error}", page.digest)


def _lasting_stamp(source: Source, began: int) -> str | None:
    """The source's stamp, if it tells the bytes read since `began` from all that will ever stand there.

    Not that of a file which changed while it was read or shortly before. What is no local file has no such doubt.
    """
    if source.stamp is None or source.bucket:
        return source.stamp
    try:
        status = os.stat(source.path)  # noqa: PTH116
    except (OSError, ValueError):
        return source.stamp
    return source.stamp if max(status.st_mtime_ns, status.st_ctime_ns) < began - RACY_NS else None
