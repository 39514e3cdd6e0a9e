"""Who looks on: a process that reads a dataset all the time, while others are killed that write it."""

from __future__ import annotations

import select
import sys
import time
from collections import Counter
from contextlib import suppress

import pyarrow.parquet as pq
from pyarrow.fs import FileSelector

from ingest.filesystem import Place, locate


class Broken(Exception):  # noqa: N818
    """A promise that did not hold."""


def watch(out: str) -> None:
    """Read every part, whole, again and again until the standard input says the end. Prints how often."""
    times = 0
    took = 0.0
    while not select.select([sys.stdin], [], [], took)[0]:  # rests as long as it worked
        began = time.monotonic()
        times += bool(rows_of(out))
        took = time.monotonic() - began
    print(times)


def rows_of(out: str) -> dict[str, str]:
    """The table that holds each source's row, from all parts in full. Raises `Broken` for two rows of one source."""
    rows: list[tuple[str, str]] = []
    for table in ("records", "rejects"):
        for path in parts_of(locate(out) / table):
            # a part may be replaced by a newer one of its name while it is read, never be half a file
            with suppress(FileNotFoundError):
                content = pq.ParquetFile(path, filesystem=locate(out).filesystem).read()
                rows += [(source, table) for source in content["source"].to_pylist()]
    twice = [source for source, times in Counter(source for source, _ in rows).items() if times > 1]
    if twice:
        raise Broken(f"{len(twice)} sources have two rows, such as {twice[0]}")
    return dict(rows)


def parts_of(folder: Place) -> list[str]:
    """The parts a reader sees."""
    found = folder.filesystem.get_file_info(FileSelector(folder.path, allow_not_found=True))
    return [info.path for info in found if info.base_name.endswith(".parquet")]


def unfinished(out: str) -> list[str]:
    """The hidden files in the dataset's folders."""
    folders = [locate(out) / name for name in ("records", "rejects", "runs")]
    found = [info for each in folders for info in each.filesystem.get_file_info(FileSelector(each.path))]
    return [info.path for info in found if info.is_file and info.base_name.startswith(".")]
