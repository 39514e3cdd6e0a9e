"""The same snapshot of a page from two sources: the first that is committed is the record, the others are rejects.

A snapshot is a page's bytes: the same `page_id` and the same `source_digest`. Workers do not know each other's
pages, so this is settled by the run's own process, before it commits a chunk: it compares numbers, and opens parts
only where they agree.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from ingest.chunk import ChunkResult, Job, stage_tables
from ingest.ledger import Ledger, Numbers, snapshot_number
from ingest.records import Reject
from ingest.rewrite import take
from ingest.schema import rejects_table
from ingest.store import remove

FOLDED_AT = 100_000
"""So many snapshots of this run are kept in a dictionary, before they go into the arrays."""

NAMED = ["page_id", "source", "source_digest", "media_type", "url", "site", "version"]
"""What a reject takes over from the record it would have been."""

SNAPSHOT = ["page_id", "source_digest"]
Snapshot = tuple[str, str]
"""The values of these columns."""


class Duplicates:
    """The snapshots of a dataset and of the run that adds to it: 12 bytes a row."""

    def __init__(self, ledger: Ledger, job: Job) -> None:
        self.job = job
        self.filesystem = ledger.filesystem
        self.parts = ledger.parts
        self.known = ledger.snapshots
        self.recent: dict[int, int] = {}
        """Snapshot -> the place in `parts` of the part that has it."""

    def settle(self, result: ChunkResult) -> ChunkResult:
        """The result with rejects in the place of records that are in the dataset already, or twice in it."""
        numbers = snapshots_of(result)
        if len(set(numbers)) == len(numbers) and not any(map(self._is_known, numbers)):
            return result
        rows = self._read_staged(result, "records")
        again = self.find_again(rows)
        return self._refuse(result, rows, again) if again else result

    def find_again(self, rows: pa.Table) -> dict[int, str]:
        """The places of the records whose snapshot is known, or stands before in the table, and its first source."""
        first = self._find_first(filter(self._is_known, snapshots_in(rows)))
        again: dict[int, str] = {}
        for place, row in enumerate(rows.select(["page_id", "source_digest", "source"]).to_pylist()):
            snapshot = row["page_id"], row["source_digest"]
            if snapshot in first:
                again[place] = first[snapshot]
            else:
                first[snapshot] = row["source"]
        return again

    def rejects_of(self, rows: pa.Table, again: Mapping[int, str]) -> pa.Table:
        """The rejects that the records at these places become; they name the sources that came first."""
        gone = take(rows, list(again))
        rejects = [
            Reject(**row, reason="duplicate", detail=f"the same snapshot as {first}"[:500])
            for row, first in zip(gone.select(NAMED).to_pylist(), again.values(), strict=True)
        ]
        stamps = gone["source_stamp"].to_pylist()
        return rejects_table(rejects, self.job.run_id, self.job.ingested_at, stamps)

    def add(self, result: ChunkResult) -> None:
        """What has been committed."""
        part = result.part("records")
        if part is None:
            return
        self.parts.append(part.path.with_name(f"part-{part.name}.parquet").path)
        self.recent.update(dict.fromkeys(snapshots_of(result), len(self.parts) - 1))
        if len(self.recent) >= FOLDED_AT:
            keys, places = (
                array(code, column) for code, column in zip("QI", self.known.columns, strict=True)
            )
            self.known = Numbers(keys + array("Q", self.recent), places + array("I", self.recent.values()))
            self.recent = {}

    def _is_known(self, number: int) -> bool:
        return number in self.recent or bool(self.known.find(number))

    def _find_first(self, numbers: Iterator[int]) -> dict[Snapshot, str]:
        """The sources of these snapshots, read from the parts they stand in."""
        wanted: dict[str, set[int]] = {}
        for number in numbers:
            places = [self.known.columns[1][place] for place in self.known.find(number)]
            if number in self.recent:
                places.append(self.recent[number])
            for place in places:
                wanted.setdefault(self.parts[place], set()).add(number)
        found: dict[Snapshot, str] = {}
        for part, there in wanted.items():
            table = pq.read_table(
                part, columns=["page_id", "source_digest", "source"], filesystem=self.filesystem
            )
            for page_id, digest, source in zip(
                *(column.to_pylist() for column in table.columns), strict=True
            ):
                if snapshot_number(page_id, digest) in there:
                    found.setdefault((page_id, digest), source)
        return found

    def _refuse(self, result: ChunkResult, rows: pa.Table, again: Mapping[int, str]) -> ChunkResult:
        """The result with the records at these places made rejects."""
        keep = [place for place in range(len(rows)) if place not in again]
        gone, refused = take(rows, list(again)), self.rejects_of(rows, again)
        if result.part("rejects"):
            refused = pa.concat_tables([self._read_staged(result, "rejects"), refused])
        tables = {"records": take(rows, keep), "rejects": refused}
        parts = stage_tables({name: table for name, table in tables.items() if len(table)}, self.job)
        for part in result.parts:
            remove(part.path)
        sites = Counter(gone["site"].to_pylist())
        numbers = snapshots_of(result)
        return msgspec.structs.replace(
            result,
            parts=parts,
            records=len(keep),
            rejects=result.rejects + Counter(duplicate=len(again)),
            removals=result.removals
            - Counter(gone_["kind"] for row in gone["removals"].to_pylist() for gone_ in row),
            flags=result.flags - Counter(flag for row in gone["flags"].to_pylist() for flag in row),
            sites=result.sites
            - Counter({(site, "records"): rows for site, rows in sites.items()})
            + Counter({(site, "rejects"): rows for site, rows in sites.items()}),
            snapshots=array("Q", (numbers[place] for place in keep)).tobytes(),
        )

    def _read_staged(self, result: ChunkResult, table: str) -> pa.Table:
        part = result.part(table)
        assert part is not None
        return pq.read_table(part.path.path, filesystem=part.path.filesystem)


def snapshots_of(result: ChunkResult) -> Sequence[int]:
    """The numbers of the snapshots among a result's records, in their order."""
    return memoryview(result.snapshots).cast("Q")


def snapshots_in(records: pa.Table) -> array[int]:
    """The same of a table."""
    return array("Q", map(snapshot_number, *(records[name].to_pylist() for name in SNAPSHOT)))
