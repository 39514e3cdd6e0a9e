"""Where things lie: on this machine or in an object store, given as a path or as a URI.

    /data/pages   data/pages   file:///data/pages
    s3://bucket/prefix         s3://bucket/prefix?endpoint_override=localhost:9000&scheme=http
    gs://bucket/prefix

The part after the bucket is the key as it is, without escapes. What follows a question mark is for pyarrow, which
also reads the usual environment: AWS_ACCESS_KEY_ID, AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL and so on.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote

import msgspec
import pyarrow as pa
from pyarrow.fs import FileSystem, FileType, LocalFileSystem

from ingest.errors import StoreError, UsageError

SCHEMES = ("s3", "gs")
"""The object stores."""

_PATIENCE = "retry_limit_seconds"
_PATIENT_SECONDS = 60
"""Google's library would look for credentials for a quarter of an hour."""


class Place(msgspec.Struct, frozen=True):
    """A file or folder. It is a few strings, and opens its file system in whatever process uses it."""

    path: str
    """As its file system wants it: an absolute path, or `bucket/key`."""

    bucket: str = ""
    """The URI that opens the file system, `s3://bucket?options`; empty on this machine."""

    @property
    def local(self) -> bool:
        return not self.bucket

    @property
    def filesystem(self) -> FileSystem:
        """Raises `UsageError` if it cannot be opened."""
        return _connect(self.bucket)

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def parent(self) -> Place:
        return Place(self.path.rpartition("/")[0] or "/", self.bucket)

    def __truediv__(self, name: str) -> Place:
        return Place(f"{self.path.rstrip('/')}/{name}", self.bucket)

    def with_name(self, name: str) -> Place:
        """A neighbour in the same folder."""
        return self.parent / name

    def __fspath__(self) -> str:
        if not self.local:
            raise TypeError(f"{self} is not on this machine")
        return self.path

    def __str__(self) -> str:
        """The path or URI to show: without options, which may hold a key."""
        return self.path if self.local else f"{self.bucket.partition('://')[0]}://{self.path}"


Location = str | os.PathLike[str] | Place
"""A path or URI as users write it, or what `locate` made of it."""


def is_uri(location: Location) -> bool:
    """Whether this is written as a URI, whatever its scheme."""
    return isinstance(location, str) and "://" in location


def locate(location: Location) -> Place:
    """What a path or URI means, without looking there. Raises `UsageError` for a URI that cannot be used."""
    if isinstance(location, Place):
        return location
    text = os.fspath(location)
    scheme, found, rest = text.partition("://")
    if not found:
        return Place(os.path.abspath(text))  # noqa: PTH100  resolve() would follow links
    if scheme == "file":
        return Place(_file_path(text, rest))
    if scheme not in SCHEMES:
        known = ", ".join(f"{name}://" for name in ("file", *SCHEMES))
        raise UsageError(f"Cannot use {text}: {scheme}:// is not known. Known are {known} and plain paths.")
    path, _, options = rest.partition("?")
    names = path.rstrip("/").split("/")
    # keys of access may stand before the bucket: s3://key:secret@bucket
    access, at, names[0] = names[0].rpartition("@")
    if not all(names):
        shown = f"{scheme}://{'/'.join(names)}"
        raise UsageError(f"Cannot use {shown}: write {scheme}://bucket/prefix, with no empty name in it.")
    return Place("/".join(names), f"{scheme}://{access}{at}{names[0]}" + (f"?{options}" if options else ""))


def open_filesystem(location: Location) -> tuple[FileSystem, str]:
    """The file system and the path in it; whether anything is at the path is left open.

    Raises `UsageError` for what cannot be used: an unknown scheme or option, a bucket that is not there or not for
    the credentials at hand; `StoreError` if the store cannot be reached.
    """
    place = locate(location)
    if not place.local:
        _check(place)
    return place.filesystem, place.path


def reason_of(error: Exception) -> str:
    """What is wrong, in a few words of the system's or the store's own."""
    said = (isinstance(error, OSError) and error.strerror) or str(error)
    said = said.partition("\n")[0]
    system = re.search(r"\[errno \d+\] (.+)", said)
    return system[1] if system else said[:300].rstrip(".")


@lru_cache(maxsize=64)
def _connect(bucket: str) -> FileSystem:
    if not bucket:
        return LocalFileSystem()
    if bucket.startswith("gs://") and _PATIENCE not in bucket:
        bucket += f"{'&' if '?' in bucket else '?'}{_PATIENCE}={_PATIENT_SECONDS}"
    try:
        return FileSystem.from_uri(bucket)[0]
    except (OSError, pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise _cannot_use(locate(bucket), error) from error


def _check(place: Place) -> None:
    filesystem = place.filesystem
    try:
        here = filesystem.get_file_info(place.path)
    except OSError as error:
        raise _cannot_use(place, error) from error
    if here.type != FileType.NotFound:
        return
    name = place.path.partition("/")[0]
    with suppress(OSError):  # who may use a prefix may not always look at its bucket
        if filesystem.get_file_info(name).type == FileType.NotFound:
            raise UsageError(f"Cannot use {place}: there is no bucket {name!r}.")


def _cannot_use(place: Place, error: Exception) -> UsageError | StoreError:
    reason = reason_of(error)
    if "NETWORK_CONNECTION" in reason or "curlCode" in reason:
        return StoreError(f"Cannot reach {place}: {reason}.")
    if any(sign in reason for sign in ("ACCESS_DENIED", "HTTP status 403", "OAuth2")):
        names = (
            "GOOGLE_APPLICATION_CREDENTIALS"
            if "gs" in place.bucket[:2]
            else "AWS_ACCESS_KEY_ID or AWS_PROFILE"
        )
        reason += f". Check the credentials, such as {names}"
    return UsageError(f"Cannot use {place}: {reason}.")


def _file_path(text: str, rest: str) -> str:
    host, slash, path = rest.partition("/")
    if host not in ("", "localhost") or not slash:
        raise UsageError(f"Cannot use {text}: a file's URI has three slashes, as in file:///data/pages.")
    return str(Path("/" + unquote(path)))
