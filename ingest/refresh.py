"""Records made anew whose rules or program have changed, each in the part it stands in.

    stale rows of some parts ─ their sources ─ chunks ─ workers ─ new rows ─ rejects, then the parts, written anew

Parts are taken in waves: the chunks of a wave are done by any worker in any order, and when all are, its parts are
replaced one by one. A row keeps its run and the time it came in; `refreshed_at` says when it was made anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache, partial
from itertools import groupby
from typing import Any, NamedTuple

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from ingest.chunk import (
    Chunk,
    ChunkResult,
    Cleaner,
    Job,
    Limits,
    SeenSource,
    Staged,
    commit,
    identities_of,
    process_chunk,
    stage_tables,
)
from ingest.engines import count_cpus
from ingest.filesystem import Location, Place
from ingest.ledger import digest_number, read_parts
from ingest.lock import Holder, hold
from ingest.pool import Pool
from ingest.reopen import Reopener
from ingest.rewrite import Identity, heal, replace_part, rows_of, stage_stream, stream_part, take
from ingest.rules import Rulebook, load_rules
from ingest.runner import StrPath, conclude, ignore, load_rules_cleaner, unbroken
from ingest.schema import RECORDS, REJECTS
from ingest.settings import DEFAULT, Settings
from ingest.sources import close_container
from ingest.store import read, remove
from ingest.summary import RunSummary, Tally
from ingest.swap import finish_swap
from ingest.version import VERSION

WAVE_ROWS = 4096
"""Parts are taken together until so many of their rows are due."""

CHUNK_ROWS = 64
FAILED = ("crashed", "timeout")
"""No reason to give up a record that is there."""

INHERITED = ["run_id", "ingested_at"]
"""What a row keeps when it is made anew."""

Run = Callable[[Iterator[Chunk]], Iterator[ChunkResult]]


class Due(NamedTuple):
    """The rows of a part that are to be made anew."""

    part: str
    rows: list[Identity]


class Refresh(msgspec.Struct, frozen=True, kw_only=True):
    """How to make records anew: as for `ingest.run`."""

    site: str | None = None
    rules: Sequence[str] = ()
    settings: Settings = DEFAULT
    jobs: int | None = None
    manifest: StrPath | None = None
    fields: Mapping[str, str] | None = None
    limits: Limits = Limits()
    load_cleaner: Callable[[], Cleaner] | None = None


def refresh(
    out: Location, how: Refresh, *, wait: float = 0, progress: Callable[[int], object] = ignore
) -> RunSummary:
    """Make the records of `out` anew whose site's rules, or whose program's version, are others now.

    A record stays as it was if its source is gone (`gone`), has other bytes or cannot be read (`changed`), costs its
    worker's life (`failed`), or has lost the address that a manifest gave it (`address`).
    Raises as `ingest.run`. After a failure or a kill what is done is kept, and the next refresh goes on from there.
    """
    rulebook = load_rules(*how.rules)
    reopener = Reopener(how.manifest, how.fields)
    read(out)  # raises for what is no dataset, before a folder is made
    with hold(out, wait) as held:
        job = make_job(how, held.out, held.holder)
        tally = Tally(job, command="refresh")
        finish_swap(held.out)
        heal(held.out)
        records = read(held.out)
        due = find_due(records, digests_now(rulebook, how.settings), only_site(how.site, rulebook))

        def work() -> None:
            with running(job, how.jobs) as run:
                for wave in take_waves(due):
                    fresh = redo(wave, reopener, run)
                    for part in wave:
                        anew = stage_anew(part, fresh, records, job)
                        held.check()
                        put(anew, tally)
                        progress(anew.result.pages)
                    fresh.discard()

        return conclude(work, tally, held, ignore)


# -- which rows --------------------------------------------------------------------------------------------


def digests_now(rulebook: Rulebook, settings: Settings) -> Callable[[str | None], str]:
    """The `rules_digest` of a site's records, were they made now; for sites without rules that of all packs."""
    from ingest.pipeline import digest_with  # takes a second, with the extractors

    @cache
    def digest_of(site: str | None) -> str:
        name = site if site in rulebook.sites else rulebook.site_of_host(site)
        return digest_with(rulebook.rules_for(name).digest, settings)

    return digest_of


def find_due(
    records: ds.Dataset, digest_of: Callable[[str | None], str], only: Callable[[str | None], bool]
) -> Iterator[Due]:
    """The stale rows, part by part: made with other rules than their site has now, or by another version."""
    columns = ("source", "source_digest", "site", "rules_digest", "version")
    for part, table in read_parts(records, columns):
        due = [
            (source, digest)
            for source, digest, site, rules, version in rows_of(table, columns)
            if only(site) and (rules != digest_of(site) or version != VERSION)
        ]
        if due:
            yield Due(part, due)


def only_site(site: str | None, rulebook: Rulebook) -> Callable[[str | None], bool]:
    """Whether a row's site is the one that is asked for, by its present name or by that of its host."""
    return lambda other: site is None or site in (other, rulebook.site_of_host(other))


def take_waves(due: Iterable[Due]) -> Iterator[list[Due]]:
    """Parts in groups with rows enough to keep all workers busy."""
    wave: list[Due] = []
    rows = 0
    for part in due:
        wave.append(part)
        rows += len(part.rows)
        if rows >= WAVE_ROWS:
            yield wave
            wave, rows = [], 0
    if wave:
        yield wave


# -- the work ----------------------------------------------------------------------------------------------


@contextmanager
def running(job: Job, jobs: int | None) -> Iterator[Run]:
    """What does chunks: worker processes that stay from wave to wave, or with 0 this process."""
    if jobs == 0:
        clean = job.load_cleaner()
        try:
            yield lambda chunks: (process_chunk(chunk, job, clean) for chunk in chunks)
        finally:
            close_container()
        return
    pool = Pool(job, jobs or count_cpus())
    try:
        yield pool.run
    finally:
        pool.stop()


def make_job(how: Refresh, out: Place, holder: Holder) -> Job:
    return Job(
        out=out,
        run_id=holder.run_id,
        ingested_at=holder.since,
        load_cleaner=how.load_cleaner or partial(load_rules_cleaner, list(how.rules), how.settings),
        limits=how.limits,
        redo=True,
    )


class Fresh:
    """What came of a wave's pages: staged rows, found by their identity."""

    def __init__(self) -> None:
        self.staged: list[Staged] = []
        self.records: dict[Identity, tuple[int, int]] = {}
        """The number of the staged part, and the row in it."""
        self.rejects: dict[Identity, tuple[int, int]] = {}
        self.nowhere: set[Identity] = set()
        """Those of the records that have no address."""
        self.gone: set[str] = set()
        """Sources that are no more."""
        self._read = lru_cache(maxsize=8)(self._read_staged)

    def add(self, result: ChunkResult) -> None:
        for part in result.parts:
            columns = ["source", "source_digest", "url"]
            table = pq.read_table(part.path.path, columns=columns, filesystem=part.path.filesystem)
            rows = self.records if part.table == "records" else self.rejects
            rows.update(
                {identity: (len(self.staged), row) for row, identity in enumerate(identities_of(table))}
            )
            self.nowhere.update(identities_of(table.filter(pc.field("url").is_null())))
            self.staged.append(part)

    def take(self, places: Iterable[tuple[int, int]], schema: pa.Schema) -> pa.Table:
        """The rows at these places, in this order."""
        tables = [schema.empty_table()]
        for number, rows in groupby(places, key=lambda place: place[0]):
            tables.append(take(self._read(number), [row for _, row in rows]))
        return pa.concat_tables(tables)

    def discard(self) -> None:
        """Delete the staged parts."""
        for part in self.staged:
            remove(part.path)

    def _read_staged(self, number: int) -> pa.Table:
        place = self.staged[number].path
        return pq.read_table(place.path, filesystem=place.filesystem)


def redo(wave: list[Due], reopener: Reopener, run: Run) -> Fresh:
    """Clean the wave's pages again, and stage what comes of them."""
    found = reopener.open(source for due in wave for source, _ in due.rows)
    fresh = Fresh()
    fresh.gone = {source for due in wave for source, _ in due.rows if source not in found}

    def chunks() -> Iterator[Chunk]:
        for due in wave:
            pages = [
                SeenSource(**msgspec.structs.asdict(found[source]), digests=(digest_number(digest),))
                for source, digest in due.rows
                if source in found
            ]
            for first in range(0, len(pages), CHUNK_ROWS):
                chunk = pages[first : first + CHUNK_ROWS]
                yield tuple(
                    sorted(chunk, key=lambda page: (page.path, page.offset))
                )  # archives are read forwards

    for result in run(chunks()):
        fresh.add(result)
    return fresh


# -- the parts ---------------------------------------------------------------------------------------------


class Before(NamedTuple):
    """What is needed of a row that is to be made anew."""

    run_id: str | None
    ingested_at: Any
    url: str | None


class Anew(NamedTuple):
    """What a part becomes, staged, and what is counted when it has."""

    result: ChunkResult
    """Its rows that become rejects, which are to be there before they go here, and the counts."""

    kept: Counter[str]
    """Why other rows stay."""

    part: str
    staged: tuple[Place, int] | None
    """The part written anew, and how many rows it has; None if it stays as it is."""


def stage_anew(due: Due, fresh: Fresh, records: ds.Dataset, job: Job) -> Anew:
    """Write the part with the new rows in the place of the old ones, where no reader sees it yet."""
    before = _read_before(due, records)
    refused = _refuse(due, fresh, before, job)
    gone = set(identities_of(refused))
    made = {identity for identity in due.rows if identity in fresh.records}
    lost = {identity for identity in made & fresh.nowhere if before[identity].url}
    made -= lost
    counted: dict[str, Counter[Any]] = {name: Counter() for name in ("removals", "flags", "sites")}
    staged = None
    if made or gone:
        merged = _merge(due.part, records, fresh, made, gone, job, counted)
        staged = stage_stream(merged, job.out / "records", RECORDS)
    kept = Counter(
        gone=sum(source in fresh.gone for source, _ in due.rows),
        failed=sum(identity in fresh.rejects for identity in due.rows) - len(gone),
        address=len(lost),
    )
    kept["changed"] = len(due.rows) - len(made) - len(gone) - kept.total()
    counted["sites"].update((site, "rejects") for site in refused["site"].to_pylist())
    result = ChunkResult(
        parts=stage_tables({"rejects": refused} if gone else {}, job),
        skipped=kept.total(),
        records=len(made),
        rejects=Counter(refused["reason"].to_pylist()),
        removals=counted["removals"],
        flags=counted["flags"],
        sites=counted["sites"],
    )
    return Anew(result, +kept, due.part, staged)


def put(anew: Anew, tally: Tally) -> None:
    """Make what is staged visible, and count it."""
    with unbroken():
        commit(anew.result)
        if anew.staged:
            replace_part(anew.part, *anew.staged)
        tally.kept += anew.kept
        tally.add(anew.result)


def _read_before(due: Due, records: ds.Dataset) -> dict[Identity, Before]:
    columns = ["source", "source_digest", "run_id", "ingested_at", "url"]
    wanted = set(due.rows)
    return {
        (source, digest): Before(*row)
        for table in stream_part(due.part, records, pa.schema([RECORDS.field(name) for name in columns]))
        for source, digest, *row in rows_of(table, columns)
        if (source, digest) in wanted
    }


def _refuse(due: Due, fresh: Fresh, before: Mapping[Identity, Before], job: Job) -> pa.Table:
    """The new rejects among the rows that were records."""
    table = fresh.take(
        [fresh.rejects[identity] for identity in due.rows if identity in fresh.rejects], REJECTS
    )
    table = table.filter(~pc.field("reason").isin(FAILED))
    befores = [before[identity] for identity in identities_of(table)]
    return _inherit(table, {name: [getattr(row, name) for row in befores] for name in INHERITED}, job)


def _merge(
    part: str,
    records: ds.Dataset,
    fresh: Fresh,
    made: set[Identity],
    gone: set[Identity],
    job: Job,
    counted: Mapping[str, Counter[Any]],
) -> Iterator[pa.Table]:
    """The part's rows in their order, the new ones in the place of the old ones."""
    for old in stream_part(part, records, RECORDS):
        identities = list(identities_of(old))
        places = [place for place, identity in enumerate(identities) if identity in made]
        new = fresh.take([fresh.records[identities[place]] for place in places], RECORDS)
        replaced = take(old.select(INHERITED), places)
        new = _inherit(new, {name: replaced[name].to_pylist() for name in INHERITED}, job)
        counted["removals"].update(pc.struct_field(pc.list_flatten(new["removals"]), "kind").to_pylist())
        counted["flags"].update(pc.list_flatten(new["flags"]).to_pylist())
        counted["sites"].update((site, "records") for site in new["site"].to_pylist())
        order = [place for place, identity in enumerate(identities) if identity not in gone]
        instead = {place: len(old) + number for number, place in enumerate(places)}
        yield take(pa.concat_tables([old, new]), [instead.get(place, place) for place in order])


def _inherit(table: pa.Table, columns: Mapping[str, list[Any]], job: Job) -> pa.Table:
    """New rows with these columns of the old ones, and when they were made anew."""
    for name, values in {**columns, "refreshed_at": [job.ingested_at] * len(table)}.items():
        field = table.schema.field(name)
        table = table.set_column(table.schema.get_field_index(name), field, pa.array(values, field.type))
    return table
