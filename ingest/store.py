"""The dataset on disk: part files that appear whole or not at all.

    OUT/records/part-*.parquet     clean articles
    OUT/rejects/part-*.parquet     refused pages
    OUT/runs/*.json                one summary a run

A part is written under a hidden name (`stage_part`) and renamed when whole (`commit_part`), so no reader sees
half a file.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from ingest.errors import StoreError
from ingest.schema import RECORDS, REJECTS

FOLDERS = ("records", "rejects", "runs")

_REPEATING = [
    *("media_type", "site", "publisher", "language", "agency", "section", "access", "method", "layout"),
    *("rules_digest", "version", "run_id", "reason", "published_raw"),
    *("blocks.list.element.kind", "removals.list.element.kind", "removals.list.element.rule"),
    *("flags.list.element", "origins.key_value.key", "origins.key_value.value"),
]
"""Columns worth a dictionary; trying one for the long texts would cost time and be given up."""


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


def _dataset(out: Path, name: str, schema: pa.Schema) -> ds.Dataset:
    if not (out / name).is_dir():
        raise StoreError(f"There is no dataset in {out}: it has no folder {name!r}.")
    return ds.dataset(out / name, schema=schema, format="parquet")
