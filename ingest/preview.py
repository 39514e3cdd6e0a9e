"""What a refresh would do, found out on some records of each site; nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from heapq import nsmallest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from ingest.chunk import identities_of
from ingest.filesystem import Location
from ingest.lock import make_holder
from ingest.refresh import (
    FAILED,
    Due,
    Fresh,
    Refresh,
    digests_now,
    find_due,
    make_job,
    only_site,
    redo,
    running,
    take_waves,
)
from ingest.reopen import Reopener
from ingest.rewrite import Identity, rows_of, stream_part
from ingest.rules import load_rules
from ingest.runner import ignore
from ingest.schema import RECORDS, REJECTS
from ingest.store import open_output, read

PREVIEW_ROWS = 2000
PREVIEW_ROWS_OF_A_SITE = 50

NOT_COMPARED = ("rules_digest", "version", "run_id", "ingested_at", "source_stamp", "refreshed_at")


class SiteChange(msgspec.Struct, kw_only=True):
    """What a refresh would do to a site's records. Of the `due` ones so many were `looked_at`: cleaned again."""

    site: str | None
    due: int = 0
    looked_at: int = 0
    same: int = 0
    changed: dict[str, int] = {}
    """Number of records by the field that would change."""
    words_more: int = 0
    words_fewer: int = 0
    rejects: dict[str, int] = {}
    """Number of records that would become rejects, by reason."""
    kept: int = 0
    """Records whose source is gone or has other bytes."""


def preview(out: Location, how: Refresh, *, progress: Callable[[int], object] = ignore) -> list[SiteChange]:
    """What `refresh` would do, by site, most records first; nothing is written.

    Up to 50 records of each site are cleaned again, fewer if there are many sites, chosen by their `page_id`.
    """
    rulebook = load_rules(*how.rules)
    reopener = Reopener(how.manifest, how.fields)
    records = read(out)
    due = find_due(records, digests_now(rulebook, how.settings), only_site(how.site, rulebook))
    changes, sample = _choose(due, records)
    with TemporaryDirectory() as temporary:
        job = make_job(how, open_output(Path(temporary)), make_holder())
        with running(job, how.jobs) as run:
            for wave in take_waves(sample):
                fresh = redo(wave, reopener, run)
                for part in wave:
                    _compare(part, fresh, records, changes)
                    progress(len(part.rows))
                fresh.discard()
    return sorted(changes.values(), key=lambda change: (-change.due, change.site or ""))


def _choose(due: Iterable[Due], records: ds.Dataset) -> tuple[dict[str | None, SiteChange], list[Due]]:
    """The sites, and by part the rows to clean: those with the smallest hashes, which is any."""
    changes: dict[str | None, SiteChange] = {}
    smallest: dict[str | None, list[tuple[str, str, Identity]]] = {}
    columns = ("source", "source_digest", "site", "page_id")
    for part, wanted in due:
        rows = set(wanted)
        with pq.ParquetFile(part, filesystem=records.filesystem) as file:
            table = file.read(columns=list(columns))
        for source, digest, site, page_id in rows_of(table, columns):
            if (source, digest) in rows:
                changes.setdefault(site, SiteChange(site=site)).due += 1
                smallest.setdefault(site, []).append((page_id, part, (source, digest)))
        for site, some in smallest.items():
            smallest[site] = nsmallest(PREVIEW_ROWS_OF_A_SITE, some)
    each = max(1, PREVIEW_ROWS // max(1, len(smallest)))
    chosen = [row for some in smallest.values() for row in some[:each]][:PREVIEW_ROWS]
    parts: dict[str, list[Identity]] = {}
    for _, part, identity in sorted(chosen, key=lambda row: row[1:]):
        parts.setdefault(part, []).append(identity)
    return changes, [Due(part, rows) for part, rows in parts.items()]


def _compare(due: Due, fresh: Fresh, records: ds.Dataset, changes: Mapping[str | None, SiteChange]) -> None:
    wanted = set(due.rows)
    for table in stream_part(due.part, records, RECORDS):
        for place, identity in enumerate(identities_of(table)):
            if identity in wanted:
                (old,) = table.slice(place, 1).to_pylist()
                _count_change(old, identity, fresh, changes[old["site"]])


def _count_change(old: Mapping[str, Any], identity: Identity, fresh: Fresh, change: SiteChange) -> None:
    change.looked_at += 1
    if identity in fresh.rejects:
        (new,) = fresh.take([fresh.rejects[identity]], REJECTS).to_pylist()
        if new["reason"] in FAILED:
            change.kept += 1
        else:
            change.rejects = _plus(change.rejects, [new["reason"]])
        return
    if identity not in fresh.records or (old["url"] and identity in fresh.nowhere):
        change.kept += 1
        return
    (new,) = fresh.take([fresh.records[identity]], RECORDS).to_pylist()
    fields = [name for name in RECORDS.names if name not in NOT_COMPARED and old[name] != new[name]]
    change.same += not fields
    change.changed = _plus(change.changed, fields)
    words = new["words_kept"] - old["words_kept"]
    change.words_more += max(words, 0)
    change.words_fewer += max(-words, 0)


def _plus(counts: Mapping[str, int], names: Iterable[str]) -> dict[str, int]:
    return dict((Counter(counts) + Counter(names)).most_common())
