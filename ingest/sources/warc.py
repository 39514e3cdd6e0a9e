"""WARC: the HTTP responses that are pages; WET: the texts. Identity: the record's id."""

from __future__ import annotations

import io
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC
from typing import Any

from fastwarc.stream_io import BrotliReader, ChunkedReader
from fastwarc.warc import ArchiveIterator, WarcRecordType

from ingest.manifest import Facts, parse_content_type
from ingest.sources.counts import count
from ingest.sources.source import Source, member_of
from ingest.sources.stream import EXPANDS_FREELY, MOST_EXPANSION, TooLargeError, open_file

PAGE_TYPES = (None, "text/html", "application/xhtml+xml", "text/plain", "text/markdown")
"""Media types of pages. A response that states none is one."""

_CHUNK = re.compile(rb"[0-9A-Fa-f]{1,8}[ \t]*(;[^\r\n]{0,200})?\r?\n")


def find(archive: Source, not_pages: Counter[str]) -> Iterator[Source]:
    """A source for each page, with the place of its record in the file as it is stored."""
    unpacked = 0
    with open_file(archive) as file:
        most = max(EXPANDS_FREELY, MOST_EXPANSION * file.seek(0, 2))
        file.seek(0)
        for number, record in enumerate(ArchiveIterator(file, parse_http=False), 1):
            name = _name(record, number)
            unpacked += record.content_length
            if unpacked > most:
                raise ValueError(f"it unpacks to more than {MOST_EXPANSION} times its size")
            whole = record.content_length
            stated = (record.headers.get("Content-Length") or "").strip()
            what = _not_a_page(record)
            left = record.content_length
            cut_off = not stated.isdigit() or record.consume() < left
            if what:
                count(not_pages, "warc", what)
                if cut_off:
                    raise EOFError(f"it ends in the middle of record {number}")
            else:
                fault = f"record {number} is cut off" if cut_off else None
                yield member_of(archive, name, record.stream_pos, whole, fault)


class Reader:
    """Records by their place; where a place does not lead to its record, by reading on from the beginning.

    So it is in files that were packed as a whole, and not record by record as they should be.
    """

    def __init__(self, archive: Source) -> None:
        self._file = open_file(archive)
        self._forward: Iterator[tuple[str, Any]] | None = None
        self._at: tuple[str, Any] | None = None

    def approach(self, source: Source) -> None:
        """Go to the record."""
        if self._forward is None:
            self._at = next(self._records(source.offset), None)
        if self._at is None or self._at[0] != source.member:
            self._at = self._read_on(source)

    def read(self, source: Source, max_bytes: int) -> tuple[bytes, Facts]:
        if self._at is None or self._at[0] != source.member:
            self.approach(source)
        assert self._at
        record, self._at = self._at[1], None
        if source.size > max_bytes + 2**20:
            raise TooLargeError(f"{source.size} bytes, more than {max_bytes}")
        record.parse_http()
        data = record.reader.read(min(record.content_length, max_bytes) + 1)
        if len(data) > max_bytes:
            raise TooLargeError(f"more than {max_bytes} bytes")
        return _decode_http(data, record.http_headers, max_bytes), _facts(record)

    def close(self) -> None:
        self._file.close()

    def _records(self, offset: int) -> Iterator[tuple[str, Any]]:
        self._file.seek(offset)
        try:
            for number, record in enumerate(ArchiveIterator(self._file, parse_http=False), 1):
                yield _name(record, number), record
        except OSError:
            if not offset:
                raise

    def _read_on(self, source: Source) -> tuple[str, Any]:
        for beginning in (self._forward, self._records(0)):
            self._forward = beginning
            for name, record in beginning or ():
                if name == source.member:
                    return name, record
        self._forward = None
        raise ValueError("the archive does not hold this record any more")


def _name(record: Any, number: int) -> str:
    """The record's id without its brackets, else its number, from 1."""
    return (record.record_id or "").strip(" \t<>") or str(number)


def _not_a_page(record: Any) -> str | None:
    """What the record is if it is not a page, in a word or two."""
    kind: WarcRecordType = record.record_type
    if kind == WarcRecordType.conversion:
        media_type, _ = parse_content_type(record.headers.get("Content-Type"))
        return None if media_type == "text/plain" else f"conversion {media_type}"
    if kind != WarcRecordType.response:
        return str(kind)
    if not record.is_http:
        return f"response {parse_content_type(record.headers.get('Content-Type'))[0] or 'without type'}"
    try:
        record.parse_http()
    except OSError:
        return None  # the reader will say so in the page's row
    if record.http_headers is None:
        return None
    status = record.http_headers.status_code
    if status and not 200 <= status < 300:
        return f"response {status}"
    media_type, _ = parse_content_type(record.http_headers.get("Content-Type"))
    return None if media_type in PAGE_TYPES else f"response {media_type}"


def _facts(record: Any) -> Facts:
    headers = record.http_headers
    stated = headers.get("Content-Type") if headers else record.headers.get("Content-Type")
    media_type, charset = parse_content_type(stated)
    fetched_at = record.record_date
    return Facts(
        (record.headers.get("WARC-Target-URI") or "").strip(" \t<>") or None,
        fetched_at.astimezone(UTC) if fetched_at else None,
        media_type,
        charset,
    )


def _decode_http(data: bytes, headers: Any, max_bytes: int) -> bytes:
    """The body without its transfer coding, and without content codings that cannot be told by its bytes.

    Many crawlers undo codings and leave the headers as they were, so a body that is not coded is taken as it is.
    """
    if headers is None:
        return data
    if "chunked" in (headers.get("Transfer-Encoding") or "").lower() and _CHUNK.match(data):
        data = _read(ChunkedReader(io.BytesIO(data)), max_bytes)
    coding = (headers.get("Content-Encoding") or "").strip().lower()
    if coding == "br":
        with suppress(OSError):
            data = _read(BrotliReader(io.BytesIO(data)), max_bytes)
    elif coding == "deflate":
        data = _inflate(data, max_bytes)
    if len(data) > max_bytes:
        raise TooLargeError(f"it unpacks to more than {max_bytes}")
    return data


def _read(reader: Any, max_bytes: int) -> bytes:
    """At most one byte more than the limit; the reader gives what it has, which can be less than it is asked for."""
    data = bytearray()
    while len(data) <= max_bytes and (piece := reader.read(max_bytes + 1 - len(data))):
        data += piece
    return bytes(data)


def _inflate(data: bytes, max_bytes: int) -> bytes:
    """Servers mean two things by it: with a zlib header and without."""
    for wbits in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        with suppress(zlib.error):
            return zlib.decompressobj(wbits).decompress(data, max_bytes + 1)
    return data
