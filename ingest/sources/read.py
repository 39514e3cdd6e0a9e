"""A source's bytes, or why not: never more of them than the limit, as stored or unpacked."""

from __future__ import annotations

from ingest.digest import digest
from ingest.manifest import Facts
from ingest.records import RawPage, Reject
from ingest.sources.containers import Reader, container_of, kind_of
from ingest.sources.packed import PACKED, unpack
from ingest.sources.sidecar import read_sidecar
from ingest.sources.source import MAX_BYTES, MHTML, Source, media_type_of, refuse
from ingest.sources.stream import UNREADABLE, TooLargeError, open_file

_PIECE = 256 * 1024  # bytes; to ask for the limit would make room for it, for each page


def read_source(source: Source, max_bytes: int = MAX_BYTES) -> RawPage | Reject:
    """The page's bytes, decompressed (gzip and zstd are told by their first bytes, not by the name), or why not.

    What is missing, not a regular file, broken or encrypted is `unreadable`; a page of more than `max_bytes`, as
    stored or decompressed, is `too_large`. The archive a page is in stays open in this process until a page of
    another one is read, or `close_container` is called.
    """
    facts = source.facts or Facts()
    try:
        if source.fault:
            raise ValueError(source.fault)
        if source.member is None:
            facts = source.facts or read_sidecar(source)
            stored = _read_file(source, max_bytes)
        else:
            stored, found = _open_container(source).read(source, max_bytes)
            facts = _merge(facts, found)
    except TooLargeError as error:
        return refuse(source, "too_large", str(error), facts=facts)
    except UNREADABLE as error:
        return refuse(source, "unreadable", _reason(error), facts=facts)
    try:
        data = _unpack(stored, max_bytes)
    except UNREADABLE as error:
        return refuse(source, "unreadable", f"broken compression: {error}", digest(stored), facts)
    if len(data) > max_bytes:
        detail = f"{len(stored)} bytes that unpack to more than {max_bytes}"
        return refuse(source, "too_large", detail, digest(stored), facts)
    media_type = media_type_of(source) or facts.media_type
    if media_type == MHTML:
        from ingest.sources.mhtml import unwrap  # the mail parser is slow to come, and few pages need it

        try:
            data, found = unwrap(data)
        except ValueError as error:
            return refuse(source, "unreadable", str(error), digest(data), facts)
        media_type, facts = found.media_type, _merge(facts, found)
    return RawPage(
        data=data,
        source=source.name,
        url=facts.url,
        fetched_at=facts.fetched_at,
        media_type=media_type,
        charset=facts.charset,
        digest=digest(data),
    )


def approach(source: Source) -> None:
    """Go to the page where it is in an archive that is read in order, so that reading it takes no longer than others.

    Never raises: what is wrong is said by `read_source`.
    """
    if source.member is not None and source.fault is None:
        try:
            _open_container(source).approach(source)
        except UNREADABLE:
            return


class _Open:
    """The container this process has open, if any: pages of one come one after the other."""

    key: tuple[object, ...] | None = None
    reader: Reader | None = None


def close_container() -> None:
    """Close the archive that is open in this process, if one is."""
    if _Open.reader is not None:
        _Open.reader.close()
    _Open.key = _Open.reader = None


def _open_container(source: Source) -> Reader:
    key = (source.path, source.bucket, source.stamp, source.fields)
    if _Open.reader is None or _Open.key != key:
        close_container()
        kind = kind_of(source.path)
        if kind is None:
            raise ValueError("its name does not say which kind of archive it is")
        _Open.reader, _Open.key = container_of(kind).open(source), key
    return _Open.reader


def _read_file(source: Source, max_bytes: int) -> bytes:
    pieces: list[bytes] = []
    left = max_bytes
    with open_file(source) as file:
        while left >= 0 and (piece := file.read(min(_PIECE, left + 1))):
            pieces.append(piece)
            left -= len(piece)
    if left < 0:
        raise TooLargeError(f"more than {max_bytes} bytes")
    return b"".join(pieces)


def _unpack(stored: bytes, max_bytes: int) -> bytes:
    """At most a block more than the limit."""
    if not stored.startswith(PACKED):
        return stored
    blocks, size = [], 0
    for block in unpack([stored]):
        blocks.append(block)
        size += len(block)
        if size > max_bytes:
            break
    return b"".join(blocks)  # one block, as most pages are, is not copied


def _merge(known: Facts, found: Facts) -> Facts:
    """What the manifest says, and of the rest what the archive says."""
    names = known.__struct_fields__
    return Facts(*(getattr(known, name) or getattr(found, name) for name in names))


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
