"""A file or an object as a stream of bytes: read forward, or from any place in it."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Iterator
from functools import partial
from typing import IO, Any

import pyarrow as pa

from ingest.sources.packed import BLOCK, PACKED, UNPACK_ERRORS, unpack
from ingest.sources.source import Source

UNREADABLE = (*UNPACK_ERRORS, pa.ArrowException)
"""What reading raises for what is missing or broken."""

MOST_EXPANSION, EXPANDS_FREELY = 500, 1024**3
"""An archive that unpacks to more than the second number of bytes may not be more than the first times its size."""

_PIECE = 64 * 1024


class TooLargeError(Exception):
    """A page of more bytes than the limit, as stored or unpacked; the message says how many."""


def open_file(source: Source) -> IO[bytes]:
    """The bytes as they are stored. A pipe or device is refused without waiting for it. Raises `OSError`."""
    if source.bucket:
        file = source.place.filesystem.open_input_file(source.path)
        return io.BufferedReader(file, BLOCK)
    descriptor = os.open(source.path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)
    raise OSError("not a regular file")


class Stream:
    """The bytes of a file or object, unpacked if they are gzip or zstd, whatever its name.

    Packed bytes can only be unpacked in order: going forward unpacks what lies between, going back begins anew.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._position = self._unpacked = 0
        self._packed = False
        self._ahead = b""
        self._open()

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def tell(self) -> int:
        return self._position

    def read(self, size: int) -> bytes:
        """At most `size` bytes, fewer only at the end. What is readable is given before the error is raised."""
        if not self._packed:
            content = self._file.read(size)
            self._position += len(content)
            return content
        parts: list[bytes] = []
        while size:
            try:
                block = self._next_block()
            except UNREADABLE:
                if parts:
                    break
                raise
            if not block:
                break
            parts.append(block[:size])
            self._ahead = block[size:]
            size -= len(parts[-1])
            self._position += len(parts[-1])
        return b"".join(parts)

    def seek(self, offset: int) -> int:
        if not self._packed:
            self._position = self._file.seek(offset)
            return offset
        if offset < self._position:
            self.close()
            self._open()
        while self._position < offset and (skipped := self._next_block()):
            self._ahead = skipped[offset - self._position :]
            self._position += len(skipped) - len(self._ahead)
        return self._position

    def close(self) -> None:
        self._file.close()

    def _open(self) -> None:
        self._file = open_file(self._source)
        self._position = 0
        self._packed = self._file.read(4).startswith(PACKED)
        self._file.seek(0)
        self._ahead = b""
        self._unpacked = 0
        self._broken: Exception | None = None
        self._blocks: Iterator[bytes] = unpack(iter(partial(self._file.read, _PIECE), b""))

    def _next_block(self) -> bytes:
        """What is unpacked but not read yet, else the next block; none at the end."""
        if self._ahead:
            block, self._ahead = self._ahead, b""
            return block
        if self._broken:
            raise self._broken
        try:
            block = next(self._blocks, b"")
            self._unpacked += len(block)
            if self._unpacked > max(EXPANDS_FREELY, MOST_EXPANSION * self._file.tell()):
                raise ValueError(f"it unpacks to more than {MOST_EXPANSION} times its size")
        except UNREADABLE as error:
            self._broken = error
            raise
        return block


class StreamReader:
    """The part of a container's reader that is the same where members stand one behind the other."""

    def __init__(self, archive: Source) -> None:
        self._stream = Stream(archive)

    def approach(self, source: Source) -> None:
        self._stream.seek(source.offset)

    def close(self) -> None:
        self._stream.close()


def read_whole(file: Any, size: int, max_bytes: int) -> bytes:
    """Exactly `size` bytes. Raises `TooLargeError` without reading, `EOFError` if there are fewer."""
    if size > max_bytes:
        raise TooLargeError(f"{size} bytes, more than {max_bytes}")
    content: bytes = file.read(size)
    if len(content) < size:
        raise EOFError("the archive ends in the middle of it")
    return content
