"""Files, objects and archives in the order they are found: each once, folders streamed."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterator
from contextlib import suppress
from functools import lru_cache
from itertools import islice
from pathlib import Path

from pyarrow.fs import FileInfo, FileSelector, FileType

from ingest.errors import IngestError
from ingest.filesystem import Location, Place, locate, reason_of
from ingest.sources.containers import kind_of
from ingest.sources.counts import FOLDER, count_member
from ingest.sources.sidecar import find_sidecar
from ingest.sources.source import Source, is_page

_LISTED_AT_ONCE = 10_000


def canonical(path: Location) -> Place:
    """Where a path or URI leads; a local folder without links, a file by its own name in such a folder."""
    place = locate(path)
    if not place.local:
        return place
    if os.path.isdir(place.path):  # noqa: PTH112
        return Place(os.path.realpath(place.path))
    folder, name = os.path.split(place.path)
    return Place(os.path.join(_real_folder(folder), name))  # noqa: PTH118


def walk(
    roots: list[Place], listed: Iterator[str], not_pages: Counter[str], out: Place | None = None
) -> Iterator[Source]:
    """Files and archives, each once, and none of the dataset `out`. What folders hold beside them is counted."""
    files = [root for root in dict.fromkeys(roots) if not is_folder(root)]
    yield from map(stamped, files)
    apart = {*files, out}
    folders = Walk(apart, not_pages)
    yield from folders.enter([root for root in roots if root not in apart])
    for line in listed:
        try:
            place = canonical(line)
            if place in apart:
                continue
            if is_folder(place):
                yield from folders.enter([place])
            else:
                apart.add(place)
                yield stamped(place)
        except (IngestError, OSError, ValueError) as error:
            yield Source(line, fault=reason_of(error))


class Walk:
    """Folders entered, each once. What is `apart` is not taken: files that were given by name, the dataset itself."""

    def __init__(self, apart: Container[Place | None], not_pages: Counter[str]) -> None:
        self.apart = apart
        self.not_pages = not_pages
        self.entered: set[object] = set()

    def enter(self, roots: list[Place]) -> Iterator[Source]:
        """The pages and archives in the folders and all below."""
        yield from self._local([root.path for root in roots if root.local])
        for root in roots:
            if not root.local:
                yield from self._remote(root)

    def _local(self, roots: list[str]) -> Iterator[Source]:
        """Linked folders wait until everything real has been entered."""
        folders = roots[::-1]
        linked: list[str] = []
        while folders or linked:
            folder = folders.pop() if folders else os.path.realpath(linked.pop(0))
            try:
                status = os.stat(folder)  # noqa: PTH116
                if (status.st_dev, status.st_ino) in self.entered or Place(folder) in self.apart:
                    continue
                self.entered.add((status.st_dev, status.st_ino))
                inner: list[str] = []
                for entry in _list(folder):
                    if entry.is_dir(follow_symlinks=False):
                        inner.append(entry.path)
                    elif entry.is_symlink() and os.path.isdir(entry.path):  # noqa: PTH112
                        linked.append(entry.path)
                    elif self._takes(Place(entry.path)):
                        yield Source(entry.path, stamp=_stamp_of(entry))
                folders.extend(reversed(inner))
            except OSError as error:
                yield Source(folder, fault=reason_of(error))

    def _remote(self, root: Place) -> Iterator[Source]:
        """One folder's listing is held at a time: the stores' interface gives a folder whole."""
        folders = [root.path]
        inside = None
        while folders:
            folder = folders.pop()
            if (root.bucket, folder) in self.entered or Place(folder, root.bucket) in self.apart:
                continue
            self.entered.add((root.bucket, folder))
            try:
                inside = inside or _lister(root)
                listed = sorted(inside(folder), key=lambda info: info.path)
            except OSError as error:
                yield Source(folder, bucket=root.bucket, fault=reason_of(error))
                continue
            facts = {info.path for info in listed if info.path.endswith(".json")}
            for info in listed:
                if info.type == FileType.File and self._takes(Place(info.path, root.bucket)):
                    yield _of_store(info, root.bucket, find_sidecar(info.path, facts))
            folders += [info.path for info in reversed(listed) if info.type == FileType.Directory]

    def _takes(self, file: Place) -> bool:
        """Whether it is a page or an archive and not apart; what by its name is neither is counted."""
        if file in self.apart:
            return False
        if is_page(file.path) or kind_of(file.path):
            return True
        count_member(self.not_pages, FOLDER, file.name)
        return False


def _lister(root: Place) -> Callable[[str], list[FileInfo]]:
    """Gives what stands in a folder of an object store, at or below `root`.

    Google's interface does not name the folders in a folder: there all that lies below is listed at once, and held.
    """
    if not root.bucket.startswith("gs://"):
        return lambda folder: root.filesystem.get_file_info(FileSelector(folder))
    inside: defaultdict[str, list[FileInfo]] = defaultdict(list)
    for info in root.filesystem.get_file_info(FileSelector(root.path, recursive=True)):
        if info.type == FileType.File:
            inside[info.path.rpartition("/")[0]].append(info)
    named = {root.path}
    for folder in list(inside):
        while folder not in named:
            named.add(folder)
            above = folder.rpartition("/")[0]
            inside[above].append(FileInfo(folder, FileType.Directory))
            folder = above
    return lambda folder: inside.get(folder, [])


def _list(folder: str) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        while batch := list(islice(entries, _LISTED_AT_ONCE)):
            yield from sorted(batch, key=lambda entry: entry.name)


def stamped(place: Place) -> Source:
    """A file or object given by name; without a stamp if it cannot be looked at, which reading it will tell."""
    if place.local:
        return Source(place.path, stamp=_stamp_of(Path(place.path)))
    with suppress(OSError):
        info = place.filesystem.get_file_info(place.path)
        if info.type != FileType.NotFound:
            return _of_store(info, place.bucket)
    return Source(place.path, bucket=place.bucket)


def _of_store(info: FileInfo, bucket: str, sidecar: str | None = None) -> Source:
    return Source(info.path, stamp=f"{info.size}-{info.mtime_ns}", bucket=bucket, sidecar=sidecar)


def _stamp_of(file: os.DirEntry[str] | Path) -> str | None:
    try:
        status = file.stat()
    except (OSError, ValueError):
        return None
    return f"{status.st_size}-{status.st_mtime_ns}"


def is_folder(place: Place) -> bool:
    if place.local:
        return os.path.isdir(place.path)  # noqa: PTH112
    return bool(place.filesystem.get_file_info(place.path).type == FileType.Directory)


@lru_cache(maxsize=1024)
def _real_folder(folder: str) -> str:
    return os.path.realpath(folder)
