"""The archives and tables whose pages are read, by the ending of their name: a table, and nothing else to add one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import NamedTuple, Protocol

from ingest.manifest import Facts
from ingest.sources.source import Source

ENDINGS = {
    ".warc": "warc",
    ".warc.gz": "warc",
    ".warc.zst": "warc",
    ".wet": "warc",
    ".wet.gz": "warc",
    ".jsonl": "jsonl",
    ".jsonl.gz": "jsonl",
    ".jsonl.zst": "jsonl",
    ".ndjson": "jsonl",
    ".ndjson.gz": "jsonl",
    ".ndjson.zst": "jsonl",
    ".parquet": "parquet",
    ".zip": "zip",
    ".tar": "tar",
    ".tar.gz": "tar",
    ".tgz": "tar",
    ".tar.zst": "tar",
}
"""Ending of the name: the module of this package that reads it, imported when it is needed."""

TABLES = ("jsonl", "parquet")
"""Containers with columns."""


class Reader(Protocol):
    """A container kept open for one page after the other."""

    def approach(self, source: Source) -> None:
        """Do what the container needs before the page can be read, which may take longer than a page."""

    def read(self, source: Source, max_bytes: int) -> tuple[bytes, Facts]:
        """The page as it is stored, and what the container says of it. Raises `UNREADABLE`, `TooLargeError`."""

    def close(self) -> None: ...


class Container(NamedTuple):
    """How one kind of container is read."""

    kind: str
    find: Callable[[Source, Counter[str]], Iterator[Source]]
    """The pages in it, streamed; what else it holds is counted. Raises anything for a broken one."""

    open: Callable[[Source], Reader]


def kind_of(path: str) -> str | None:
    """The kind of container a file of this name is, if it is one."""
    name = path.rpartition("/")[2].lower()
    parts = name.split(".")
    return ENDINGS.get("." + ".".join(parts[-2:])) or ENDINGS.get("." + parts[-1]) if len(parts) > 1 else None


def container_of(kind: str) -> Container:
    module = import_module(f"ingest.sources.{kind}")
    return Container(kind, module.find, module.Reader)


def check_columns(table: Source) -> None:
    """Look whether the table has the columns. Raises `NoPageColumnError`, and anything for a broken table."""
    kind = kind_of(table.path)
    import_module(f"ingest.sources.{kind}").columns_of(table)
