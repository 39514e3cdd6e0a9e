"""What the report counts and keeps of a dataset, in one pass over records and one over rejects.

Memory grows with the number of sites and rules, not of pages: counts, histograms, and choices of bounded size.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from ingest.drift.statistics import Histogram, bucket
from ingest.filesystem import Location
from ingest.report.sampling import DifferentTexts, Spread, number_of
from ingest.store import read, read_rejects
from ingest.views import Example, examples_of
from ingest.words import count_words

FIELDS = (
    *("title", "deck", "authors", "agency", "published", "modified", "section", "tags", "images"),
    *("url", "publisher", "language", "access"),
)
"""Fields whose filling is counted."""

PAGES, FLAGGED = 32, 16
"""How many pages are kept to be shown whole: from all sites, and from all flags."""

TEXTS, SITE_TEXTS, REJECTS = 24, 8, 60
"""How many different removed texts of each rule and of each site are kept, and how many rejects."""

MAX_SITES, MAX_RULE_SITES = 10_000, 100
"""More sites are counted as one, `OTHERS`; and so many sites of one rule are told apart."""

OTHERS = "(other sites)"

RUNS = 30
"""How many runs, the newest, each site's line goes back."""

_BATCH_ROWS = 512
_NARROW = [
    *("source", "source_digest", "site", "url", "language", "title", "published", "method", "layout"),
    *("truncated", "words_kept", "words_removed", "words_outside", "flags", "ingested_at"),
]
_NUMBERS = re.compile(r"\d+")


class Site:
    """The counts of one site."""

    def __init__(self) -> None:
        self.records = 0
        self.rejects: Counter[str] = Counter()
        self.words: Histogram = Counter()
        self.methods: Counter[str] = Counter()
        self.layouts: Counter[str] = Counter()
        self.fields: Counter[str] = Counter()
        self.rules: Counter[str] = Counter()
        self.runs: defaultdict[int, Histogram] = defaultdict(Counter)
        self.texts: DifferentTexts[Example] = DifferentTexts(SITE_TEXTS)

    @property
    def pages(self) -> int:
        return self.records + self.rejects.total()

    @property
    def share(self) -> float:
        """How many of its pages are articles, 0 to 1."""
        return self.records / self.pages if self.pages else 0.0


class Rule:
    """The counts of one rule, and some of the texts it took."""

    def __init__(self, rule: str) -> None:
        self.rule = rule
        self.times = self.pages = self.words = 0
        self.longest = 0
        self.kinds: Counter[str] = Counter()
        self.sites: set[str] = set()
        """Not all of them, if there are `MAX_RULE_SITES`."""
        self.texts: DifferentTexts[Example] = DifferentTexts(TEXTS)

    @property
    def kind(self) -> str:
        return self.kinds.most_common(1)[0][0]


class Wanted(NamedTuple):
    """A removal whose text shall be kept: its index among the page's removals, its number, and where."""

    which: int
    number: int
    texts: DifferentTexts[Example]


class Tally:
    """All that the report shows of the rows."""

    def __init__(self) -> None:
        self.records = self.words_kept = self.words_removed = self.words_outside = self.truncated = 0
        self.sites: dict[str, Site] = {}
        self.rules: dict[str, Rule] = {}
        self.kinds: Counter[str] = Counter()
        self.kind_words: Counter[str] = Counter()
        self.kind_pages: Counter[str] = Counter()
        self.fields: Counter[str] = Counter()
        self.origins: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.languages: Counter[str | None] = Counter()
        self.months: Counter[int] = Counter()
        """Articles by month of publication, counted from the year 0."""
        self.flags: Counter[str] = Counter()
        self.flagged_records = 0
        self.reasons: Counter[str] = Counter()
        self.moments: set[int] = set()
        """The newest runs, by their time."""
        self.pages: Spread[dict[str, Any]] = Spread(PAGES)
        self.flagged: Spread[dict[str, Any]] = Spread(FLAGGED)
        self.rejected: Spread[dict[str, Any]] = Spread(REJECTS)

    def site(self, name: str | None) -> Site:
        """The counts of a site; pages without one are those of the site "", and late comers of many share one."""
        key = name or ""
        if key not in self.sites:
            key = key if len(self.sites) < MAX_SITES else OTHERS
            self.sites.setdefault(key, Site())
        return self.sites[key]


def read_tally(out: Location) -> Tally:
    """The counts of a dataset. Raises `StoreError` if there is none."""
    tally = Tally()
    for batch in _batches(read(out)):
        _count_records(tally, batch)
    for batch in _batches(read_rejects(out)):
        _count_rejects(tally, batch)
    return tally


def _batches(dataset: ds.Dataset) -> Iterator[pa.RecordBatch]:
    """Small batches, few at once; the bodies, which the blocks hold again, are not read."""
    names = [name for name in dataset.schema.names if name != "body"]
    yield from dataset.to_batches(
        columns=names, batch_size=_BATCH_ROWS, batch_readahead=1, fragment_readahead=1, use_threads=False
    )


def _count_records(tally: Tally, batch: pa.RecordBatch) -> None:
    columns = {
        name: batch.column(name).to_pylist() for name in _NARROW if name not in ("published", "ingested_at")
    }
    moments = pc.cast(batch.column("ingested_at"), pa.int64()).to_pylist()
    rows = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    _count_fields(tally, batch, [row["site"] or "" for row in rows])
    _count_months(tally, batch.column("published"))
    removals = _removals_by_row(batch.column("removals"))
    for index, (row, taken, moment) in enumerate(zip(rows, removals, moments, strict=True)):
        _count_row(tally, row, moment or 0)
        wanted = _count_removals(tally, row, taken)
        if wanted:
            _keep_examples(wanted, row | _nested(batch, index, ("blocks", "removals")))
        _keep_pages(tally, row, batch, index)


def _count_row(tally: Tally, row: Mapping[str, Any], moment: int) -> None:
    site = tally.site(row["site"])
    tally.records += 1
    tally.words_kept += row["words_kept"]
    tally.words_removed += row["words_removed"]
    tally.words_outside += row["words_outside"]
    tally.truncated += bool(row["truncated"])
    tally.languages[row["language"]] += 1
    tally.flags.update(row["flags"])
    tally.flagged_records += bool(row["flags"])
    site.records += 1
    site.methods[row["method"]] += 1
    if row["layout"]:
        site.layouts[row["layout"]] += 1
    words = bucket(row["words_kept"])
    site.words[words] += 1
    if _is_recent(tally, moment):
        site.runs[moment][words] += 1


def _is_recent(tally: Tally, moment: int) -> bool:
    """Whether the run is one of the newest; older ones are forgotten when a new one comes."""
    if moment in tally.moments:
        return True
    tally.moments.add(moment)
    if len(tally.moments) <= RUNS:
        return True
    oldest = min(tally.moments)
    tally.moments.remove(oldest)
    for site in tally.sites.values():
        site.runs.pop(oldest, None)
    return oldest != moment


def _count_fields(tally: Tally, batch: pa.RecordBatch, sites: list[str]) -> None:
    for name in FIELDS:
        column = batch.column(name)
        is_list = pa.types.is_list(column.type)
        filled = pc.greater(pc.list_value_length(column), 0) if is_list else pc.is_valid(column)
        for site, there in zip(sites, filled.to_pylist(), strict=True):
            if there:
                tally.fields[name] += 1
                tally.site(site).fields[name] += 1
    for pairs in batch.column("origins").to_pylist():
        for name, origin in pairs:
            if name != "body":
                tally.origins[name][origin] += 1


def _count_months(tally: Tally, published: pa.Array) -> None:
    known = published.drop_null()
    for year, month in zip(pc.year(known).to_pylist(), pc.month(known).to_pylist(), strict=True):
        tally.months[12 * year + month - 1] += 1


def _removals_by_row(column: pa.ListArray) -> list[list[tuple[str, str, str]]]:
    """Rule, kind and text of each row's removals: a third of the cost of structs as dicts."""
    flat = column.flatten()
    names = ("rule", "kind", "text")
    triples = list(zip(*(flat.field(name).to_pylist() for name in names), strict=True))
    found, start = [], 0
    for length in pc.list_value_length(column).to_pylist():
        found.append(triples[start : start + length])
        start += length
    return found


def _count_removals(tally: Tally, row: Mapping[str, Any], taken: list[tuple[str, str, str]]) -> list[Wanted]:
    """Counts one page's removals. Gives those whose texts shall be kept."""
    site_name = row["site"] or ""
    site = tally.site(site_name)
    wanted = []
    for index, (name, kind, text) in enumerate(taken):
        rule = tally.rules.get(name) or tally.rules.setdefault(name, Rule(name))
        words, number = _measure(text)
        rule.times += 1
        rule.words += words
        rule.longest = max(rule.longest, words)
        rule.kinds[kind] += 1
        tally.kinds[kind] += 1
        tally.kind_words[kind] += words
        wanted += [Wanted(index, number, texts) for texts in (rule.texts, site.texts) if texts.add(number)]
    for name in dict.fromkeys(
        name for name, _, _ in taken
    ):  # in page order, so that it is the same every time
        tally.rules[name].pages += 1
        if len(tally.rules[name].sites) < MAX_RULE_SITES:
            tally.rules[name].sites.add(site_name)
        site.rules[name] += 1
    tally.kind_pages.update({kind for _, kind, _ in taken})
    return wanted


@lru_cache(8192)
def _measure(text: str) -> tuple[int, int]:
    """The words of a removed text, and its number: the same for texts that differ in numbers or capitals only."""
    return count_words(text), number_of(_NUMBERS.sub("0", text[:400].casefold()))


def _keep_examples(wanted: Collection[Wanted], row: Mapping[str, Any]) -> None:
    examples = examples_of(row, {one.which for one in wanted})
    for one in wanted:
        if one.number in one.texts.times:
            one.texts.kept[one.number] = examples[one.which]


def _keep_pages(tally: Tally, row: Mapping[str, Any], batch: pa.RecordBatch, index: int) -> None:
    places = [(tally.pages, tally.pages.place(row["site"] or ""))]
    places += [(tally.flagged, tally.flagged.place(flag)) for flag in row["flags"]]
    whole = None
    for spread, key in places:
        if key is not None:
            whole = whole or batch.slice(index, 1).to_pylist()[0]
            spread.kept[key] = whole


def _nested(batch: pa.RecordBatch, index: int, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: batch.column(name)[index].as_py() for name in names}


def _count_rejects(tally: Tally, batch: pa.RecordBatch) -> None:
    for row in batch.to_pylist():
        tally.reasons[row["reason"]] += 1
        tally.site(row["site"]).rejects[row["reason"]] += 1
        key = tally.rejected.place(row["reason"])
        if key is not None:
            tally.rejected.kept[key] = row
