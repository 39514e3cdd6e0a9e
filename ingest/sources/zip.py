"""zip archives: the members with a page's suffix, and their sidecars.

Identity: the member's name, which is never used as a path.
"""

from __future__ import annotations

import bz2
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from typing import Any

from ingest.manifest import Facts
from ingest.sources.counts import count_member
from ingest.sources.packed import unpack
from ingest.sources.sidecar import MOST_BYTES, find_sidecar, parse_sidecar
from ingest.sources.source import Source, is_page, member_of
from ingest.sources.stream import UNREADABLE, TooLargeError, open_file, read_whole

_LOCAL_HEADER = struct.Struct("<4s2xHH4xI8xHH")
_STORED, _DEFLATED, _BZIP2, _ZSTD = 0, 8, 12, 93
_CHECKSUM_FOLLOWS, _ENCRYPTED = 0x8, 0x1


def find(archive: Source, not_pages: Counter[str]) -> Iterator[Source]:
    """A source for each page, from the archive's directory: nothing is unpacked."""
    with open_file(archive) as file, zipfile.ZipFile(file) as members:
        found = members.infolist()
        places = {
            info.filename: (info.header_offset, info.compress_size)
            for info in found
            if info.filename.endswith(".json")
        }
        for info in found:
            if is_page(info.filename):
                fault = "it is encrypted" if info.flag_bits & _ENCRYPTED else None
                beside = places.get(find_sidecar(info.filename, places)) if places else None
                yield member_of(archive, info.filename, info.header_offset, info.compress_size, fault, beside)
            elif not info.is_dir():
                count_member(not_pages, "zip", info.filename)


class Reader:
    """Members by their place, without the directory, which a large archive's workers would each need a copy of."""

    def __init__(self, archive: Source) -> None:
        self._file = open_file(archive)

    def approach(self, source: Source) -> None:
        pass

    def read(self, source: Source, max_bytes: int) -> tuple[bytes, Facts]:
        data = self._read_member(source.offset, source.size, max_bytes)
        return data, self._read_sidecar(source.beside) if isinstance(source.beside, tuple) else Facts()

    def close(self) -> None:
        self._file.close()

    def _read_sidecar(self, place: tuple[int, int]) -> Facts:
        try:
            content = self._read_member(*place, MOST_BYTES)
        except (*UNREADABLE, TooLargeError):
            return Facts()
        return parse_sidecar(content) or Facts()

    def _read_member(self, offset: int, size: int, max_bytes: int) -> bytes:
        self._file.seek(offset)
        header = read_whole(self._file, _LOCAL_HEADER.size, max_bytes)
        magic, flags, method, checksum, name, extra = _LOCAL_HEADER.unpack(header)
        if magic != b"PK\3\4":
            raise ValueError("the archive's directory does not lead to it")
        read_whole(self._file, name + extra, max_bytes + 2**17)
        stored = read_whole(self._file, size, max_bytes)
        if flags & _CHECKSUM_FOLLOWS:
            after = self._file.read(8)
            (checksum,) = struct.unpack("<I", (after[4:] if after.startswith(b"PK\7\x08") else after[:4]))
        data = _unpack_member(stored, method, max_bytes)
        if len(data) > max_bytes:
            raise TooLargeError(f"{len(stored)} bytes that unpack to more than {max_bytes}")
        if zlib.crc32(data) != checksum:
            raise ValueError("its checksum is wrong")
        return data


def _unpack_member(stored: bytes, method: int, max_bytes: int) -> bytes:
    """At most one byte more than the limit."""
    if method == _STORED:
        return stored
    if method == _ZSTD:
        data = bytearray()
        for block in unpack([stored]):
            data += block
            if len(data) > max_bytes:
                break
        return bytes(data)
    member: Any
    if method == _DEFLATED:
        member = zlib.decompressobj(wbits=-zlib.MAX_WBITS)
    elif method == _BZIP2:
        member = bz2.BZ2Decompressor()
    else:
        raise ValueError(f"it is packed by method {method}, which cannot be read")
    content: bytes = member.decompress(stored, max_bytes + 1)
    if not member.eof and len(content) <= max_bytes:
        raise EOFError("its packed bytes end in the middle")
    return content
