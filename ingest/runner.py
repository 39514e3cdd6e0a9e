"""A run: sources in chunks through an engine, parts committed one by one, a summary at the end.

    find_sources ─ chunks ─ engine (pool of workers) ─ commit ─ RunSummary

Only this process makes parts visible, one chunk at a time, and it holds the output's lock. So after a kill at
any moment each page has one row or none, and running again makes those that are missing.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from itertools import count, islice
from pathlib import Path
from time import monotonic
from typing import Literal

import msgspec
from filelock import FileLock, Timeout

from ingest.chunk import Chunk, ChunkResult, Cleaner, Job, Limits, commit
from ingest.errors import StoreError
from ingest.pool import run_here, run_pool
from ingest.rules import load_rules
from ingest.settings import DEFAULT, Settings
from ingest.sources import Source, find_sources
from ingest.store import cannot_write, open_output, read_ledger, sweep
from ingest.version import VERSION

StrPath = str | os.PathLike[str]
Status = Literal["done", "interrupted", "failed"]

FIRST_CHUNK, LARGEST_CHUNK = 16, 512
"""Chunks begin small, so that a few pages use every worker, and grow, so that many pages make few parts."""


class RunSummary(msgspec.Struct, frozen=True, kw_only=True):
    """What a run did. `read` pages are `records` + all `rejects` + `skipped` (their rows were there before)."""

    run_id: str
    version: str
    out: str
    status: Status
    started: datetime
    seconds: float
    read: int
    skipped: int
    records: int
    rejects: dict[str, int]
    """Number of pages by reason."""
    removals: dict[str, int]
    """Number of removed texts by kind."""
    flags: dict[str, int]
    """Number of records by flag, such as the guard's."""
    max_reject_rate: float | None = None

    @property
    def pages_per_second(self) -> float:
        return self.read / self.seconds if self.seconds else 0.0

    @property
    def reject_rate(self) -> float:
        """Rejects among this run's new rows, 0 to 1."""
        refused = sum(self.rejects.values())
        return refused / (self.records + refused) if refused else 0.0

    @property
    def too_many_rejects(self) -> bool:
        return self.max_reject_rate is not None and self.reject_rate > self.max_reject_rate


def run(
    sources: StrPath | Iterable[StrPath],
    *,
    out: StrPath,
    rules: Iterable[StrPath] = (),
    jobs: int | None = None,
    manifest: StrPath | None = None,
    max_reject_rate: float | None = None,
    progress: Callable[[int], object] | None = None,
    limits: Limits | None = None,
    settings: Settings = DEFAULT,
    load_cleaner: Callable[[], Cleaner] | None = None,
) -> RunSummary:
    """Clean every page under `sources` into the dataset `out`, but those that have a row there already.

    `rules` are folders laid over the bundled rules, the last on top. `jobs` is the number of worker processes:
    by default one for each CPU this process may use; 0 cleans in this process, with no protection against a page
    that hangs or crashes it. `progress` is called with the number of pages finished since its last call.
    `load_cleaner` puts another page function in the place of the rules' own; each worker calls it once.

    Raises, before the first page: `RuleError` with every mistake in the rules, `UsageError` for a path or
    manifest that cannot be used, `StoreError` for an output that cannot be written or that another run holds.
    Raises `StoreError` during the run if the output fails; what was committed stays. A page never raises.
    """
    found = find_sources(sources, manifest)
    overlays = [os.path.abspath(path) for path in rules]  # noqa: PTH100
    if load_cleaner is None:
        load_rules(*overlays)  # a mistake stops the run here, not in its workers
    workers = count_cpus() if jobs is None else jobs
    folder = Path(os.path.abspath(out))  # noqa: PTH100
    with _hold(folder):
        started = datetime.now(UTC)
        job = Job(
            out=folder,
            run_id=f"{started:%Y%m%dT%H%M%SZ}-{os.urandom(3).hex()}",
            ingested_at=started,
            load_cleaner=load_cleaner or partial(load_rules_cleaner, overlays, settings),
            ledger=read_ledger(folder),
            limits=limits or Limits(),
        )
        chunks = make_chunks(found, workers)
        results = run_pool(chunks, job, workers) if workers else run_here(chunks, job)
        tally = _Tally(job, max_reject_rate)
        try:
            with closing(results):
                for result in results:
                    commit(result)
                    tally.add(result)
                    if progress:
                        progress(result.pages)
        except BaseException as error:
            status: Status = "interrupted" if isinstance(error, KeyboardInterrupt) else "failed"
            with suppress(StoreError):  # the first error is the one to show
                write_summary(tally.summarise(status), folder)
            raise
        summary = tally.summarise("done")
        write_summary(summary, folder)
        return summary


def load_rules_cleaner(overlays: Sequence[str], settings: Settings = DEFAULT) -> Cleaner:
    """The page function of the bundled rules with these folders over them. Raises `RuleError`."""
    # the extractors take a second to import, and the parent can do without
    from ingest.pipeline import clean_page

    rulebook = load_rules(*overlays)
    return lambda page: clean_page(page, rulebook, settings)


def make_chunks(sources: Iterator[Source], workers: int) -> Iterator[Chunk]:
    """The sources in chunks, small ones first."""
    for number in count():
        size = min(FIRST_CHUNK << (number // max(workers, 1)), LARGEST_CHUNK)
        chunk = tuple(islice(sources, size))
        if not chunk:
            return
        yield chunk


def count_cpus() -> int:
    """How many CPUs this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def write_summary(summary: RunSummary, out: Path) -> None:
    """Write `runs/<run_id>.json`, whole or not at all."""
    rates = {"pages_per_second": round(summary.pages_per_second, 1), "reject_rate": summary.reject_rate}
    content = msgspec.json.encode(msgspec.to_builtins(summary) | rates)
    target = out / "runs" / f"{summary.run_id}.json"
    hidden = target.with_name(f".{target.name}.tmp")
    try:
        hidden.write_bytes(msgspec.json.format(content) + b"\n")
        hidden.replace(target)
    except OSError as error:
        raise cannot_write(target.parent, error) from error


@contextmanager
def _hold(out: Path) -> Iterator[None]:
    """The output, made if need be, for this run alone; unfinished files are swept before and after."""
    open_output(out)
    lock = FileLock(out / ".lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise StoreError(f"Another run is writing to {out}. Run again when it is done.") from None
    except OSError as error:
        raise cannot_write(out, error) from error
    try:
        sweep(out)
        yield
        sweep(out)
    finally:
        lock.release()


class _Tally:
    """The counts of a run while it goes on."""

    def __init__(self, job: Job, max_reject_rate: float | None) -> None:
        self.job = job
        self.max_reject_rate = max_reject_rate
        self.clock = monotonic()
        self.skipped = self.records = 0
        self.rejects: Counter[str] = Counter()
        self.removals: Counter[str] = Counter()
        self.flags: Counter[str] = Counter()

    def add(self, result: ChunkResult) -> None:
        self.skipped += result.skipped
        self.records += result.records
        self.rejects += result.rejects
        self.removals += result.removals
        self.flags += result.flags

    def summarise(self, status: Status) -> RunSummary:
        return RunSummary(
            run_id=self.job.run_id,
            version=VERSION,
            out=str(self.job.out),
            status=status,
            started=self.job.ingested_at,
            seconds=round(monotonic() - self.clock, 3),
            read=self.skipped + self.records + self.rejects.total(),
            skipped=self.skipped,
            records=self.records,
            rejects=dict(self.rejects.most_common()),
            removals=dict(self.removals.most_common()),
            flags=dict(self.flags.most_common()),
            max_reject_rate=self.max_reject_rate,
        )
