"""The file beside a page with what is known about it."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress

import msgspec

from ingest.manifest import Facts, parse_facts
from ingest.sources.source import COMPRESSED, Source
from ingest.sources.stream import UNREADABLE, open_file

MOST_BYTES = 1024 * 1024


def read_sidecar(page: Source) -> Facts:
    """What `<name>.json`, `<name>.meta.json` or the same with fewer suffixes says; the first that is there."""
    for path in sidecars_of(page.path) if page.sidecar is None else [page.sidecar]:
        if not path:
            continue
        with suppress(*UNREADABLE), open_file(Source(path, bucket=page.bucket)) as file:
            if facts := parse_sidecar(file.read(MOST_BYTES)):
                return facts
    return Facts()


def parse_sidecar(content: bytes) -> Facts | None:
    """What a sidecar of these bytes says; None if nothing in it can be used."""
    try:
        fields = msgspec.json.decode(content)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None
    return parse_facts(fields) if isinstance(fields, Mapping) else None


def sidecars_of(path: str) -> Iterator[str]:
    """The names a page's sidecar may have, the first goes first."""
    names = [path]
    for packed in COMPRESSED:
        if path.lower().endswith(packed):
            names.append(path[: -len(packed)])
    stem, suffix = os.path.splitext(names[-1])  # noqa: PTH122
    if suffix:
        names.append(stem)
    return (name + ending for name in names for ending in (".json", ".meta.json"))


def find_sidecar(path: str, there: Collection[str]) -> str:
    """The first of them that is there; empty if none is."""
    return next((name for name in sidecars_of(path) if name in there), "")
