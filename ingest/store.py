"""The dataset on disk: two written-out schemas, part files that appear whole or not at all, and the ledger.

    OUT/records/part-*.parquet     clean articles
    OUT/rejects/part-*.parquet     refused pages
    OUT/runs/*.json                one summary a run

A part is written under a hidden name (`stage_part`) and renamed when whole (`commit_part`), so no reader sees
half a file. What has been ingested is read from the rows themselves (`read_ledger`).
"""

from __future__ import annotations

import os
import re
import struct
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from ingest.errors import StoreError
from ingest.records import Record, Reject

SCHEMA_VERSION = "1"
_METADATA = {"ingest.schema": SCHEMA_VERSION}
_TIME = pa.timestamp("us", tz="UTC")
_TEXTS = pa.list_(pa.string())

BLOCK = pa.struct(
    [("kind", pa.string()), ("text", pa.string()), ("level", pa.int32()), ("place", pa.int32())]
)
IMAGE = pa.struct(
    [("url", pa.string()), ("alt", pa.string()), ("caption", pa.string()), ("credit", pa.string())]
)
REMOVAL = pa.struct(
    [
        ("rule", pa.string()),
        ("kind", pa.string()),
        ("block", pa.int32()),
        ("text", pa.string()),
        ("start", pa.int32()),
    ]
)

RECORDS = pa.schema(
    [
        ("page_id", pa.string()),
        ("source", pa.string()),
        ("source_digest", pa.string()),
        ("media_type", pa.string()),
        ("url", pa.string()),
        ("canonical_url", pa.string()),
        ("site", pa.string()),
        ("publisher", pa.string()),
        ("language", pa.string()),
        ("title", pa.string()),
        ("deck", pa.string()),
        ("authors", _TEXTS),
        ("agency", pa.string()),
        ("published", _TIME),
        ("published_raw", pa.string()),
        ("published_has_time", pa.bool_()),
        ("published_has_zone", pa.bool_()),
        ("modified", _TIME),
        ("section", pa.string()),
        ("tags", _TEXTS),
        ("access", pa.string()),
        ("truncated", pa.bool_()),
        ("body", pa.string()),
        ("blocks", pa.list_(BLOCK)),
        ("images", pa.list_(IMAGE)),
        ("removals", pa.list_(REMOVAL)),
        ("words_kept", pa.int32()),
        ("words_removed", pa.int32()),
        ("words_outside", pa.int32()),
        ("method", pa.string()),
        ("layout", pa.string()),
        ("origins", pa.map_(pa.string(), pa.string())),
        ("flags", _TEXTS),
        ("rules_digest", pa.string()),
        ("version", pa.string()),
        ("run_id", pa.string()),
        ("ingested_at", _TIME),
    ],
    metadata=_METADATA,
)
"""The columns of `records/`."""

REJECTS = pa.schema(
    [
        ("page_id", pa.string()),
        ("source", pa.string()),
        ("source_digest", pa.string()),
        ("media_type", pa.string()),
        ("url", pa.string()),
        ("site", pa.string()),
        ("reason", pa.string()),
        ("detail", pa.string()),
        ("version", pa.string()),
        ("run_id", pa.string()),
        ("ingested_at", _TIME),
    ],
    metadata=_METADATA,
)
"""The columns of `rejects/`."""

_REPEATING = [
    *("media_type", "site", "publisher", "language", "agency", "section", "access", "method", "layout"),
    *("rules_digest", "version", "run_id", "reason", "published_raw"),
    *("blocks.list.element.kind", "removals.list.element.kind", "removals.list.element.rule"),
    *("flags.list.element", "origins.key_value.key", "origins.key_value.value"),
]
"""Columns worth a dictionary; trying one for the long texts would cost time and be given up."""

_HALVES = struct.Struct("QQ")
_SURROGATE = re.compile("[\ud800-\udfff]")
FOLDERS = ("records", "rejects", "runs")


def records_table(records: Sequence[Record], run_id: str | None, ingested_at: datetime | None) -> pa.Table:
    """The records as rows of `RECORDS`, in order; outside a run its columns are null."""
    return _table(RECORDS, records, run_id, ingested_at)


def rejects_table(rejects: Sequence[Reject], run_id: str | None, ingested_at: datetime | None) -> pa.Table:
    """The rejects as rows of `REJECTS`, in order. Outside a run its two columns are null."""
    return _table(REJECTS, rejects, run_id, ingested_at)


def stage_part(table: pa.Table, folder: Path) -> Path:
    """Write a part, to the disk itself, under a name that readers pass over. Gives that file's path.

    Raises `StoreError` if it cannot be written; nothing is left of it then.
    """
    staged = folder / f".part-{uuid4().hex}.tmp"
    try:
        with staged.open("wb") as file:
            pq.write_table(
                table,
                file,
                compression="zstd",
                use_dictionary=_REPEATING,
                write_statistics=["page_id", "source", "site", "published", "ingested_at", "reason"],
            )
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        with suppress(OSError):
            staged.unlink()
        raise cannot_write(folder, error) from error
    return staged


def commit_part(staged: Path, name: str) -> Path:
    """Make a staged part visible as `part-<name>.parquet`, in one step."""
    part = staged.with_name(f"part-{name}.parquet")
    try:
        staged.replace(part)
    except OSError as error:
        raise cannot_write(part.parent, error) from error
    return part


def write_part(table: pa.Table, folder: Path, name: str) -> Path:
    """Stage and commit in one go."""
    return commit_part(stage_part(table, folder), name)


def part_name(rows: Iterable[Record | Reject]) -> str:
    """A name made from what the rows came from, so that a part written again replaces itself."""
    identities = blake2b(digest_size=16)
    for row in rows:
        identities.update(_key(row.source, row.source_digest))
    return identities.hexdigest()


def open_output(out: Path) -> None:
    """Make the dataset's folders. Raises `StoreError`."""
    try:
        for name in FOLDERS:
            (out / name).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(out, error) from error


def sweep(out: Path) -> None:
    """Delete what killed runs left unfinished. Only for the run that holds the output."""
    for name in FOLDERS:
        for left in (out / name).glob(".*.tmp"):
            left.unlink(missing_ok=True)


def cannot_write(folder: Path, error: OSError) -> StoreError:
    """The error to raise for an output that refuses."""
    return StoreError(f"Cannot write to {folder}: {error.strerror or error}. What is finished is kept.")


def read(out: str | os.PathLike[str]) -> ds.Dataset:
    """The records as a pyarrow dataset. Raises `StoreError` if the folder holds no dataset."""
    return _dataset(Path(out), "records", RECORDS)


def read_rejects(out: str | os.PathLike[str]) -> ds.Dataset:
    """The rejects as a pyarrow dataset. Raises `StoreError` if the folder holds no dataset."""
    return _dataset(Path(out), "rejects", REJECTS)


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


def _key(source: str, source_digest: str | None) -> bytes:
    return blake2b(f"{source}\0{source_digest or ''}".encode(), digest_size=16).digest()


def _dataset(out: Path, name: str, schema: pa.Schema) -> ds.Dataset:
    if not (out / name).is_dir():
        raise StoreError(f"There is no dataset in {out}: it has no folder {name!r}.")
    return ds.dataset(out / name, schema=schema, format="parquet")


def _table(
    schema: pa.Schema, rows: Sequence[Any], run_id: str | None, ingested_at: datetime | None
) -> pa.Table:
    columns = [_column([getattr(row, field.name) for row in rows], field.type) for field in list(schema)[:-2]]
    columns.append(pa.array([run_id] * len(rows), pa.string()))
    columns.append(pa.array([ingested_at] * len(rows), _TIME))
    return pa.Table.from_arrays(columns, schema=schema)


def _column(values: list[Any], kind: pa.DataType) -> pa.Array:
    """An Arrow array of the values. Nested ones are built flat: ten times the speed of a list of dicts."""
    if pa.types.is_map(kind):
        items = [pair for value in values for pair in value.items()]
        keys = _column([key for key, _ in items], kind.key_type)
        return pa.MapArray.from_arrays(_offsets(values), keys, _column([v for _, v in items], kind.item_type))
    if pa.types.is_list(kind):
        children = _column(list(chain.from_iterable(values)), kind.value_type)
        return pa.ListArray.from_arrays(_offsets(values), children)
    if pa.types.is_struct(kind):
        fields = [kind.field(index) for index in range(kind.num_fields)]
        arrays = [_column([getattr(value, field.name) for value in values], field.type) for field in fields]
        return pa.StructArray.from_arrays(arrays, fields=fields)
    if pa.types.is_string(kind):
        return _strings(values)
    return pa.array(values, kind)


def _offsets(values: list[Any]) -> pa.Array:
    offsets = [0]
    for value in values:
        offsets.append(offsets[-1] + len(value))
    return pa.array(offsets, pa.int32())


def _strings(values: list[Any]) -> pa.Array:
    """Half of a surrogate pair has no UTF-8; it becomes U+FFFD, one character for one."""
    try:
        return pa.array(values, pa.string())
    except UnicodeEncodeError:
        return pa.array([value and _SURROGATE.sub("\ufffd", value) for value in values], pa.string())
