"""A run: sources in chunks through an engine, parts committed one by one, a summary at the end.

    find_sources ─ unchanged? ─ chunks ─ engine (pool of workers) ─ duplicate? ─ commit ─ RunSummary

Only this process makes parts visible, one chunk at a time, and it holds the output's lock. So after a kill at
any moment each page has one row or none, and running again makes those that are missing.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from functools import cache, partial
from itertools import count, islice
from types import FrameType

import msgspec

from ingest.chunk import Chunk, ChunkResult, Cleaner, Job, Limits, SeenSource, commit
from ingest.duplicates import Duplicates
from ingest.engines import choose_engine, count_cpus
from ingest.errors import StoreError
from ingest.events import Listener, RunStarted
from ingest.ledger import Ledger, read_ledger
from ingest.lock import Hold, hold
from ingest.rewrite import recover
from ingest.rules import Rulebook, load_rules
from ingest.settings import DEFAULT, Settings
from ingest.sources import Source, find_sources
from ingest.summary import RunSummary, Status, Tally, write_summary
from ingest.version import VERSION

StrPath = str | os.PathLike[str]

PASSED_AT_ONCE = 1000

FIRST_CHUNK, LARGEST_CHUNK = 16, 512
"""Chunks begin small, so that a few pages use every worker, and grow, so that many pages make few parts."""


def run(
    sources: StrPath | Iterable[StrPath],
    *,
    out: StrPath,
    rules: Iterable[StrPath] = (),
    wait: float = 0,
    jobs: int | None = None,
    manifest: StrPath | None = None,
    fields: Mapping[str, str] | None = None,
    max_reject_rate: float | None = None,
    progress: Callable[[int], object] | None = None,
    limits: Limits | None = None,
    settings: Settings = DEFAULT,
    load_cleaner: Callable[[], Cleaner] | None = None,
    engine: str = "local",
    address: str | None = None,
    listen: Listener | None = None,
    reread: bool = False,
) -> RunSummary:
    """Clean every page under `sources` into the dataset `out`, but those that have a row there already.

    `rules` are folders laid over the bundled rules, the last on top. `jobs` is the number of worker processes:
    by default one for each CPU this process may use; 0 cleans in this process, with no protection against a page
    that hangs or crashes it. `fields` names the columns of JSON lines and Parquet, such as
    `{"html": "content", "url": "link"}`. `progress` is called with the number of pages finished since its last call.
    `load_cleaner` puts another page function in the place of the rules' own; each worker calls it once.
    `engine` is `local`, or `ray` for the cluster at `address` (without one: as `ray.init` finds it). `listen` hears
    what happens on the way, and at the end, however the run ends, its summary. With `reread` also those sources are
    read that look from outside as they did when their rows were made.

    Raises, before the first page: `RuleError` with every mistake in the rules, `UsageError` for a path or
    manifest that cannot be used, `StoreError` for an output that cannot be written, `BusyError` for one that
    another run holds for more than `wait` seconds.
    Raises `StoreError` during the run if the output fails; what was committed stays. A page never raises.
    """
    not_pages: Counter[str] = Counter()
    found = find_sources(sources, manifest, fields, not_pages, out)
    overlays = [os.path.abspath(path) for path in rules]  # noqa: PTH100
    if load_cleaner is None:  # a mistake in the rules stops the run here, not in its workers
        load_cleaner = partial(rules_cleaner, load_rules(*overlays), settings)
    run_chunks = choose_engine(engine, address)
    tell = listen or ignore
    with hold(out, wait) as held:
        job = Job(
            out=held.out,
            run_id=held.holder.run_id,
            ingested_at=held.holder.since,
            load_cleaner=load_cleaner,
            limits=limits or Limits(),
        )
        tell(RunStarted(run_id=job.run_id, version=VERSION, out=str(held.out), engine=engine))
        tally = Tally(job, max_reject_rate, not_pages)

        def heed(result: ChunkResult) -> None:
            tally.add(result)
            for event in result.events:
                tell(event)
            if progress and result.pages:
                progress(result.pages)

        recover(held.out)
        ledger = read_ledger(held.out)
        duplicates = Duplicates(ledger, job)
        new = pass_over(found, ledger, heed, reread=reread)
        chunks = make_chunks(new, jobs or count_cpus())

        def work() -> None:
            with closing(run_chunks(chunks, job, jobs)) as results:
                for result in map(duplicates.settle, results):
                    held.check()
                    with unbroken():
                        commit(result)
                        duplicates.add(result)
                        heed(result)

        return conclude(work, tally, held, tell)


def conclude(work: Callable[[], object], tally: Tally, held: Hold, tell: Listener) -> RunSummary:
    """What was done by `work`, which counts it in `tally`; written down and told, also if it fails."""
    try:
        work()
    except BaseException as error:
        status: Status = "interrupted" if isinstance(error, KeyboardInterrupt) else "failed"
        summary = tally.summarise(status)
        with suppress(StoreError):  # the first error is the one to show
            held.check()
            write_summary(summary, held.out)
        tell(summary)
        raise
    summary = tally.summarise("done")
    write_summary(summary, held.out)
    tell(summary)
    return summary


@contextmanager
def unbroken() -> Iterator[None]:
    """Ctrl-C and SIGTERM wait for the block's end, so that what is committed is counted. A second one does not wait."""
    if (
        threading.current_thread() is not threading.main_thread()
    ):  # no other thread may ask, and none is interrupted
        yield
        return
    came: list[int] = []

    def wait(number: int, frame: FrameType | None) -> None:
        if came:
            os._exit(128 + number)
        came.append(number)

    before = {number: signal.signal(number, wait) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        if came:
            signal.raise_signal(came[0])


def rules_cleaner(rulebook: Rulebook, settings: Settings = DEFAULT) -> Cleaner:
    """The page function of these rules. Workers get them as they were read when the run began."""
    # the extractors take a second to import, and the parent can do without
    from ingest.pipeline import clean_page

    return partial(clean_page, rulebook=rulebook, settings=settings)


def digests_now(rulebook: Rulebook, settings: Settings) -> Callable[[str | None], str]:
    """`pipeline.digest_of_site` for these rules, each site's worked out once."""
    from ingest.pipeline import digest_of_site

    return cache(partial(digest_of_site, rulebook=rulebook, settings=settings))


def pass_over(
    sources: Iterator[Source], ledger: Ledger, heed: Callable[[ChunkResult], object], *, reread: bool = False
) -> Iterator[Source]:
    """The sources to read. `heed` hears of the others, those with a row and the same stamp, now and then."""
    passed = 0
    for source in sources:
        if not reread and ledger.unchanged(source.name, source.stamp):
            passed += 1
            if passed % PASSED_AT_ONCE == 0:
                heed(ChunkResult(skipped=PASSED_AT_ONCE))
        elif digests := ledger.digests_of(source.name):
            yield SeenSource(**msgspec.structs.asdict(source), digests=digests)
        else:
            yield source
    heed(ChunkResult(skipped=passed % PASSED_AT_ONCE))


def make_chunks(sources: Iterator[Source], workers: int) -> Iterator[Chunk]:
    """The sources in chunks, small ones first, and last: the workers end together.

    A chunk for each worker is found ahead; when there are not so many left, they share what is there.
    """
    workers = max(workers, 1)
    ahead: deque[Source] = deque()
    for number in count():
        size = min(FIRST_CHUNK << number // workers, LARGEST_CHUNK)
        ahead.extend(islice(sources, size * workers - len(ahead)))
        share = max(min(size, len(ahead) // workers), min(size, FIRST_CHUNK))
        chunk = tuple(ahead.popleft() for _ in range(min(share, len(ahead))))
        if not chunk:
            return
        yield chunk


def ignore(event: object) -> None:
    pass
