"""From counts to findings: which changes are too large and too unlikely to be a site's usual swing.

A change is reported when all three hold:

- it is large: a share moved by at least `CHANGE`, or words by the factors below
- it is no accident of few pages: its chance, over all comparisons of the report, is below `ALPHA`
- the site has not been there before: the window lies beyond nine tenths of the past's bins
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from ingest.drift.findings import WHATS, Figure, Finding, What
from ingest.drift.statistics import (
    Histogram,
    chance_of_fewer,
    chance_of_longer,
    chance_of_more,
    is_below_most,
    median,
    share_beyond,
)
from ingest.drift.tally import FIELDS, Comparison, Measure, MeasureKind, Tally

ALPHA = 0.01
"""One report in a hundred may hold a false alarm, however many sites and rules it compares."""

CHANGE = 0.25
"""The smallest change of a share."""

HABIT = 0.3
"""What held for fewer of the earlier pages is not missed."""

BODY_FACTOR = 0.6
"""A median this much smaller, or larger by the inverse, is another body."""

MORE_WORDS = 10
"""A rule takes far more when it takes twice as many words a page and these on top."""

ALIKE = 0.5
"""So many pages with one and the same moment of publication, or far from every other, are no coincidence."""

DAYS = 30
"""Dates this near to earlier ones are not far."""

MIN_DATED = 10
"""Fewer dates do not tell how a site's dates spread."""


class Suspicion(NamedTuple):
    """A finding to be, and the chance of the counts behind it without any change."""

    chance: float
    finding: Finding


DROPS: dict[MeasureKind, What] = {
    "rule": "rule_faded",
    "field": "field_lost",
    "origin": "field_moved",
    "body": "body_moved",
    "layout": "layout_changed",
    "method": "method_changed",
    "date": "dates_coarser",
}
RISES: dict[MeasureKind, What] = {
    "flag": "flag_more",
    "truncated": "truncated_more",
    "reject": "rejects_more",
}


def judge(comparisons: Iterable[Comparison], lines: Iterable[Suspicion] = ()) -> tuple[Finding, ...]:
    """The findings that hold when all comparisons are counted; those of the lines, too.

    An ordinary line stands in one body alone, so the lines of a site count as one comparison.
    """
    compared = list(comparisons)
    suspicions = [s for comparison in compared for s in _compare(comparison)]
    found = [
        suspicion.finding
        for family, size in ((suspicions, len(suspicions)), (lines, len(compared)))
        for suspicion in family
        if suspicion.chance < ALPHA / size and _is_large(suspicion.finding)
    ]
    missed = {(f.site, f.media) for f in found if f.what == "layout_missed"}
    found = [f for f in found if (f.site, f.media) not in missed or not _follows_from_missing(f)]
    return tuple(
        sorted(found, key=lambda f: (f.site, f.media, WHATS.index(f.what), -abs(f.now - f.before), f.name))
    )


def _follows_from_missing(finding: Finding) -> bool:
    """Whether this goes without saying where no layout holds."""
    by_generic = finding.what.startswith("rule_") and finding.name.startswith("generic/")
    return by_generic or finding.what in ("layout_changed", "method_changed", "body_moved")


def _is_large(finding: Finding) -> bool:
    before, now = finding.before, finding.now
    if finding.unit == "share":
        return finding.what == "new_lines" or abs(now - before) >= CHANGE
    if finding.unit == "words":
        return now <= BODY_FACTOR * before or before <= BODY_FACTOR * now
    return now >= 2 * before + MORE_WORDS


def _compare(comparison: Comparison) -> Iterator[Suspicion]:
    past, now = comparison.past, comparison.now
    for measure in sorted(past.hits.keys() | now.hits.keys()):
        base = now.base(measure), past.base(measure)
        if min(base) == 0:
            continue
        if measure.kind in DROPS and past.share(measure) >= HABIT:
            yield _drop(comparison, measure)
        elif measure.kind in RISES:
            yield _rise(comparison, measure)
    if past.records and now.records:
        yield _body(comparison)
        yield _same_dates(comparison)
        yield _far_dates(comparison)
        for rule in sorted(now.taken):
            yield _takes_more(comparison, rule)


def _drop(comparison: Comparison, measure: Measure) -> Suspicion:
    past, now = comparison.past, comparison.now
    chance = chance_of_fewer(past.hits[measure], past.base(measure), now.hits[measure], now.base(measure))
    if not is_below_most(now.share(measure), _shares(comparison.bins, measure)):
        chance = 1.0
    what, says = _say_drop(comparison, measure)
    return Suspicion(chance, _finding(comparison, measure, what, says))


def _rise(comparison: Comparison, measure: Measure) -> Suspicion:
    past, now = comparison.past, comparison.now
    chance = chance_of_more(past.hits[measure], past.base(measure), now.hits[measure], now.base(measure))
    if not is_below_most(-now.share(measure), [-share for share in _shares(comparison.bins, measure)]):
        chance = 1.0
    what, says = _say_rise(measure)
    return Suspicion(chance, _finding(comparison, measure, what, says))


def _shares(bins: Iterable[Tally], measure: Measure) -> list[float]:
    return [tally.share(measure) for tally in bins if tally.base(measure)]


def _finding(comparison: Comparison, measure: Measure, what: What, says: str) -> Finding:
    past, now = comparison.past, comparison.now
    before_after = (
        f"{past.share(measure):.0%} of {past.base(measure):,} pages before, {now.share(measure):.0%} of "
    )
    return Finding(
        site=comparison.group.site,
        media=comparison.group.media,
        what=what,
        name="" if what == "layout_missed" else measure.name.removeprefix("guarded:"),
        before=past.share(measure),
        now=now.share(measure),
        unit="share",
        says=f"{says}: {before_after}{now.base(measure):,} now",
    )


def _say_drop(comparison: Comparison, measure: Measure) -> tuple[What, str]:
    kind, name = measure
    gone = not comparison.now.hits[measure]
    if kind == "rule":
        return (
            ("rule_stopped", "takes nothing any more")
            if gone
            else ("rule_faded", "takes something less often")
        )
    if kind == "field":
        return "field_lost", f"no {name} any more" if gone else f"{name} is found less often"
    if kind == "origin":
        field, _, origin = name.partition(":")
        return (
            "field_moved",
            f"{field} {'no longer' if gone else 'less often'} from {origin}{_instead(comparison, field)}",
        )
    if kind == "date":
        return "dates_coarser", f"published with a {'time of day' if name == 'timed' else 'zone'}"
    if kind == "body":
        return "body_moved", f"the body {'no longer' if gone else 'less often'} stands in {name}"
    if kind == "layout":
        return "layout_changed", f"layout {name} holds {'no longer' if gone else 'less often'}"
    return "method_changed", f"body by method {name}"


def _instead(comparison: Comparison, field: str) -> str:
    """Where the window has the field from, when that is one place mostly."""
    now = comparison.now
    origins = [m for m in now.hits if m.kind == "origin" and m.name.startswith(f"{field}:")]
    best = max(origins, key=lambda m: (now.hits[m], m.name), default=None)
    origin = best.name.partition(":")[2] if best else ""
    return f" but from {origin}" if best and now.share(best) > comparison.past.share(best) else ""


def _say_rise(measure: Measure) -> tuple[What, str]:
    kind, name = measure
    if kind == "reject":
        return "rejects_more", f"refused as {name}"
    if kind == "truncated":
        return "truncated_more", "only the beginning is here"
    if name == "layout_missed":
        return "layout_missed", "no layout finds its body, the generic extractor read the page"
    if name.startswith("guarded:"):
        return "rule_guarded", "would have cost the article and was stopped"
    return "flag_more", f"flag {name}"


def _body(comparison: Comparison) -> Suspicion:
    past, now = comparison.past.body, comparison.now.body
    shrank = median(now) < median(past)
    chance = 2 * (chance_of_longer(now, past) if shrank else chance_of_longer(past, now))
    sign = 1 if shrank else -1
    if not is_below_most(sign * median(now), [sign * median(b.body) for b in comparison.bins if b.records]):
        chance = 1.0
    finding = Finding(
        site=comparison.group.site,
        media=comparison.group.media,
        what="body_shrank" if shrank else "body_grew",
        name="",
        before=median(past),
        now=median(now),
        unit="words",
        says=f"the body's median is {median(now):,} words, it was {median(past):,}",
    )
    return Suspicion(chance, finding)


def _takes_more(comparison: Comparison, rule: str) -> Suspicion:
    past, now = comparison.past, comparison.now
    before, after = past.words_a_page(rule), now.words_a_page(rule)
    chance = chance_of_longer(past.words_of(rule), now.words_of(rule))
    if not is_below_most(-after, [-tally.words_a_page(rule) for tally in comparison.bins if tally.records]):
        chance = 1.0
    finding = Finding(
        site=comparison.group.site,
        media=comparison.group.media,
        what="rule_takes_more",
        name=rule,
        before=round(before, 2),
        now=round(after, 2),
        unit="words a page",
        says=f"takes {after:,.0f} words a page, it was {before:,.0f}",
    )
    return Suspicion(chance, finding)


def _same_dates(comparison: Comparison) -> Suspicion:
    """Many pages of one moment, to the second: the time of the crawl, or of something else on the page."""
    past = max((tally.top_date for tally in comparison.bins), default=0.0)
    now = comparison.now.top_date
    finding = Finding(
        site=comparison.group.site,
        media=comparison.group.media,
        what="dates_alike",
        name="published",
        before=past,
        now=now,
        unit="share",
        says=f"one moment of publication is that of {now:.0%} of the pages, at most {past:.0%} before",
    )
    return Suspicion(0.0 if now >= ALIKE and now >= 2 * past else 1.0, finding)


def _far_dates(comparison: Comparison) -> Suspicion:
    """Days of publication that fit neither the earlier ones nor the usual time until a page is read."""
    past, now = comparison.past, comparison.now
    far = min(share_beyond(past.days, now.days, DAYS), share_beyond(past.lags, now.lags, DAYS))
    dated = min(past.days.total(), now.days.total())
    finding = Finding(
        site=comparison.group.site,
        media=comparison.group.media,
        what="dates_jumped",
        name="published",
        before=0.0,
        now=far,
        unit="share",
        says=f"{far:.0%} of the dates are far from all that the site had; their median is {_day(now)}, "
        f"it was {_day(past)}",
    )
    return Suspicion(0.0 if far >= ALIKE and dated >= MIN_DATED else 1.0, finding)


def _day(tally: Tally) -> str:
    return (date(1970, 1, 1) + timedelta(days=median(tally.days))).isoformat()


def figures(comparison: Comparison) -> tuple[Figure, ...]:
    """Every measure of the site on either side, whether it changed or not."""
    past, now = comparison.past, comparison.now
    measures = past.hits.keys() | now.hits.keys() | {Measure("field", name) for name in FIELDS}
    rows = [
        Figure(measure=m.kind, name=m.name, before=_share(past, m), now=_share(now, m))
        for m in sorted(measures)
    ]
    for rule in sorted(past.taken.keys() | now.taken.keys()):
        before, after = (round(tally.words_a_page(rule), 2) for tally in (past, now))
        rows.append(Figure(measure="words_removed", name=rule, before=before, now=after))
    rows.append(Figure(measure="words_removed", name="", before=_removed(past), now=_removed(now)))
    rows.append(Figure(measure="body_words", name="", before=_median(past.body), now=_median(now.body)))
    return tuple(rows)


def _share(tally: Tally, measure: Measure) -> float | None:
    return round(tally.share(measure), 4) if tally.base(measure) else None


def _removed(tally: Tally) -> float | None:
    return round(tally.removed / tally.records, 2) if tally.records else None


def _median(histogram: Histogram) -> float | None:
    return median(histogram) if histogram else None
