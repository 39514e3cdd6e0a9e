"""Which snapshots have a row, read from the rows themselves: the dataset is its own ledger."""

from __future__ import annotations

import os
import struct
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from itertools import chain

import msgspec
import pyarrow as pa
import pyarrow.dataset as ds

from ingest.records import Record, Reject
from ingest.store import read, read_rejects

_HALVES = struct.Struct("QQ")


class Ledger(msgspec.Struct, frozen=True):
    """Which snapshots have a row: `(source, source_digest) in ledger`. Costs 16 bytes a row.

    Holds the two halves of each snapshot's key as arrays of 64-bit numbers, sorted by the first.
    """

    firsts: bytes = b""
    seconds: bytes = b""

    def __len__(self) -> int:
        return len(self.firsts) // 8

    def __contains__(self, snapshot: tuple[str, str | None]) -> bool:
        first, second = _HALVES.unpack(_key(*snapshot))
        firsts, seconds = memoryview(self.firsts).cast("Q"), memoryview(self.seconds).cast("Q")
        index = bisect_left(firsts, first)
        while index < len(firsts) and firsts[index] == first:
            if seconds[index] == second:
                return True
            index += 1
        return False


def read_ledger(out: str | os.PathLike[str]) -> Ledger:
    """The ledger of a dataset: records and rejects, reading nothing but their identity columns."""
    return make_ledger(chain(_read_identities(read(out)), _read_identities(read_rejects(out))))


def make_ledger(snapshots: Iterable[tuple[str, str | None]]) -> Ledger:
    """The ledger of these snapshots: pairs of `source` and `source_digest`."""
    firsts, seconds = array("Q"), array("Q")
    for snapshot in snapshots:
        first, second = _HALVES.unpack(_key(*snapshot))
        firsts.append(first)
        seconds.append(second)
    columns = [
        pa.Array.from_buffers(pa.uint64(), len(half), [None, pa.py_buffer(half)])
        for half in (firsts, seconds)
    ]
    ordered = pa.table(columns, ["first", "second"]).sort_by("first").combine_chunks()
    return Ledger(*(_numbers(column) for column in ordered.columns))


def _numbers(column: pa.ChunkedArray) -> bytes:
    return b"".join(
        chunk.buffers()[1].slice(8 * chunk.offset, 8 * len(chunk)).to_pybytes() for chunk in column.chunks
    )


def _read_identities(dataset: ds.Dataset) -> Iterator[tuple[str, str | None]]:
    for batch in dataset.to_batches(columns=["source", "source_digest"], use_threads=False):
        yield from zip(batch.column(0).to_pylist(), batch.column(1).to_pylist(), strict=True)


def part_name(rows: Iterable[Record | Reject]) -> str:
    """A name made from what the rows came from, so that a part written again replaces itself."""
    identities = blake2b(digest_size=16)
    for row in rows:
        identities.update(_key(row.source, row.source_digest))
    return identities.hexdigest()


def _key(source: str, source_digest: str | None) -> bytes:
    return blake2b(f"{source}\0{source_digest or ''}".encode(), digest_size=16).digest()
