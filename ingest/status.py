"""What a dataset holds and how its runs went, from footers and small columns only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
from pyarrow.fs import FileSelector

from ingest.filesystem import Location, Place, locate
from ingest.ledger import read_parts
from ingest.rewrite import MOVING
from ingest.store import read, read_rejects
from ingest.swap import NOTE

RUNS_SHOWN = 5
SITES_SHOWN = 20


class TableStatus(msgspec.Struct, frozen=True):
    """How large a table is."""

    parts: int
    bytes: int
    rows: int


class DatasetStatus(msgspec.Struct, frozen=True, kw_only=True):
    """What a dataset holds."""

    out: str
    records: TableStatus
    rejects: TableStatus
    reasons: dict[str, int]
    """Number of rejects by reason."""
    sites: int
    largest_sites: dict[str, int]
    """Number of records of the largest sites."""
    runs: int
    last_runs: list[dict[str, Any]]
    """Summaries, the newest first."""
    unfinished: list[str]
    """What was killed or still goes on, in sentences."""


def read_status(out: Location) -> DatasetStatus:
    """The status of a dataset. Raises `StoreError` if there is none."""
    place = locate(out)
    records, rejects = read(place), read_rejects(place)
    sites: Counter[str | None] = Counter()
    reasons: Counter[str] = Counter()
    ids: set[str | None] = set()
    tables = [
        _count(dataset, column, counter, ids)
        for dataset, column, counter in ((records, "site", sites), (rejects, "reason", reasons))
    ]
    runs = _list(place / "runs")
    summaries = sorted(name for name in runs if name.endswith(".json") and not name.startswith("."))
    known = {name.removesuffix(".json") for name in summaries}
    last = [_read_summary(place / "runs" / name) for name in summaries[: -RUNS_SHOWN - 1 : -1]]
    return DatasetStatus(
        out=str(place),
        records=tables[0],
        rejects=tables[1],
        reasons=dict(reasons.most_common()),
        sites=len(sites.keys() - {None}),
        largest_sites={site: rows for site, rows in sites.most_common(SITES_SHOWN + 1) if site},
        runs=len(summaries),
        last_runs=sorted(filter(None, last), key=lambda summary: str(summary.get("started")), reverse=True),
        unfinished=list(_unfinished(place, last, {run for run in ids if run} - known)),
    )


def _count(dataset: ds.Dataset, column: str, counter: Counter[Any], ids: set[str | None]) -> TableStatus:
    rows = 0
    for _, table in read_parts(dataset, (column, "run_id")):
        rows += len(table)
        counts = pc.value_counts(table[column])
        counter.update({pair["values"]: pair["counts"] for pair in counts.to_pylist()})
        ids.update(pc.unique(table["run_id"]).to_pylist())
    files = dataset.filesystem.get_file_info(dataset.files)
    return TableStatus(len(files), sum(file.size for file in files), rows)


def _unfinished(out: Place, last: Iterable[dict[str, Any]], silent: set[str]) -> Iterable[str]:
    for run in sorted(silent):
        yield f"{run} has rows and no summary: it still goes on, or it was killed."
    for summary in last:
        if summary.get("status") in ("interrupted", "failed"):
            yield f"{summary['run_id']} ended before all was done ({summary['status']})."
    for table in ("records", "rejects"):
        if staged := sum(name.startswith(".") for name in _list(out / table)):
            yield f"{table} has {staged} unfinished files; the next command that writes deletes them."
    if MOVING in _list(out):
        yield (
            "A refresh or a compaction was killed or still goes on; until the next command that writes, pages may be "
            "there both as record and as reject."
        )
    if NOTE in _list(out):
        yield "A compaction was killed or still goes on; until the next command that writes, rows may be there twice."


def _list(folder: Place) -> list[str]:
    selector = FileSelector(folder.path, allow_not_found=True)
    return [info.base_name for info in folder.filesystem.get_file_info(selector)]


def _read_summary(file: Place) -> dict[str, Any]:
    try:
        with file.filesystem.open_input_stream(file.path) as stream:
            return msgspec.json.decode(stream.read(), type=dict[str, Any])
    except (OSError, msgspec.DecodeError, pa.ArrowInvalid):
        return {}
