"""Rows made anew whose rules or program have changed, each in the part it stands in.

    stale rows of some parts ─ their sources ─ chunks ─ workers ─ new rows ─ those that move, then the parts

First the records, then the rejects. Parts are taken in waves: the chunks of a wave are done by any worker in any
order, and when all are, its parts are replaced one by one. A row keeps its run and the time it came in;
`refreshed_at` says when it was made anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
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
from ingest.due import Due, find_due, only_site, take_waves
from ingest.duplicates import NAMED, SNAPSHOT, Duplicates, snapshots_in
from ingest.engines import count_cpus
from ingest.filesystem import Location, Place
from ingest.ledger import digest_number, part_name, read_ledger
from ingest.lock import Holder, hold
from ingest.pool import Pool
from ingest.records import RULED
from ingest.reopen import Reopener
from ingest.rewrite import (
    BATCH_ROWS,
    Identity,
    heal,
    moving,
    replace_part,
    rows_of,
    stage_stream,
    stream_part,
    take,
)
from ingest.rules import Rulebook, load_rules
from ingest.runner import StrPath, conclude, digests_now, ignore, rules_cleaner, unbroken
from ingest.schema import SCHEMAS
from ingest.settings import DEFAULT, Settings
from ingest.sources import close_container
from ingest.store import read, read_rejects, remove
from ingest.summary import RunSummary, Tally
from ingest.swap import finish_swap

CHUNK_ROWS = 64
FAILED = ("crashed", "timeout")
"""No reason to give up a record that is there."""

INHERITED = ["run_id", "ingested_at"]
"""What a row keeps when it is made anew."""

OTHER = {"records": "rejects", "rejects": "records"}
"""Where a row goes that does not stay in its table."""

Run = Callable[[Iterator[Chunk]], Iterator[ChunkResult]]


class Refresh(msgspec.Struct, frozen=True, kw_only=True):
    """How to make rows anew: as for `ingest.run`."""

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
    """Make the rows of `out` anew whose site's rules, or whose program's version, are others now.

    Of the rejects those whose reason is one that rules or program give a page. A row stays as it was if its source is
    gone (`gone`), has other bytes or cannot be read (`changed`), or has lost the address that a manifest gave it
    (`address`); a record also if its page now costs its worker's life (`failed`).
    Raises as `ingest.run`. After a failure or a kill what is done is kept, and the next refresh goes on from there.
    """
    rulebook = load_rules(*how.rules)
    reopener = Reopener(how.manifest, how.fields)
    read(out)  # raises for what is no dataset, before a folder is made
    with hold(out, wait) as held:
        job = make_job(how, rulebook, held.out, held.holder)
        tally = Tally(job, command="refresh")
        finish_swap(held.out)
        heal(held.out)
        digest_of, only = digests_now(rulebook, how.settings), only_site(how.site, rulebook)
        datasets = {"records": read(held.out), "rejects": read_rejects(held.out)}
        known = cache(lambda: Duplicates(read_ledger(held.out), job))

        def work() -> None:
            with running(job, how.jobs) as run:
                for table, dataset in datasets.items():
                    for wave in take_waves(find_due(table, dataset, digest_of, only)):
                        fresh = redo(wave, reopener, run)
                        for part in wave:
                            anew = stage_anew(part, fresh, dataset, job, known)
                            held.check()
                            put(anew, tally, known)
                            progress(anew.result.pages)
                        fresh.discard()

        return conclude(work, tally, held, ignore)


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


def make_job(how: Refresh, rulebook: Rulebook, out: Place, holder: Holder) -> Job:
    return Job(
        out=out,
        run_id=holder.run_id,
        ingested_at=holder.since,
        load_cleaner=how.load_cleaner or partial(rules_cleaner, rulebook, how.settings),
        limits=how.limits,
        redo=True,
    )


class Fresh:
    """What came of a wave's pages: staged rows, found by their identity."""

    def __init__(self) -> None:
        self.staged: list[Staged] = []
        self.rows: dict[str, dict[Identity, tuple[int, int]]] = {name: {} for name in SCHEMAS}
        """By table, the number of the staged part, and the row in it."""
        self.failed: set[Identity] = set()
        """Those of the rejects that cost a worker's life."""
        self.nowhere: set[Identity] = set()
        """Those that have no address, though the page was asked for one."""
        self.gone: set[str] = set()
        """Sources that are no more."""
        self._read = lru_cache(maxsize=8)(self._read_staged)

    def add(self, part: Staged) -> None:
        columns = ["source", "source_digest", "url", *(["reason"] if part.table == "rejects" else [])]
        table = pq.read_table(part.path.path, columns=columns, filesystem=part.path.filesystem)
        here = self.rows[part.table]
        for row, (source, digest, url, *reason) in enumerate(rows_of(table, columns)):
            identity = source, digest
            here[identity] = len(self.staged), row
            if reason and reason[0] in FAILED:
                self.failed.add(identity)
            if url is None and (not reason or reason[0] in RULED):
                self.nowhere.add(identity)
        self.staged.append(part)

    def take(
        self, table: str, identities: Iterable[Identity], columns: Sequence[str] | None = None
    ) -> pa.Table:
        """These rows, in this order; all their columns or these."""
        columns = columns or SCHEMAS[table].names
        tables = [SCHEMAS[table].empty_table().select(columns)]
        places = [self.rows[table][identity] for identity in identities]
        for number, rows in groupby(places, key=lambda place: place[0]):
            tables.append(take(self._read(number).select(columns), [row for _, row in rows]))
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
        for part in result.parts:
            fresh.add(part)
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
    """Its rows that move to the other table, which are to be there before they go here, and the counts."""

    moved: Counter[str]
    """Number of rows by the table they move to."""

    kept: Counter[str]
    """Why other rows stay."""

    part: str
    staged: tuple[Place, int] | None
    """The part written anew, and how many rows it has; None if it stays as it is."""


def stage_anew(
    due: Due, fresh: Fresh, dataset: ds.Dataset, job: Job, known: Callable[[], Duplicates]
) -> Anew:
    """Write the part with the new rows in the place of the old ones, where no reader sees it yet.

    `known` is asked whether a reject that is to be a record is one already, from another source.
    """
    here, there = due.table, OTHER[due.table]
    before = _read_before(due, dataset)
    outcomes = _decide(due, fresh, before)
    if there == "records" and outcomes[there]:
        _refuse_again(outcomes, fresh, known(), job)
    counted: dict[str, Counter[Any]] = {name: Counter() for name in (*SCHEMAS, "removals", "flags", "sites")}
    moves: tuple[Staged, ...] = ()
    snapshots = b""
    if leaving := outcomes[there]:
        moved = _take_moved(there, leaving, fresh, before, job, counted)
        place, _ = stage_stream(moved, job.out / there, SCHEMAS[there])
        moves = (Staged(there, place, part_name(leaving)),)
        snapshots = snapshots_in(fresh.take(there, leaving, SNAPSHOT)).tobytes()
    staged = None
    if outcomes[here] or moves:
        merged = _merge(due, dataset, fresh, outcomes, before, job, counted)
        staged = stage_stream(merged, job.out / here, SCHEMAS[here])
    kept = Counter({why: len(rows) for why, rows in outcomes.items() if why not in SCHEMAS})
    result = ChunkResult(
        parts=moves,
        skipped=kept.total(),
        records=counted["records"].total(),
        rejects=counted["rejects"],
        removals=counted["removals"],
        flags=counted["flags"],
        sites=counted["sites"],
        snapshots=snapshots,
    )
    return Anew(result, Counter({there: len(leaving)}), kept, due.part, staged)


def put(anew: Anew, tally: Tally, known: Callable[[], Duplicates]) -> None:
    """Make what is staged visible, and count it."""
    with unbroken():
        with moving(tally.job.out) if anew.result.parts else nullcontext():
            commit(anew.result)
            if anew.staged:
                replace_part(anew.part, *anew.staged)
        if anew.result.part("records"):
            known().add(anew.result)
        tally.moved += anew.moved
        tally.kept += anew.kept
        tally.add(anew.result)


def _read_before(due: Due, dataset: ds.Dataset) -> dict[Identity, Before]:
    columns = ["source", "source_digest", "run_id", "ingested_at", "url"]
    schema = pa.schema([SCHEMAS[due.table].field(name) for name in columns])
    wanted = set(due.rows)
    return {
        (source, digest): Before(*row)
        for table in stream_part(due.part, dataset, schema)
        for source, digest, *row in rows_of(table, columns)
        if (source, digest) in wanted
    }


def _decide(due: Due, fresh: Fresh, before: Mapping[Identity, Before]) -> dict[str, list[Identity]]:
    """The rows by the table their new rows belong to, or by why they stay as they are."""
    outcomes: dict[str, list[Identity]] = {name: [] for name in SCHEMAS}
    for identity in due.rows:
        outcome = outcome_of(identity, due.table, before[identity].url, fresh)
        outcomes.setdefault(outcome, []).append(identity)
    return outcomes


def outcome_of(identity: Identity, table: str, url: str | None, fresh: Fresh) -> str:
    """The table to which the new row of a row of `table` belongs, or why that stays as it is."""
    if identity[0] in fresh.gone:
        return "gone"
    if table == "records" and identity in fresh.failed:
        return "failed"
    if url and identity in fresh.nowhere:
        return "address"
    return next((name for name, rows in fresh.rows.items() if identity in rows), "changed")


def _refuse_again(outcomes: Mapping[str, list[Identity]], fresh: Fresh, known: Duplicates, job: Job) -> None:
    """Make those of the new records rejects whose snapshot is a record already, from another source."""
    rows = fresh.take("records", outcomes["records"], [*NAMED, "source_stamp"])
    if again := known.find_again(rows):
        (part,) = stage_tables({"rejects": known.rejects_of(rows, again)}, job)
        fresh.add(part)
        refused = {outcomes["records"][place] for place in again}
        outcomes["records"][:] = [one for one in outcomes["records"] if one not in refused]
        outcomes["rejects"].extend(refused)


def _take_moved(
    table: str,
    identities: Sequence[Identity],
    fresh: Fresh,
    before: Mapping[Identity, Before],
    job: Job,
    counted: Mapping[str, Counter[Any]],
) -> Iterator[pa.Table]:
    """The new rows of those that move to this table, some at a time."""
    for first in range(0, len(identities), BATCH_ROWS):
        some = identities[first : first + BATCH_ROWS]
        rows = _inherit(fresh.take(table, some), [before[one] for one in some], job)
        _count(table, rows, counted)
        yield rows


def _merge(
    due: Due,
    dataset: ds.Dataset,
    fresh: Fresh,
    outcomes: Mapping[str, list[Identity]],
    before: Mapping[Identity, Before],
    job: Job,
    counted: Mapping[str, Counter[Any]],
) -> Iterator[pa.Table]:
    """The part's rows in their order, the new ones in the place of the old ones."""
    made, gone = set(outcomes[due.table]), set(outcomes[OTHER[due.table]])
    for old in stream_part(due.part, dataset, SCHEMAS[due.table]):
        identities = list(identities_of(old))
        places = [place for place, identity in enumerate(identities) if identity in made]
        replaced = [identities[place] for place in places]
        new = _inherit(fresh.take(due.table, replaced), [before[one] for one in replaced], job)
        _count(due.table, new, counted)
        order = [place for place, identity in enumerate(identities) if identity not in gone]
        instead = {place: len(old) + number for number, place in enumerate(places)}
        yield take(pa.concat_tables([old, new]), [instead.get(place, place) for place in order])


def _inherit(table: pa.Table, before: Sequence[Before], job: Job) -> pa.Table:
    """New rows with what they keep of the old ones, and when they were made anew."""
    kept: dict[str, list[Any]] = {name: [getattr(row, name) for row in before] for name in INHERITED}
    for name, values in {**kept, "refreshed_at": [job.ingested_at] * len(table)}.items():
        field = table.schema.field(name)
        table = table.set_column(table.schema.get_field_index(name), field, pa.array(values, field.type))
    return table


def _count(name: str, rows: pa.Table, counted: Mapping[str, Counter[Any]]) -> None:
    """Count new rows of this table."""
    counted["sites"].update((site, name) for site in rows["site"].to_pylist())
    if name == "rejects":
        counted[name].update(rows["reason"].to_pylist())
        return
    counted[name]["made"] += len(rows)
    counted["removals"].update(pc.struct_field(pc.list_flatten(rows["removals"]), "kind").to_pylist())
    counted["flags"].update(pc.list_flatten(rows["flags"]).to_pylist())
