"""Pages found, streamed: under files, folders, archives and object stores, by paths given or listed."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import msgspec
from pyarrow.fs import FileType

from ingest.errors import UsageError
from ingest.filesystem import Place, open_filesystem, reason_of
from ingest.manifest import Facts, read_manifest
from ingest.sources.containers import TABLES, check_columns, container_of, kind_of
from ingest.sources.counts import count
from ingest.sources.fields import Fields, NoPageColumnError, make_fields
from ingest.sources.source import Source
from ingest.sources.walk import Walk, canonical, is_folder, stamped, walk

StrPath = str | os.PathLike[str]

LISTED = "-"
"""Given as a path: more paths, one a line, from standard input."""


def find_sources(
    paths: StrPath | Iterable[StrPath],
    manifest: StrPath | None = None,
    fields: Mapping[str, str] | None = None,
    not_pages: Counter[str] | None = None,
    out: StrPath | None = None,
) -> Iterator[Source]:
    """Every page under the given files, folders, archives and URIs, each once, streamed.

    A file given by name is taken whatever its suffix. In folders, files with a page's suffix and archives are
    taken; names are sorted 10,000 at a time, so that a folder of any size is streamed. A linked folder is entered
    once, and not at all where it leads into a folder that is read anyway. What cannot be listed or is broken is
    itself given as a source, so that reading it makes a row. `-` among the paths stands for those on standard input.

    `fields` names the columns of tables: `{"html": "content", "url": "link"}`. `not_pages` is counted up, while the
    sources are taken, by what folders and archives hold beside pages. The dataset `out` is not entered, should it lie
    in one of the folders.

    Raises before the first page: `UsageError` for a path that is not there, a manifest with mistakes or a table
    without the columns; `StoreError` for an object store that cannot be reached.
    """
    given = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    roots = [canonical(path) for path in given if str(path) != LISTED]
    missing = [str(root) for root in roots if not _is_there(root)]
    if missing:
        raise UsageError("\n".join(f"There is no file or folder {path!r}." for path in missing))
    columns = make_fields(fields) if fields else None
    dataset = None if out is None else canonical(out)
    for root in roots:
        _check_columns(root, columns, dataset)
    listed = _lines() if len(roots) < len(given) else iter(())
    facts = {identity(path): known for path, known in read_manifest(manifest)} if manifest else {}
    not_pages = Counter() if not_pages is None else not_pages
    found = _pages(walk(roots, listed, not_pages, dataset), columns, not_pages)
    return _with_facts(found, facts) if facts else found


def find_source(path: StrPath) -> Source:
    """The first page that is found under a path. Raises as `find_sources`, and `UsageError` where there is none."""
    source = next(find_sources(path), None)
    if source is None:
        raise UsageError(f"There is no page in {os.fspath(path)!r}.")
    return source


def count_sources(paths: Iterable[StrPath], out: StrPath | None = None) -> int | None:
    """How many pages there are, if it can be told from names alone: not for archives and lists of paths."""
    given = list(paths)
    if LISTED in map(str, given):
        return None
    number = 0
    dataset = None if out is None else canonical(out)
    for found in walk([canonical(path) for path in given], iter(()), Counter(), dataset):
        if kind_of(found.path):
            return None
        number += 1
    return number


def _pages(found: Iterator[Source], fields: Fields | None, not_pages: Counter[str]) -> Iterator[Source]:
    """The pages in what was found: a file is one, an archive holds them."""
    for source in found:
        kind = None if source.fault else kind_of(source.path)
        if kind is None:
            yield source
            continue
        archive = msgspec.structs.replace(source, fields=fields) if fields else source
        try:
            yield from container_of(kind).find(archive, not_pages)
        except Exception as error:  # broken bytes can raise anything in the libraries that read them
            if isinstance(error, NoPageColumnError) and fields is None:
                count(not_pages, kind, "without pages")  # such as a manifest that lies in the folder
            else:
                fault = reason_of(error) or type(error).__name__
                yield msgspec.structs.replace(source, fault=f"broken {kind}: {fault}")


def _is_there(place: Place) -> bool:
    if place.local:
        return os.path.lexists(place.path)
    filesystem, path = open_filesystem(place)
    return bool(filesystem.get_file_info(path).type != FileType.NotFound)


def _check_columns(root: Place, fields: Fields | None, out: Place | None) -> None:
    """Look at a table given by name, and for columns given by name at the first table of each folder."""
    tables: Iterable[Source] = ()
    if not is_folder(root):
        tables = [stamped(root)]
    elif fields:
        tables = Walk({out}, Counter()).enter([root])
    table = next((found for found in tables if kind_of(found.path) in TABLES), None)
    if table is None:
        return
    try:
        check_columns(msgspec.structs.replace(table, fields=fields))
    except NoPageColumnError as error:
        raise UsageError(str(error)) from error
    except Exception:  # a broken table is a row of the run
        return


def _lines() -> Iterator[str]:
    """The paths on standard input, each as it comes."""
    for line in sys.stdin:
        if path := line.rstrip("\r\n"):
            yield path


def _with_facts(found: Iterator[Source], facts: Mapping[str, Facts]) -> Iterator[Source]:
    for source in found:
        known = facts.get(source.name)
        yield msgspec.structs.replace(source, facts=known) if known else source


def identity(path: str) -> str:
    """The identity of what a manifest calls a path: of a page in an archive, too."""
    archive, mark, member = path.partition("!")
    while mark and not kind_of(archive):
        more, mark, member = member.partition("!")
        archive += "!" + more
    place = canonical(archive)
    return Source(place.path, bucket=place.bucket, member=member if mark else None).name
