"""A run: sources in chunks through an engine, parts committed one by one, a summary at the end.

    find_sources ─ chunks ─ engine (pool of workers) ─ commit ─ RunSummary

Only this process makes parts visible, one chunk at a time, and it holds the output's lock. So after a kill at
any moment each page has one row or none, and running again makes those that are missing.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime
from functools import partial
from itertools import count, islice
from pathlib import Path

from ingest.chunk import Chunk, Cleaner, Job, Limits, commit
from ingest.errors import StoreError
from ingest.ledger import read_ledger
from ingest.lock import hold
from ingest.pool import run_here, run_pool
from ingest.rules import load_rules
from ingest.settings import DEFAULT, Settings
from ingest.sources import Source, find_sources
from ingest.summary import RunSummary, Status, Tally, write_summary

StrPath = str | os.PathLike[str]

FIRST_CHUNK, LARGEST_CHUNK = 16, 512
"""Chunks begin small, so that a few pages use every worker, and grow, so that many pages make few parts."""


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
    with hold(folder):
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
        tally = Tally(job, max_reject_rate)
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
