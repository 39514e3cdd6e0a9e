"""Archives written byte by byte, or by the standard library, from a few pages."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from ingest.records import RawPage, Reject
from ingest.sources import Source, close_container, find_sources, read_source

URL = "https://site.example/{}"
FETCHED = "2024-05-01T08:00:00Z"

PAGES = {
    f"2024/{number:02}.html": (
        f"<html><title>Bridge {number} opens</title><body><h1>Bridge {number} opens</h1>"
        f"<p>The mayor opened bridge number {number} on Monday at noon, three weeks before anybody expected it.</p>"
        f"<p>The old bridge, which had stood for ninety years, is taken down stone by stone – caf\u00e9 {number}.</p>"
    ).encode()
    for number in range(20)
}


def pack(data: bytes, name: str) -> bytes:
    """Packed as the name says."""
    if name.endswith((".gz", ".tgz")):
        return gzip.compress(data, mtime=0)
    return zstandard.compress(data) if name.endswith(".zst") else data


def record(
    kind: str,
    block: bytes,
    number: int | str = 1,
    content_type: str = "application/http; msgtype=response",
    uri: str | None = None,
) -> bytes:
    """A WARC record with this block."""
    lines = [
        "WARC/1.0",
        f"WARC-Type: {kind}",
        f"WARC-Record-ID: <urn:uuid:{kind}-{number}>",
        f"WARC-Date: {FETCHED}",
        f"WARC-Target-URI: {URL.format(number) if uri is None else uri}",
        f"Content-Type: {content_type}",
        f"Content-Length: {len(block)}",
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def http(
    body: bytes, content_type: str | None = "text/html; charset=utf-8", status: str = "200 OK", *more: str
) -> bytes:
    """An HTTP response."""
    lines = [f"HTTP/1.1 {status}", *([f"Content-Type: {content_type}"] if content_type else []), *more]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def write_warc(path: Path, records: list[bytes], whole: bool = False) -> Path:
    """Packed record by record, as it should be, or as a whole."""
    content = (
        pack(b"".join(records), path.name) if whole else b"".join(pack(one, path.name) for one in records)
    )
    path.write_bytes(content)
    return path


def write_jsonl(path: Path, rows: list[object]) -> Path:
    path.write_bytes(pack(b"".join(json.dumps(row).encode() + b"\n" for row in rows), path.name))
    return path


def write_parquet(path: Path, columns: dict[str, list[object]], **settings: object) -> Path:
    pq.write_table(pa.table(columns), path, **settings)
    return path


def write_zip(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def write_tar(path: Path, members: dict[str, bytes]) -> Path:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    path.write_bytes(pack(content.getvalue(), path.name))
    return path


def found(
    *paths: object,
    fields: dict[str, str] | None = None,
    not_pages: Counter[str] | None = None,
    **settings: int,
) -> list[RawPage | Reject]:
    """What reading every source gives, in order, and a second time backwards: the order does not matter."""
    sources = list(find_sources(list(map(str, paths)), fields=fields, not_pages=not_pages))
    pages = [read_source(source, **settings) for source in sources]
    assert [read_source(source, **settings) for source in reversed(sources)] == pages[::-1]
    close_container()
    return pages


def member_names(*paths: object) -> list[str | None]:
    """The names of the pages in the archives."""
    return [source.member for source in find_sources(list(map(str, paths)))]


def only(pages: list[RawPage | Reject]) -> RawPage | Reject:
    (page,) = pages
    return page


def is_fault(source: Source) -> bool:
    return source.fault is not None
