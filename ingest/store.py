"""The dataset: part files that appear whole or not at all, in a folder or under an object store's prefix.

    OUT/records/part-*.parquet     clean articles
    OUT/rejects/part-*.parquet     refused pages
    OUT/runs/*.json                one summary a run

A part is written under a hidden name (`stage_part`) and given its own when whole (`commit_part`), so no reader sees
half a file. On this machine that is a renaming; an object store copies, and puts a copy in its place in one step.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow.fs import FileSelector, FileType

from ingest.errors import StoreError
from ingest.filesystem import Location, Place, locate, open_filesystem, reason_of
from ingest.schema import RECORDS, REJECTS

if TYPE_CHECKING:
    import pyarrow.dataset as ds

FOLDERS = ("records", "rejects", "runs")

_REPEATING = [
    *("media_type", "site", "publisher", "language", "agency", "section", "access", "method", "layout"),
    *("rules_digest", "version", "run_id", "reason", "published_raw"),
    *("blocks.list.element.kind", "removals.list.element.kind", "removals.list.element.rule"),
    *("flags.list.element", "origins.key_value.key", "origins.key_value.value"),
]
"""Columns worth a dictionary; trying one for the long texts would cost time and be given up."""

PARQUET: dict[str, Any] = {
    "compression": "zstd",
    "use_dictionary": _REPEATING,
    "write_statistics": ["page_id", "source", "site", "published", "ingested_at", "reason"],
}
"""How parts are written."""


def stage_part(table: pa.Table, folder: Location) -> Place:
    """Write a part, to the disk itself, under a name that readers pass over. Gives that file's place.

    Raises `StoreError` if it cannot be written; nothing is left of it then.
    """
    staged = locate(folder) / f".part-{uuid4().hex}.tmp"
    with writing(staged) as file:
        pq.write_table(table, file, **PARQUET)
    return staged


def commit_part(staged: Location, name: str) -> Place:
    """Make a staged part visible as `part-<name>.parquet`, in one step. Raises `StoreError`."""
    staged = locate(staged)
    return reveal(staged, staged.with_name(f"part-{name}.parquet"))


def write_part(table: pa.Table, folder: Location, name: str) -> Place:
    """Stage and commit in one go."""
    return commit_part(stage_part(table, folder), name)


def write_file(content: bytes, target: Location) -> Place:
    """Write any other file, whole or not at all. Raises `StoreError`."""
    target = locate(target)
    hidden = target.with_name(f".{target.name}.tmp")
    with writing(hidden) as file:
        file.write(content)
    return reveal(hidden, target)


def open_output(out: Location) -> Place:
    """The dataset's place, its folders made if need be.

    Raises `UsageError` for a URI that cannot be used, `StoreError` if nothing can be written there.
    """
    place = locate(out)
    filesystem, path = open_filesystem(place)
    try:
        for name in FOLDERS:
            filesystem.create_dir(f"{path}/{name}", recursive=True)
        if place.local:
            _sync(path)
    except OSError as error:
        raise cannot_write(place, error) from error
    return place


def remove(file: Location) -> None:
    """Delete a file, if it is there. Raises `StoreError`."""
    file = locate(file)
    try:
        with suppress(FileNotFoundError):
            file.filesystem.delete_file(file.path)
    except OSError as error:
        raise cannot_write(file.parent, error) from error


def sweep(out: Location) -> None:
    """Delete what killed runs left unfinished. Only for the run that holds the output. Raises `StoreError`."""
    for folder in (locate(out) / name for name in FOLDERS):
        try:
            found = folder.filesystem.get_file_info(FileSelector(folder.path))
        except OSError as error:
            raise cannot_write(folder, error) from error
        for info in found:
            if info.base_name.startswith(".") and info.base_name.endswith(".tmp"):
                remove(folder / info.base_name)


def cannot_write(folder: Location, error: OSError) -> StoreError:
    """The error to raise for an output that refuses."""
    return StoreError(f"Cannot write to {folder}: {reason_of(error)}. What is finished is kept.")


def read(out: Location) -> ds.Dataset:
    """The records as a pyarrow dataset, from a folder or a URI. Raises `StoreError` if it holds no dataset.

    Its parts are those that are there now: after a refresh or a compaction, list them anew.
    """
    return _dataset(locate(out), "records", RECORDS)


def read_rejects(out: Location) -> ds.Dataset:
    """The rejects as a pyarrow dataset, from a folder or a URI. Raises `StoreError` if it holds no dataset."""
    return _dataset(locate(out), "rejects", REJECTS)


def is_dataset(out: Location) -> bool:
    """Whether a dataset is there."""
    return all(_is_folder(locate(out) / name) for name in FOLDERS)


def _dataset(out: Place, name: str, schema: pa.Schema) -> ds.Dataset:
    folder = out / name
    if not _is_folder(folder):
        raise StoreError(f"There is no dataset in {out}: it has no folder {name!r}.")
    import pyarrow.dataset as ds  # brings pandas along where it is installed, and workers read no dataset

    return ds.dataset(folder.path, filesystem=folder.filesystem, schema=schema, format="parquet")


def _is_folder(place: Place) -> bool:
    try:
        return bool(place.filesystem.get_file_info(place.path).type == FileType.Directory)
    except OSError as error:
        raise StoreError(f"Cannot read {place}: {reason_of(error)}.") from error


@contextmanager
def writing(place: Place) -> Iterator[Any]:
    """A file to write to; on the disk when the block ends. Nothing is left of it if that goes wrong."""
    try:
        if place.local:
            with open(place, "wb") as file:  # noqa: PTH123
                yield file
                file.flush()
                os.fsync(file.fileno())
        else:
            with place.filesystem.open_output_stream(place.path) as stream:
                yield stream
    except BaseException as error:
        with suppress(StoreError):
            remove(place)
        if isinstance(error, OSError):
            raise cannot_write(place.parent, error) from error
        raise


def reveal(hidden: Place, target: Place) -> Place:
    """Give a hidden file its name. The folder is synced, too: else a power failure could take the name back."""
    try:
        if hidden.local:
            os.replace(hidden, target)  # noqa: PTH105
            _sync(target.parent.path)
        else:
            hidden.filesystem.move(hidden.path, target.path)
    except OSError as error:
        raise cannot_write(target.parent, error) from error
    return target


def _sync(folder: str) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
