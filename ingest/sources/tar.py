"""tar archives, packed or not: the members with a page's suffix, and their sidecars.

Identity: the member's name, which is never used as a path.
"""

from __future__ import annotations

import tarfile
from collections import Counter
from collections.abc import Iterator
from typing import Any

from ingest.manifest import Facts
from ingest.sources.counts import count, count_member
from ingest.sources.sidecar import MOST_BYTES, Sidecar, pair, parse_sidecar
from ingest.sources.source import Source, is_page, member_of
from ingest.sources.stream import Stream, StreamReader, read_whole

LARGEST_HEADER = 1024 * 1024
"""Bytes of a member's name and attributes."""


def find(archive: Source, not_pages: Counter[str]) -> Iterator[Source]:
    """A source for each page, from the members' headers and the sidecars."""
    with Stream(archive) as stream:
        yield from pair(_members(archive, stream, not_pages))


def _members(archive: Source, stream: Stream, not_pages: Counter[str]) -> Iterator[Source | Sidecar | None]:
    """Of each member the page or the sidecar, if it is one."""
    headers = _Headers(stream)
    members: Any = tarfile.TarFile(fileobj=headers, encoding="utf-8")  # type: ignore[arg-type]
    while info := members.next():
        members.members.clear()  # it would keep them all
        if not info.isreg() or info.issparse():
            if not info.isdir():
                count(not_pages, "tar", "link" if info.issym() or info.islnk() else "special file")
            yield None
        elif is_page(info.name):
            yield member_of(archive, info.name, info.offset_data, info.size)
        else:
            count_member(not_pages, "tar", info.name)
            yield _read_sidecar(stream, info) if info.name.endswith(".json") else None
    headers.check_end()


def _read_sidecar(stream: Stream, info: tarfile.TarInfo) -> Sidecar:
    content = b""
    if info.size <= MOST_BYTES:
        stream.seek(info.offset_data)
        content = stream.read(info.size)
    return Sidecar(info.name, parse_sidecar(content) or Facts())


class Reader(StreamReader):
    def read(self, source: Source, max_bytes: int) -> tuple[bytes, Facts]:
        self._stream.seek(source.offset)
        facts = source.beside if isinstance(source.beside, Facts) else Facts()
        return read_whole(self._stream, source.size, max_bytes), facts


class _Headers:
    """The stream as the library reads it: headers only, and these within a limit."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._last = b""
        self.tell = stream.tell
        self.seek = stream.seek

    def read(self, size: int) -> bytes:
        if size > LARGEST_HEADER:
            raise ValueError(f"a header of {size} bytes")
        self._last = self._stream.read(size)
        return self._last

    def check_end(self) -> None:
        """Raise `ValueError` where the library stopped at something that is neither a header nor the end."""
        if not self._last:
            raise EOFError("it ends without the mark of its end")
        if self._last.strip(b"\0"):
            raise ValueError(f"no header of a member before byte {self._stream.tell()}")
