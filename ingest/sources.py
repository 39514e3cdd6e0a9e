"""Where pages come from: files and folders found, their bytes read, never more than the limit.

A source is one file. Its name is its identity in the dataset: the absolute path, the folder's part with
symbolic links resolved. What is known about it (url, fetch time, media type) comes from a manifest, else from
a sidecar file beside the page, read by `read_source`.
"""

from __future__ import annotations

import gzip
import os
import stat
import zlib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from io import BytesIO
from itertools import islice
from pathlib import Path

import msgspec
import zstandard

from ingest.describe.url import host_of, page_id
from ingest.digest import digest
from ingest.errors import UsageError
from ingest.manifest import Facts, parse_facts, read_manifest
from ingest.records import RawPage, Reason, Reject
from ingest.version import VERSION

MAX_BYTES = 32 * 1024 * 1024
"""The largest page that is read, in bytes after decompression."""

MEDIA_TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".txt": "text/plain",
}
COMPRESSED = (".gz", ".zst")
SUFFIXES = tuple(page + packed for page in MEDIA_TYPES for packed in ("", *COMPRESSED))

_LISTED_AT_ONCE = 10_000
_MAX_SIDECAR_BYTES = 1024 * 1024
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"


class Source(msgspec.Struct, frozen=True):
    """One page to read. `path` opens the file; `facts` is what a manifest says about it, if it names it."""

    path: str
    facts: Facts | None = None

    @property
    def name(self) -> str:
        r"""The identity in the dataset: the path; bytes of it that are not UTF-8 are written as `\xNN`."""
        return os.fsencode(self.path).decode("utf-8", "backslashreplace")


def find_sources(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    manifest: str | os.PathLike[str] | None = None,
) -> Iterator[Source]:
    """Every page under the given files and folders, each once, streamed.

    A file given by name is taken whatever its suffix. In folders, files with a page's suffix are taken; names
    are sorted 10,000 at a time, so that a folder of any size is streamed. A linked folder is entered once, and
    not at all where it leads into a folder that is read anyway. A folder that cannot be listed is itself given
    as a source, so that reading it makes a row.

    Raises `UsageError`, before the first page, for a path that is not there or a manifest with mistakes.
    """
    given = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    roots = [_canonical(path) for path in given]
    missing = [str(path) for path, root in zip(given, roots, strict=True) if not os.path.lexists(root)]
    if missing:
        raise UsageError("\n".join(f"There is no file or folder {path!r}." for path in missing))
    facts = {_in_real_folder(str(path)): known for path, known in read_manifest(manifest)} if manifest else {}
    return (Source(path, facts.get(path)) for path in _walk(roots))


def read_source(source: Source, max_bytes: int = MAX_BYTES) -> RawPage | Reject:
    """The page's bytes, decompressed (gzip and zstd are told by their first bytes, not by the name), or why not.

    A file that is missing, not a regular file, or broken in its compression is `unreadable`; one of more than
    `max_bytes`, as stored or decompressed, is `too_large`. Never reads or unpacks more than the limit.
    """
    facts = source.facts or _read_sidecar(source.path)
    try:
        stored = _read_bytes(source.path, max_bytes)
    except (OSError, ValueError) as error:
        return refuse(source, "unreadable", getattr(error, "strerror", None) or str(error), facts=facts)
    if len(stored) > max_bytes:
        return refuse(source, "too_large", f"more than {max_bytes} bytes", facts=facts)
    try:
        data = _decompress(stored, max_bytes)
    except (OSError, EOFError, zlib.error, zstandard.ZstdError) as error:
        return refuse(source, "unreadable", f"broken compression: {error}", digest(stored), facts)
    if len(data) > max_bytes:
        detail = f"{len(stored)} bytes that unpack to more than {max_bytes}"
        return refuse(source, "too_large", detail, digest(stored), facts)
    return RawPage(
        data=data,
        source=source.name,
        url=facts.url,
        fetched_at=facts.fetched_at,
        media_type=_media_type(source.path) or facts.media_type,
        charset=facts.charset,
        digest=digest(data),
    )


def refuse(
    source: Source,
    reason: Reason,
    detail: str,
    source_digest: str | None = None,
    facts: Facts | None = None,
) -> Reject:
    """The row for a source whose page never reached the pipeline, or did not come out of it."""
    url = (facts or source.facts or Facts()).url
    return Reject(
        page_id=page_id(url or source.name),
        source=source.name,
        source_digest=source_digest,
        media_type=_media_type(source.path),
        url=url,
        site=host_of(url) if url else None,
        reason=reason,
        detail=detail[:500],
        version=VERSION,
    )


def _canonical(path: str | os.PathLike[str]) -> str:
    """The absolute path; a folder without links, a file by its own name in such a folder."""
    return os.path.realpath(path) if os.path.isdir(path) else _in_real_folder(os.fspath(path))  # noqa: PTH112


def _in_real_folder(path: str) -> str:
    folder, name = os.path.split(os.path.abspath(path))  # noqa: PTH100  resolve() would follow the file, too
    return os.path.join(_real_folder(folder), name)  # noqa: PTH118


@lru_cache(maxsize=1024)
def _real_folder(folder: str) -> str:
    return os.path.realpath(folder)


def _walk(roots: list[str]) -> Iterator[str]:
    """Paths of files, each once. Linked folders wait until everything real has been entered."""
    files = dict.fromkeys(root for root in roots if not os.path.isdir(root))  # noqa: PTH112
    yield from files
    folders = [root for root in reversed(roots) if root not in files]
    linked: list[str] = []
    entered: set[tuple[int, int]] = set()
    while folders or linked:
        folder = folders.pop() if folders else os.path.realpath(linked.pop(0))
        try:
            status = os.stat(folder)  # noqa: PTH116
            if (status.st_dev, status.st_ino) in entered:
                continue
            entered.add((status.st_dev, status.st_ino))
            inner: list[str] = []
            for entry in _list(folder):
                if entry.is_dir(follow_symlinks=False):
                    inner.append(entry.path)
                elif entry.is_symlink() and os.path.isdir(entry.path):  # noqa: PTH112
                    linked.append(entry.path)
                elif entry.name.lower().endswith(SUFFIXES) and entry.path not in files:
                    yield entry.path
            folders.extend(reversed(inner))
        except OSError:
            yield folder


def _list(folder: str) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        while batch := list(islice(entries, _LISTED_AT_ONCE)):
            yield from sorted(batch, key=lambda entry: entry.name)


def _media_type(path: str) -> str | None:
    """What the name says. It goes before a declared type: a text dump keeps the page's `text/html` header."""
    name = path.lower()
    for packed in COMPRESSED:
        name = name.removesuffix(packed)
    return MEDIA_TYPES.get(Path(name).suffix)


def _read_bytes(path: str, max_bytes: int) -> bytes:
    """At most one byte more than the limit. A pipe or device is refused without waiting for it."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError("not a regular file")
        content = os.read(descriptor, min(status.st_size, max_bytes) + 1)
        while len(content) <= max_bytes and (more := os.read(descriptor, max_bytes + 1 - len(content))):
            content += more  # it grew meanwhile, or the file system gives it in pieces
        return content
    finally:
        os.close(descriptor)


def _decompress(stored: bytes, max_bytes: int) -> bytes:
    if stored.startswith(_GZIP):
        return _decompress_gzip(stored, max_bytes)
    if stored.startswith(_ZSTD):
        return _decompress_zstd(stored, max_bytes)
    return stored


def _decompress_gzip(stored: bytes, max_bytes: int) -> bytes:
    member = zlib.decompressobj(wbits=31)
    data = member.decompress(stored, max_bytes + 1)
    if member.eof and not member.unused_data:
        return data
    return gzip.GzipFile(fileobj=BytesIO(stored)).read(max_bytes + 1)  # slower; for the rare rest


def _decompress_zstd(stored: bytes, max_bytes: int) -> bytes:
    """Fed in small pieces: 4 bytes can unpack to 128 kB, and the library's readers accept a cut-off frame."""
    data = bytearray()
    start = 0
    while start < len(stored) and len(data) <= max_bytes:
        frame = zstandard.ZstdDecompressor().decompressobj()
        while not frame.eof and len(data) <= max_bytes:
            piece = stored[start : start + 256]
            if not piece:
                raise EOFError("zstd data ends in the middle of a frame")
            data += frame.decompress(piece)
            start += len(piece)
        start -= len(frame.unused_data)
    return bytes(data)


def _read_sidecar(path: str) -> Facts:
    """What `<name>.json`, `<name>.meta.json` or the same with fewer suffixes says; the first that is there."""
    names = [path]
    for packed in COMPRESSED:
        if path.lower().endswith(packed):
            names.append(path[: -len(packed)])
    stem, suffix = os.path.splitext(names[-1])  # noqa: PTH122
    if suffix:
        names.append(stem)
    for name in names:
        for ending in (".json", ".meta.json"):
            try:
                content = _read_bytes(name + ending, _MAX_SIDECAR_BYTES)
                fields = msgspec.json.decode(content)
            except (OSError, ValueError, msgspec.DecodeError, RecursionError):
                continue
            if isinstance(fields, Mapping) and (facts := parse_facts(fields)):
                return facts
    return Facts()
