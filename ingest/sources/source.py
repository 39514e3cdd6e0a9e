"""One page to read: a few strings and numbers that open it again in any process."""

from __future__ import annotations

import os

import msgspec

from ingest.describe.url import host_of, page_id
from ingest.filesystem import Place
from ingest.manifest import Facts
from ingest.records import Reason, Reject
from ingest.sources.fields import Fields
from ingest.version import VERSION

MAX_BYTES = 32 * 1024 * 1024
"""The largest page that is read, in bytes after decompression."""

MHTML = "multipart/related"
MARKDOWN = "text/markdown"
MEDIA_TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".mhtml": MHTML,
    ".mht": MHTML,
    ".txt": "text/plain",
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
}
ABOUT = "readme.md"
"""What a folder says of itself is no page of it."""

COMPRESSED = (".gz", ".zst")
SUFFIXES = tuple(page + packed for page in MEDIA_TYPES for packed in ("", *COMPRESSED))
"""Endings of names that make a file, or a member of a zip or tar archive, a page."""


class Source(msgspec.Struct, frozen=True):
    """One page to read. `facts` is what a manifest says about it, if it names it.

    `stamp` stays the same while the file is not written to: its size and time of change. For a page in an archive
    it is the archive's. None where it could not be told.
    """

    path: str
    """Of the file, or of the archive the page is in: absolute, or `bucket/key` in an object store."""

    facts: Facts | None = None
    stamp: str | None = None
    bucket: str = ""
    """What opens the object store, as in `Place`; empty on this machine."""

    member: str | None = None
    """The page's name in its archive, or the number of its record, line or row; None for a file of its own."""

    offset: int = 0
    """Where the archive's reader finds the page: a place in the archive's (unpacked) bytes, or the row."""

    size: int = 0
    """Bytes to read from there, for the archives that need to be told."""

    fields: Fields | None = None
    sidecar: str | None = None
    """Path of the file with what is known about the page; empty if there is none, None if nobody has looked."""

    fault: str | None = None
    """Why it cannot be read, where that was seen when it was found."""

    beside: tuple[int, int] | Facts | None = None
    """Where the sidecar of a page in an archive stands in it, as `offset` and `size`, or what it says."""

    @property
    def place(self) -> Place:
        """The file or the archive."""
        return Place(self.path, self.bucket)

    @property
    def name(self) -> str:
        r"""The identity in the dataset; bytes of a path that are not UTF-8 are written as `\xNN`."""
        name = str(self.place) if self.bucket else self.path
        if self.member is not None:
            name = f"{name}!{self.member}"
        return os.fsencode(name).decode("utf-8", "backslashreplace")


def member_of(
    archive: Source,
    name: str,
    offset: int = 0,
    size: int = 0,
    fault: str | None = None,
    beside: tuple[int, int] | None = None,
) -> Source:
    """A page in the archive."""
    where = archive.path, None, archive.stamp, archive.bucket
    return Source(*where, name, offset, size, archive.fields, None, fault, beside)


def is_page(name: str) -> bool:
    """Whether a file or member of this name is a page."""
    return _ending(name) in MEDIA_TYPES and name.rpartition("/")[2].lower() != ABOUT


def media_type_of(source: Source) -> str | None:
    """What the name says. It goes before a declared type: a text dump keeps the page's `text/html` header."""
    return MEDIA_TYPES.get(_ending(source.path if source.member is None else source.member))


def _ending(name: str) -> str:
    """The suffix without those of packing, and without the query that crawlers leave in names: `story.html?id=3`."""
    name = name.rpartition("/")[2].lower()
    for packed in COMPRESSED:
        name = name.removesuffix(packed)
    name, dot, ending = name.partition("?")[0].rpartition(".")
    return dot + ending


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
        media_type=media_type_of(source),
        url=url,
        site=host_of(url) if url else None,
        reason=reason,
        detail=detail[:500],
        version=VERSION,
    )
