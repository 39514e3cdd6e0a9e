"""From the name a row has for its source back to the source."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache

import msgspec

from ingest.errors import UsageError
from ingest.filesystem import locate, open_filesystem
from ingest.manifest import Facts, read_manifest
from ingest.sources import Source, find_sources
from ingest.sources.containers import kind_of
from ingest.sources.find import identity as identity_of

_ESCAPED = re.compile(rb"\\x([0-9a-f]{2})")


class Reopener:
    """Finds sources again. `manifest` and `fields` are as for `find_sources`."""

    def __init__(
        self, manifest: str | os.PathLike[str] | None = None, fields: Mapping[str, str] | None = None
    ) -> None:
        self.facts: dict[str, Facts] = {}
        if manifest:
            self.facts = {identity_of(path): facts for path, facts in read_manifest(manifest)}
        self.fields = fields
        self._members = lru_cache(maxsize=1)(self._find_members)

    def open(self, names: Iterable[str]) -> dict[str, Source]:
        """The sources of these names that are still there. An archive is listed as a whole, and stays known."""
        files: list[str] = []
        archives: defaultdict[str, list[str]] = defaultdict(list)
        for name in names:
            archive = archive_of(name)
            if archive is None:
                files.append(name)
            else:
                archives[archive].append(name)
        there = [path for name in files if (path := _find_path(name))]
        found = {source.name: source for source in find_sources(there)} if there else {}
        for archive, members in archives.items():
            known = self._members(archive)
            found |= {name: known[name] for name in members if name in known}
        return {
            name: msgspec.structs.replace(found[name], facts=self.facts[name])
            if name in self.facts
            else found[name]
            for name in found
        }

    def _find_members(self, archive: str) -> dict[str, Source]:
        path = _find_path(archive)
        return {source.name: source for source in find_sources([path], fields=self.fields)} if path else {}


def archive_of(name: str) -> str | None:
    """The archive that holds the page of this name; None for a file of its own."""
    archive, mark, rest = name.partition("!")
    while mark:
        if kind_of(archive):
            return archive
        more, mark, rest = rest.partition("!")
        archive += "!" + more
    return None


def _find_path(name: str) -> str | None:
    """The path or URI that has this name, if something is there."""
    try:
        place = locate(name)
        if not place.local:
            filesystem, path = open_filesystem(place)
            return name if filesystem.get_file_info(path).is_file else None
    except UsageError:  # a name that somebody's own program gave, or a bucket that is no more
        return None
    written = os.fsdecode(_ESCAPED.sub(lambda match: bytes.fromhex(match[1].decode()), os.fsencode(name)))
    return next((path for path in (name, written) if os.path.isfile(path)), None)  # noqa: PTH113
