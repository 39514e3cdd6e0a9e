"""Which pages have a row, read from the rows themselves: the dataset is its own ledger.

Three questions, each answered from sorted arrays of 64-bit numbers, all in all 36 bytes a row:

    unchanged     has this source a row, made when the file system said the same of it?   then it is not opened
    digests_of    of which bytes has this source a row?                                    then it is not cleaned
    parts_with    which parts may hold this snapshot of a page, whatever its source?       then it is a duplicate

Only the run's own process has it; what workers have to know of a source travels with the source.
"""

from __future__ import annotations

import os
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ingest.store import read, read_rejects

if TYPE_CHECKING:
    import pyarrow.dataset as ds

IDENTITY = ("source", "source_digest", "source_stamp", "page_id", "reason")
PARTS_AT_ONCE = 8

_ARROW = {"q": pa.int64(), "Q": pa.uint64(), "I": pa.uint32()}


class Numbers:
    """Rows of numbers, sorted by the first: `numbers.find(key)` gives the places of all rows with this key."""

    def __init__(self, *columns: array[int]) -> None:
        arrow = [
            pa.Array.from_buffers(_ARROW[column.typecode], len(column), [None, pa.py_buffer(column)])
            for column in columns
        ]
        order = pc.sort_indices(arrow[0])
        self.columns: list[Sequence[int]] = [
            _view(column.take(order), like.typecode) for column, like in zip(arrow, columns, strict=True)
        ]

    def __len__(self) -> int:
        return len(self.columns[0])

    def find(self, key: int) -> range:
        keys = self.columns[0]
        first = last = bisect_left(keys, key)
        while last < len(keys) and keys[last] == key:
            last += 1
        return range(first, last)


class Ledger:
    """What has a row. See `read_ledger`."""

    def __init__(
        self, sources: Numbers, snapshots: Numbers, parts: list[str], filesystem: Any = None
    ) -> None:
        self.sources = sources
        """Source, stamp, digest of every row."""
        self.snapshots = snapshots
        """Snapshot, and in which of `parts` it stands."""
        self.parts = parts
        self.filesystem = filesystem

    def __len__(self) -> int:
        return len(self.sources)

    def unchanged(self, source: str, stamp: str | None) -> bool:
        """Whether the source has a row that was made while it had this stamp."""
        if stamp is None:
            return False
        sources, stamps, _ = self.sources.columns
        key, wanted = hash(source), hash(stamp)
        place = bisect_left(sources, key)
        while place < len(sources) and sources[place] == key:
            if stamps[place] == wanted:
                return True
            place += 1
        return False

    def digests_of(self, source: str) -> tuple[int, ...]:
        """The numbers (`digest_number`) of the bytes of which the source has a row."""
        _, _, digests = self.sources.columns
        return tuple(digests[place] for place in self.sources.find(_number(source)))

    def parts_with(self, snapshot: int) -> list[str]:
        """The parts in which the snapshot (`snapshot_number`) is to be looked for."""
        _, places = self.snapshots.columns
        return [self.parts[places[place]] for place in self.snapshots.find(snapshot)]


def read_ledger(out: str | os.PathLike[str]) -> Ledger:
    """The ledger of a dataset, from nothing but the identity columns of records and rejects.

    A record's snapshot counts, and that of a reject which was a record once (`superseded`).
    """
    sources, stamps, digests = array("q"), array("q"), array("Q")
    snapshots, places = array("Q"), array("I")
    parts: list[str] = []
    records = read(out)
    for dataset in (records, read_rejects(out)):
        for part, table in read_parts(dataset, IDENTITY):
            columns = {name: table[name].to_pylist() for name in IDENTITY if name in table.column_names}
            missing = [None] * len(table)
            own = list(map(digest_number, columns["source_digest"]))
            sources.extend(map(hash, columns["source"]))
            stamps.extend(map(_number, columns.get("source_stamp", missing)))
            digests.extend(own)
            for page, digest, reason in zip(
                columns["page_id"], own, columns.get("reason", missing), strict=True
            ):
                if reason in (None, "superseded"):
                    snapshots.append(digest_number(page) ^ digest)
                    places.append(len(parts))
            parts.append(part)
    return Ledger(Numbers(sources, stamps, digests), Numbers(snapshots, places), parts, records.filesystem)


def read_parts(dataset: ds.Dataset, columns: Sequence[str]) -> Iterator[tuple[str, pa.Table]]:
    """The path of each part and these of its columns, of those that are there, part by part.

    Each file is opened by itself and for itself: a dataset keeps the footers of all parts that were read.
    """

    def read_part(path: str) -> pa.Table:
        with pq.ParquetFile(path, filesystem=dataset.filesystem) as part:
            return part.read(columns=list(columns), use_threads=False)

    paths: list[str] = dataset.files
    with ThreadPoolExecutor(PARTS_AT_ONCE) as readers:
        for first in range(0, len(paths), PARTS_AT_ONCE):
            some = paths[first : first + PARTS_AT_ONCE]
            yield from zip(some, readers.map(read_part, some), strict=True)


def snapshot_number(page_id: str, source_digest: str | None) -> int:
    """64 bits of a page's snapshot: the same for the same bytes of the same page."""
    return digest_number(page_id) ^ digest_number(source_digest)


def digest_number(digest: str | None) -> int:
    """The first 64 bits of a hash in hex; 0 for none."""
    if not digest:
        return 0
    try:
        return int.from_bytes(bytes.fromhex(digest[:16]))
    except ValueError:  # not written by this program
        return int.from_bytes(blake2b(digest.encode(), digest_size=8).digest())


def part_name(identities: Iterable[tuple[str, str | None]]) -> str:
    """A name made from what a part's rows came from, pairs of `source` and `source_digest`: written again, it
    replaces itself.
    """
    name = blake2b(digest_size=16)
    for source, source_digest in identities:
        name.update(blake2b(f"{source}\0{source_digest or ''}".encode(), digest_size=16).digest())
    return name.hexdigest()


def _number(text: str | None) -> int:
    """64 bits of a text, the same within a process only."""
    return 0 if text is None else hash(text)


def _view(column: pa.Array, typecode: str) -> Sequence[int]:
    values = memoryview(column.buffers()[1] or b"").cast("B").cast(typecode)  # type: ignore[call-overload]
    return values[column.offset : column.offset + len(column)]  # type: ignore[no-any-return]
