"""What is counted of a site's pages, bin by bin: how often each thing holds, and how many words there are."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

import pyarrow as pa

from ingest.drift.statistics import Histogram, bucket
from ingest.drift.windows import NOW, Group, Window, microseconds, read_rows
from ingest.filesystem import Place
from ingest.store import read, read_rejects
from ingest.words import count_words

FIELDS = ("title", "deck", "authors", "published", "section", "tags", "images")
_BUILD = re.compile(r"(?<=[.#])[^\s.#]*\d[^\s.#]*")
"""Names with digits in a path: many are made anew with each build of the site, or name the page."""

_DAY = 86_400_000_000  # microseconds
_COLUMNS = [
    *FIELDS,
    *("published_has_time", "published_has_zone", "removals", "words_kept", "words_removed", "truncated"),
    *("method", "layout", "origins", "flags", "rules_digest"),
]

MeasureKind = Literal[
    "rule", "field", "origin", "body", "layout", "method", "flag", "truncated", "date", "reject"
]


class Measure(NamedTuple):
    """Something that holds for a page or not.

    `rule` took something · `field` is filled · `origin` is `<field>:<origin>` · `body` is the path of the container
    that a layout found · `layout`, `method`, `flag` are as in the columns · `truncated` · `date` is `timed` or
    `zoned` · `reject` is the reason.
    """

    kind: MeasureKind
    name: str


class Tally:
    """The counts of some pages of one site."""

    def __init__(self) -> None:
        self.records = 0
        self.rejects = 0
        self.removed = 0
        self.hits: Counter[Measure] = Counter()
        self.body: Histogram = Counter()
        self.taken: dict[str, Histogram] = {}
        """By rule: pages by the words it took there, pages without left out."""
        self.moments: Counter[int] = Counter()
        """Publication dates with a time of day."""
        self.days: Counter[int] = Counter()
        """Days of publication, counted from 1970."""
        self.lags: Counter[int] = Counter()
        """Days from publication to the run."""
        self.digests: set[str] = set()

    def base(self, measure: Measure) -> int:
        """How many pages the measure could have held for."""
        if measure.kind == "reject":
            return self.records + self.rejects
        if measure.kind == "date":
            return self.hits[Measure("field", "published")]
        if measure.kind == "origin":
            return self.hits[Measure("field", measure.name.partition(":")[0])]
        if measure.kind == "body":
            return self.hits[Measure("method", "rules")]
        return self.records

    def share(self, measure: Measure) -> float:
        """How many of them it held for, 0 to 1."""
        base = self.base(measure)
        return self.hits[measure] / base if base else 0.0

    def words_of(self, rule: str) -> Histogram:
        """Pages by the words the rule took, all pages."""
        taken = self.taken.get(rule, Counter())
        return taken + Counter({0: self.records - taken.total()})

    def words_a_page(self, rule: str) -> float:
        """Words the rule took, on average over all pages."""
        taken = self.taken.get(rule, Counter())
        return sum(words * pages for words, pages in taken.items()) / self.records if self.records else 0.0

    @property
    def top_date(self) -> float:
        """The share of the pages that have the most frequent moment of publication."""
        top = max(self.moments.values(), default=0)
        return top / self.records if self.records else 0.0


class Comparison(NamedTuple):
    """One site's newest pages and its past, whole and in bins."""

    group: Group
    bins: list[Tally]
    past: Tally
    now: Tally


def read_comparisons(out: Place, windows: Mapping[Group, Window]) -> list[Comparison]:
    """The counts of every window, in one pass over the columns they need."""
    tallies: dict[Group, defaultdict[int, Tally]] = {group: defaultdict(Tally) for group in windows}
    for places, batch in read_rows(read(out), _COLUMNS, windows):
        _count_records(batch, [tallies[group][number] for group, number in places])
    for places, batch in read_rows(read_rejects(out), ["reason"], windows):
        for (group, number), reason in zip(places, batch.column("reason").to_pylist(), strict=True):
            tally = tallies[group][number]
            tally.rejects += 1
            tally.hits[Measure("reject", reason)] += 1
    return [_compare(group, bins) for group, bins in tallies.items()]


def _compare(group: Group, bins: defaultdict[int, Tally]) -> Comparison:
    now = bins.pop(NOW, Tally())
    past = Tally()
    for tally in bins.values():
        _add(past, tally)
    return Comparison(group, list(bins.values()), past, now)


def _add(whole: Tally, part: Tally) -> None:
    whole.records += part.records
    whole.rejects += part.rejects
    whole.removed += part.removed
    whole.hits.update(part.hits)
    whole.body.update(part.body)
    for rule, histogram in part.taken.items():
        whole.taken.setdefault(rule, Counter()).update(histogram)
    whole.moments.update(part.moments)
    whole.days.update(part.days)
    whole.lags.update(part.lags)
    whole.digests |= part.digests


def _count_records(batch: pa.RecordBatch, tallies: list[Tally]) -> None:
    times = {name: microseconds(batch.column(name)) for name in ("published", "ingested_at")}
    columns = {name: batch.column(name).to_pylist() for name in _COLUMNS if name not in times}
    columns |= times
    for index, tally in enumerate(tallies):
        _count_record(tally, {name: values[index] for name, values in columns.items()})


def _count_record(tally: Tally, row: Mapping[str, Any]) -> None:
    tally.records += 1
    tally.removed += row["words_removed"]
    tally.body[bucket(row["words_kept"])] += 1
    tally.digests.add(row["rules_digest"])
    taken: dict[str, list[str]] = {}
    for removal in row["removals"]:
        taken.setdefault(removal["rule"], []).append(removal["text"])
    for rule, texts in taken.items():
        tally.taken.setdefault(rule, Counter())[bucket(count_words("\n".join(texts)))] += 1
    holds = {Measure("rule", rule) for rule in taken}
    holds |= {Measure("field", name) for name in FIELDS if row[name] not in (None, [])}
    holds |= {Measure("origin", f"{n}:{origin}") for n, origin in row["origins"] if n in FIELDS}
    holds |= {Measure("flag", flag) for flag in row["flags"]}
    holds.add(Measure("method", row["method"]))
    if row["method"] == "rules":
        holds |= {Measure("body", _BUILD.sub("*", path)) for name, path in row["origins"] if name == "body"}
    if row["layout"]:
        holds.add(Measure("layout", row["layout"]))
    if row["truncated"]:
        holds.add(Measure("truncated", ""))
    tally.hits.update(holds)
    if row["published"] is not None:
        _count_date(tally, row)


def _count_date(tally: Tally, row: Mapping[str, Any]) -> None:
    published, ingested = row["published"], row["ingested_at"]
    tally.days[published // _DAY] += 1
    tally.lags[((ingested or 0) - published) // _DAY] += 1
    if row["published_has_time"]:
        tally.hits[Measure("date", "timed")] += 1
        tally.moments[published] += 1
    if row["published_has_zone"]:
        tally.hits[Measure("date", "zoned")] += 1
