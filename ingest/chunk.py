"""One chunk of work: a fixed list of sources becomes at most one part of records and one of rejects.

    sources ─ read ─ known already? ─ clean ─ Arrow ─ staged part files

The chunk is the unit of retry and of distribution; every engine runs this one function. It makes nothing
visible: the parts it stages count only when the run commits them, so a worker that outlives its run adds nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec

from ingest.ledger import Ledger, part_name
from ingest.records import RawPage, Reason, Record, Reject
from ingest.schema import records_table, rejects_table
from ingest.sources import MAX_BYTES, Source, read_source, refuse
from ingest.store import commit_part, stage_part

Cleaner = Callable[[RawPage], Record | Reject]
"""A page's way: the same page gives the same row."""

Note = Callable[[int, str], None]
"""Hears the index of the page at hand, again with its digest once it is read, and a last time when all are done."""

Chunk = tuple[Source, ...]


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What one page may cost. Far from what pages need: a usual page takes milliseconds."""

    page_bytes: int = MAX_BYTES
    cpu_seconds: float = 20.0
    wall_seconds: float = 120.0
    worker_bytes: int = 2 * 1024**3
    """Memory of a worker process, all in all."""


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """What all chunks of a run have in common. It travels to the workers, so `load_cleaner` must pickle."""

    out: Path
    run_id: str
    ingested_at: datetime
    load_cleaner: Callable[[], Cleaner]
    ledger: Ledger = Ledger()
    limits: Limits = Limits()


class Staged(msgspec.Struct, frozen=True):
    """A part file that waits for its commit."""

    path: Path
    name: str


class ChunkResult(msgspec.Struct, frozen=True, kw_only=True):
    """The staged parts of a chunk, and its counts."""

    parts: tuple[Staged, ...] = ()
    skipped: int = 0
    records: int = 0
    rejects: Counter[str] = Counter()
    removals: Counter[str] = Counter()
    flags: Counter[str] = Counter()

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
    skipped = 0
    source_digest: str | None = None
    for index, source in enumerate(chunk):
        note(index, "")
        page = read_source(source, job.limits.page_bytes)
        source_digest = page.digest if isinstance(page, RawPage) else page.source_digest
        if (source.name, source_digest) in job.ledger:
            skipped += 1
            continue
        note(index, source_digest or "")
        row = _clean_page(source, page, clean) if isinstance(page, RawPage) else page
        if isinstance(row, Record):
            records.append(row)
        else:
            rejects.append(row)
    note(len(chunk), source_digest or "")
    return stage_rows(records, rejects, job, skipped)


def stage_rows(records: list[Record], rejects: list[Reject], job: Job, skipped: int = 0) -> ChunkResult:
    """The rows as staged parts; no part where there is no row."""
    parts = []
    if records:
        table = records_table(records, job.run_id, job.ingested_at)
        parts.append(Staged(stage_part(table, job.out / "records"), part_name(records)))
    if rejects:
        table = rejects_table(rejects, job.run_id, job.ingested_at)
        parts.append(Staged(stage_part(table, job.out / "rejects"), part_name(rejects)))
    return ChunkResult(
        parts=tuple(parts),
        skipped=skipped,
        records=len(records),
        rejects=Counter(row.reason for row in rejects),
        removals=Counter(removal.kind for row in records for removal in row.removals),
        flags=Counter(flag for row in records for flag in row.flags),
    )


def stage_reject(source: Source, reason: Reason, detail: str, digest: str | None, job: Job) -> ChunkResult:
    """The part for a page that cost its worker's life, and so its row, when it was alone."""
    return stage_rows([], [refuse(source, reason, detail, digest)], job)


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
