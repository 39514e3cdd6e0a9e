"""Which sites to write rules for first: those without, by how much their bodies still hold that looks like furniture.

Reads a dataset, or cleans a folder of pages on the way. What counts as suspicious is a line of suspicious wording,
or one that recurs in the site's bodies. Nothing is written.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from shlex import quote
from typing import NamedTuple

import msgspec

from ingest.drift.statistics import median
from ingest.filesystem import Location
from ingest.pipeline import clean_page
from ingest.records import Kind, Record, Reject
from ingest.rules import Rulebook
from ingest.sources import find_sources, read_source
from ingest.store import is_dataset, read
from ingest.suspicion import line_key, lines_of, suspect

SAMPLE = 50
"""Bodies of a site that are read for lines; the others are counted."""

MIN_PAGES, MIN_SHARE = 3, 0.1
"""A line recurs when it stands in so many of a site's bodies, and in this share of them."""

DRAFT_PAGES = 3
"""Rules cannot be drafted from fewer; such sites come last."""

MAX_EXAMPLES, SHORT = 3, 60
BATCH_ROWS = 1024


class Example(msgspec.Struct, frozen=True, kw_only=True):
    """A suspicious line: how it begins, in how many of the sampled bodies it stands, and what it may be."""

    text: str
    pages: int
    kind: Kind | None
    """Going by its wording; null for a line that only recurs."""


class SiteCoverage(msgspec.Struct, frozen=True, kw_only=True):
    """A site without rules."""

    site: str
    pages: int
    median_words: int
    suspicious_per_page: float
    examples: tuple[Example, ...]
    folder: str
    """The deepest folder that holds all its pages."""
    draft: str
    """The command that drafts its rules."""

    @property
    def suspicious(self) -> float:
        """Suspicious lines in all its pages, as far as the sample tells."""
        return self.pages * self.suspicious_per_page


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """How many pages have rules, and the sites without, those first that hold most suspicious lines."""

    format: str = "1"
    pages: int
    pages_with_rules: int
    pages_without_site: int
    """Pages with neither address nor marks of a known site: rules by host cannot reach them."""
    sites: tuple[SiteCoverage, ...]


class Page(NamedTuple):
    """What coverage wants to know of a record. `ruled` says that the site has rules, whether they held or not."""

    site: str | None
    source: str
    words: int
    ruled: bool
    body: str


def measure(path: Location, rulebook: Rulebook) -> Coverage:
    """The coverage of a dataset as it stands, or of a folder of pages as these rules clean it.

    Raises `UsageError` for a path that is not there. Pages that give no article are left out.
    """
    return measure_pages(read_pages(path) if is_dataset(path) else clean_folder(path, rulebook))


def read_pages(out: Location) -> Iterator[Page]:
    """The records of a dataset."""
    columns = ["site", "source", "words_kept", "method", "layout", "flags", "body"]
    dataset = read(out)
    for batch in dataset.to_batches(
        columns=columns, batch_size=BATCH_ROWS, batch_readahead=2, fragment_readahead=2
    ):
        for site, source, words, method, layout, flags, body in zip(
            *(batch.column(name).to_pylist() for name in columns), strict=True
        ):
            yield Page(site, source, words, _is_ruled(method, layout, flags), body)


def clean_folder(folder: Location, rulebook: Rulebook) -> Iterator[Page]:
    """The articles of a folder of pages, cleaned one by one."""
    for source in find_sources(folder):
        page = read_source(source)
        record = page if isinstance(page, Reject) else clean_page(page, rulebook)
        if isinstance(record, Record):
            ruled = _is_ruled(record.method, record.layout, record.flags)
            yield Page(record.site, record.source, record.words_kept, ruled, record.body)


def _is_ruled(method: str, layout: str | None, flags: Iterable[str]) -> bool:
    return method == "rules" or layout is not None or "layout_missed" in flags


def measure_pages(pages: Iterable[Page]) -> Coverage:
    """The coverage of these pages."""
    count = ruled = nowhere = 0
    with_rules: set[str] = set()
    sites: dict[str, _Site] = {}
    for page in pages:
        count += 1
        ruled += page.ruled
        if page.site is None:
            nowhere += not page.ruled
        elif page.ruled:
            with_rules.add(page.site)
            sites.pop(page.site, None)
        elif page.site not in with_rules:
            sites.setdefault(page.site, _Site()).add(page)
    found = [site.describe(name) for name, site in sites.items()]
    found.sort(key=lambda site: (site.pages < DRAFT_PAGES, -site.suspicious, -site.pages, site.site))
    return Coverage(pages=count, pages_with_rules=ruled, pages_without_site=nowhere, sites=tuple(found))


class _Site:
    """What is gathered of one site. Memory is bounded by the sample."""

    def __init__(self) -> None:
        self.pages = self.sampled = 0
        self.folder = ""
        self.words: Counter[int] = Counter()
        self.lines: Counter[str] = Counter()
        """By key: the bodies with such a line."""
        self.kinds: dict[str, Kind] = {}
        self.written: dict[str, str] = {}

    def add(self, page: Page) -> None:
        folder = os.path.dirname(page.source)  # noqa: PTH120  names in the dataset are text
        self.folder = _common(self.folder, folder) if self.pages else folder
        self.pages += 1
        self.words[page.words] += 1
        if self.sampled < SAMPLE:
            self.sampled += 1
            self._read({line_key(line): line for line in lines_of(page.body)})

    def _read(self, lines: dict[str, str]) -> None:
        for key, line in lines.items():
            self.lines[key] += 1
            if kind := suspect(line):
                self.kinds[key] = kind
            if kind or self.lines[key] == MIN_PAGES:
                self.written.setdefault(key, line[:SHORT])

    def describe(self, name: str) -> SiteCoverage:
        least = max(MIN_PAGES, MIN_SHARE * self.sampled)
        keys = [key for key in self.written if key in self.kinds or self.lines[key] >= least]
        keys.sort(key=lambda key: (-self.lines[key], key))
        examples = [
            Example(text=self.written[key], pages=self.lines[key], kind=self.kinds.get(key))
            for key in keys[:MAX_EXAMPLES]
        ]
        return SiteCoverage(
            site=name,
            pages=self.pages,
            median_words=median(self.words),
            suspicious_per_page=round(sum(self.lines[key] for key in keys) / self.sampled, 2),
            examples=tuple(examples),
            folder=self.folder,
            draft=f"ingest rules draft {quote(self.folder or '.')} --site {quote(name)}",
        )


def _common(one: str, other: str) -> str:
    try:
        return os.path.commonpath([one, other])
    except ValueError:  # names that are no paths, given by a caller of the library
        return ""
