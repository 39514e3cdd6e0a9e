"""What a refresh would do, found out on some rows of each site; nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from heapq import nsmallest
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from ingest.chunk import identities_of
from ingest.due import Due, find_due, only_site, take_waves
from ingest.filesystem import Location
from ingest.lock import make_holder
from ingest.refresh import Fresh, Refresh, make_job, outcome_of, redo, running
from ingest.reopen import Reopener
from ingest.rewrite import Identity, rows_of, stream_part
from ingest.rules import load_rules
from ingest.runner import digests_now, ignore
from ingest.schema import SCHEMAS
from ingest.store import open_output, read, read_rejects

PREVIEW_ROWS = 2000
PREVIEW_ROWS_OF_A_SITE = 50

NOT_COMPARED = ("rules_digest", "version", "run_id", "ingested_at", "source_stamp", "refreshed_at")


class SiteChange(msgspec.Struct, kw_only=True):
    """What a refresh would do to a table's rows of a site. Of the `due` so many were `looked_at`: cleaned again."""

    table: str
    site: str | None
    due: int = 0
    looked_at: int = 0
    same: int = 0
    changed: dict[str, int] = {}
    """Number of rows by the field that would change."""
    words_more: int = 0
    words_fewer: int = 0
    records: int = 0
    """Number of rejects that would become records."""
    rejects: dict[str, int] = {}
    """Number of records that would become rejects, by reason."""
    kept: int = 0
    """Rows whose source is gone or has other bytes."""


Changes = dict[tuple[str, str | None], SiteChange]
"""By table and site."""


def preview(out: Location, how: Refresh, *, progress: Callable[[int], object] = ignore) -> list[SiteChange]:
    """What `refresh` would do, by table and site, records before rejects, most rows first; nothing is written.

    Up to 50 rows of each are cleaned again, fewer if there are many sites, chosen by their `page_id`.
    """
    rulebook = load_rules(*how.rules)
    reopener = Reopener(how.manifest, how.fields)
    datasets = {"records": read(out), "rejects": read_rejects(out)}
    digest_of, only = digests_now(rulebook, how.settings), only_site(how.site, rulebook)
    due = chain.from_iterable(find_due(name, dataset, digest_of, only) for name, dataset in datasets.items())
    changes, sample = _choose(due, datasets)
    with TemporaryDirectory() as temporary:
        job = make_job(how, rulebook, open_output(Path(temporary)), make_holder())
        with running(job, how.jobs) as run:
            for wave in take_waves(sample):
                fresh = redo(wave, reopener, run)
                for part in wave:
                    _compare(part, fresh, datasets[part.table], changes)
                    progress(len(part.rows))
                fresh.discard()
    return sorted(changes.values(), key=lambda change: (change.table, -change.due, change.site or ""))


def _choose(due: Iterable[Due], datasets: Mapping[str, ds.Dataset]) -> tuple[Changes, list[Due]]:
    """What is due, and by part the rows to clean: those with the smallest hashes, which is any."""
    changes: Changes = {}
    smallest: dict[tuple[str, str | None], list[tuple[str, str, Identity]]] = {}
    columns = ("source", "source_digest", "site", "page_id")
    for name, part, wanted in due:
        rows = set(wanted)
        with pq.ParquetFile(part, filesystem=datasets[name].filesystem) as file:
            table = file.read(columns=list(columns))
        for source, digest, site, page_id in rows_of(table, columns):
            if (source, digest) in rows:
                changes.setdefault((name, site), SiteChange(table=name, site=site)).due += 1
                smallest.setdefault((name, site), []).append((page_id, part, (source, digest)))
        for key, some in smallest.items():
            smallest[key] = nsmallest(PREVIEW_ROWS_OF_A_SITE, some)
    each = max(1, PREVIEW_ROWS // max(1, len(smallest)))
    chosen = [(name, *row) for (name, _), some in smallest.items() for row in some[:each]][:PREVIEW_ROWS]
    parts: dict[tuple[str, str], list[Identity]] = {}
    for name, _, part, identity in sorted(chosen, key=lambda row: (row[0], *row[2:])):
        parts.setdefault((name, part), []).append(identity)
    return changes, [Due(name, part, rows) for (name, part), rows in parts.items()]


def _compare(due: Due, fresh: Fresh, dataset: ds.Dataset, changes: Changes) -> None:
    wanted = set(due.rows)
    for table in stream_part(due.part, dataset, SCHEMAS[due.table]):
        for place, identity in enumerate(identities_of(table)):
            if identity in wanted:
                (old,) = table.slice(place, 1).to_pylist()
                _count_change(old, identity, fresh, changes[due.table, old["site"]])


def _count_change(old: Mapping[str, Any], identity: Identity, fresh: Fresh, change: SiteChange) -> None:
    change.looked_at += 1
    outcome = outcome_of(identity, change.table, old["url"], fresh)
    if outcome not in SCHEMAS:
        change.kept += 1
        return
    (new,) = fresh.take(outcome, [identity]).to_pylist()
    if outcome != change.table:
        if outcome == "records":
            change.records += 1
        else:
            change.rejects = _plus(change.rejects, [new["reason"]])
        return
    fields = [name for name in new if name not in NOT_COMPARED and old[name] != new[name]]
    change.same += not fields
    change.changed = _plus(change.changed, fields)
    words = new.get("words_kept", 0) - old.get("words_kept", 0)
    change.words_more += max(words, 0)
    change.words_fewer += max(-words, 0)


def _plus(counts: Mapping[str, int], names: Iterable[str]) -> dict[str, int]:
    return dict((Counter(counts) + Counter(names)).most_common())
