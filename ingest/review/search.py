"""A text searched for in the titles and bodies of all articles: hits come as they are found, part by part."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import groupby
from pathlib import Path

import msgspec
import pyarrow.compute as pc

from ingest.review.filters import Filters
from ingest.review.index import PART, ROW, Index
from ingest.review.lookups import PAGES, Page, candidates, pages_at, row_of
from ingest.review.rows import texts_of
from ingest.rules.match import compile_pattern
from ingest.views.text import clip, clip_left

READERS, AHEAD = 2, 8
"""Parts read at once, and how many may be read before their hits are asked for."""

AROUND = 160
"""Characters shown before and after a hit."""


class Hit(msgspec.Struct, frozen=True):
    """An article that holds the text, and the text with what stands around it: before, itself, after."""

    page: Page
    before: str
    found: str
    after: str


class Searched(msgspec.Struct, frozen=True):
    """How far a search went: articles read of those it had to read, and whether it stopped at a full page."""

    read: int
    of: int
    full: bool


def search(index: Index, filters: Filters) -> Iterator[Hit | Searched]:
    """The hits in the order of the parts, a page of them at most; at the end what was searched."""
    start = filters.numbers_after(1)
    with index.cursor() as cursor:
        refs = candidates(cursor, filters, start[0] if start else -1)
        read = found = 0
        for part, matches in _in_turn(index, refs, filters.pattern):
            matched = {page.ref: page for page in pages_at(cursor, list(matches))}
            for ref in part:
                read += 1
                if ref in matched:
                    yield Hit(matched[ref], *matches[ref])
                    found += 1
                if found == PAGES:
                    yield Searched(read, len(refs), True)
                    return
        yield Searched(read, len(refs), False)


def _in_turn(
    index: Index, refs: Sequence[int], pattern: str
) -> Iterator[tuple[list[int], dict[int, tuple[str, str, str]]]]:
    """The candidates of each part with what was found in them; parts are read a little ahead."""
    parts = (list(group) for _, group in groupby(refs, key=lambda ref: ref >> PART))
    waiting: deque[tuple[list[int], Future[dict[int, tuple[str, str, str]]]]] = deque()
    readers = ThreadPoolExecutor(READERS)
    try:
        for part in parts:
            waiting.append((part, readers.submit(_search_part, index.path(part[0]), part, pattern)))
            if len(waiting) >= AHEAD:
                group, matches = waiting.popleft()
                yield group, matches.result()
        while waiting:
            group, matches = waiting.popleft()
            yield group, matches.result()
    finally:
        readers.shutdown(wait=False, cancel_futures=True)


def _search_part(path: Path, refs: Sequence[int], pattern: str) -> dict[int, tuple[str, str, str]]:
    matches: dict[int, tuple[str, str, str]] = {}
    base = refs[0] >> PART << PART
    wanted = set(refs)
    for start, table in texts_of(path, row_of(refs[0])):
        columns = [table["title"], table["body"]]
        holds = [pc.fill_null(pc.match_substring_regex(column, pattern), False) for column in columns]
        hits = pc.indices_nonzero(pc.or_(holds[0], holds[1]).combine_chunks())
        for row in hits.to_pylist():
            ref = base | ((start + row) << ROW)
            if ref in wanted:
                matches[ref] = _around([column[row].as_py() or "" for column in reversed(columns)], pattern)
    return matches


def _around(texts: Sequence[str], pattern: str) -> tuple[str, str, str]:
    """The first hit in the texts, with what stands around it."""
    compiled = compile_pattern(pattern)
    for text in texts:
        if match := compiled.search(text):
            start, end = match.span()
            return clip_left(text[:start], AROUND), text[start:end], clip(text[end:], AROUND)
    return "", "", ""
