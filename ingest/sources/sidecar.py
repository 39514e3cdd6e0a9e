"""The file beside a page with what is known about it."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from typing import NamedTuple

import msgspec

from ingest.manifest import Facts, parse_facts
from ingest.sources.source import COMPRESSED, Source
from ingest.sources.stream import UNREADABLE, open_file

MOST_BYTES = 1024 * 1024
FAR = 10_000
"""So many members a page and its sidecar may stand apart in an archive without a directory."""


class Sidecar(NamedTuple):
    """The name of a sidecar in an archive, and what it says."""

    name: str
    facts: Facts


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


def pair(members: Iterator[Source | Sidecar | None]) -> Iterator[Source]:
    """The pages among an archive's members, in their order, each with its sidecar if that is not too `FAR`.

    A page waits until one is met; of those that stand before it the first of its names goes first. What waits when the
    archive breaks is given before the error is raised.
    """
    waiting: deque[tuple[int, Source]] = deque()
    known: dict[str, tuple[int, Facts]] = {}
    now = 0

    def ready(until: int) -> Iterator[Source]:
        while waiting:
            number, page = waiting[0]
            _forget(known, number - FAR)
            name = find_sidecar(page.member or "", known) if known else ""
            if not name and until < number + FAR:
                return
            waiting.popleft()
            yield msgspec.structs.replace(page, beside=known[name][1]) if name else page
        _forget(known, until - FAR)

    try:
        for now, member in enumerate(members):
            if isinstance(member, Source):
                waiting.append((now, member))
            elif member:
                known.pop(member.name, None)
                known[member.name] = now, member.facts
            yield from ready(now)
    except Exception:
        yield from ready(now + FAR)
        raise
    yield from ready(now + FAR)


def _forget(known: dict[str, tuple[int, Facts]], before: int) -> None:
    """Drop those that were met before this member; the oldest stand first."""
    while known and known[oldest := next(iter(known))][0] < before:
        del known[oldest]
