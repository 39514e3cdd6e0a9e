"""Which charts the report has, and what each shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from ingest.drift.statistics import median
from ingest.records import KINDS
from ingest.report import charts
from ingest.report.tally import FIELDS, Site, Tally
from ingest.summary import RunSummary

TOP = 15
"""How many bars a chart has at most; the table beside it has all."""

MAX_MONTHS = 36
"""Dates that span more months are counted by year."""

METHODS = (("rules", "good"), ("generic", "nav"), ("structured", "date"))
"""The methods with the style's colours."""


def draw(tally: Tally, runs: Sequence[RunSummary]) -> dict[str, Markup]:
    """The charts by name; those that would show nothing are left out."""
    found = {
        "runs": _runs(runs),
        "reasons": _ranked(tally.reasons, "Rejects by reason."),
        "methods": _methods(tally),
        "lengths": _lengths(tally),
        "kinds": _kinds(tally),
        "rules": _rules(tally),
        "words": _words(tally),
        "fields": _fields(tally),
        "languages": _ranked(tally.languages, "Articles by language."),
        "dates": _dates(tally),
    }
    return {name: chart for name, chart in found.items() if chart is not None}


def site_line(name: str, site: Site) -> Markup | None:
    """The median length of a site's articles by run, the oldest run first; none for fewer than three runs."""
    medians = [median(site.runs[moment]) for moment in sorted(site.runs)]
    if len(medians) < 3:
        return None
    return charts.line(medians, f"{name}: median words by run, from {medians[0]:,.0f} to {medians[-1]:,.0f}.")


def years_or_months(months: Mapping[int, int]) -> tuple[str, list[tuple[str, int]]]:
    """The articles by month, or by year if they span many: which of them, and the counts without gaps.

    A few dates far from all others would make a chart of gaps, so what lies before the first and after the last
    hundredth is counted with the first and last bin: "until 2011".
    """
    if not months:
        return "month", []
    first, last = _quantile(months, 0.01), _quantile(months, 0.99)
    unit, size = ("month", 1) if last - first < MAX_MONTHS else ("year", 12)
    bins = dict.fromkeys(range(first // size, last // size + 1), 0)
    for month, number in months.items():
        bins[min(max(month, first), last) // size] += number
    names = [f"{at}" if unit == "year" else f"{at // 12}-{at % 12 + 1:02}" for at in bins]
    if min(months) // size < first // size:
        names[0] = f"until {names[0]}"
    if max(months) // size > last // size:
        names[-1] = f"from {names[-1]}"
    return unit, list(zip(names, bins.values(), strict=True))


def _quantile(counts: Mapping[int, int], share: float) -> int:
    left = share * sum(counts.values())
    for value in sorted(counts):
        left -= counts[value]
        if left <= 0:
            return value
    return max(counts)


def _ranked(counts: Mapping[str | None, int] | Mapping[str, int], says: str) -> Markup | None:
    rows = sorted(
        ((name or "unknown", float(number)) for name, number in counts.items()),
        key=lambda row: (-row[1], row[0]),
    )
    return charts.bars(rows[:TOP], says) if rows else None


def _runs(runs: Sequence[RunSummary]) -> Markup | None:
    runs = [run for run in runs if run.command == "run"]
    if len(runs) < 2:
        return None
    rows = [
        (f"{run.started:%Y-%m-%d %H:%M}", part, float(number))
        for run in runs
        for part, number in (("articles", run.records), ("rejects", sum(run.rejects.values())))
    ]
    return charts.stacked(
        rows, "Articles and rejects of each run.", (("articles", "good"), ("rejects", "accent"))
    )


def _methods(tally: Tally) -> Markup | None:
    rows = [
        (name, method, float(site.methods[method]))
        for name, site in _largest(tally)
        for method, _ in METHODS
        if site.methods[method]
    ]
    if not rows:
        return None
    return charts.stacked(rows, "Articles of the largest sites, by how their bodies were found.", METHODS)


def _lengths(tally: Tally) -> Markup | None:
    rows = [(name, float(median(site.words))) for name, site in _largest(tally)]
    says = "Median words of the largest sites' articles."
    return charts.bars(rows, says, colours=["muted"] * len(rows)) if rows else None


def _largest(tally: Tally) -> list[tuple[str, Site]]:
    """The sites with most articles, by name."""
    sites = [(name or "(no site)", site) for name, site in tally.sites.items() if site.records]
    return sorted(sites, key=lambda item: (-item[1].records, item[0]))[:TOP]


def _kinds(tally: Tally) -> Markup | None:
    rows = sorted(
        ((kind, float(words)) for kind, words in tally.kind_words.items()), key=lambda row: (-row[1], row[0])
    )
    return (
        charts.bars(rows, "Words removed, by kind.", colours=[_colour(kind) for kind, _ in rows])
        if rows
        else None
    )


def _rules(tally: Tally) -> Markup | None:
    rules = sorted(tally.rules.values(), key=lambda rule: (-rule.words, rule.rule))[:TOP]
    if not rules:
        return None
    rows = [(rule.rule, float(rule.words)) for rule in rules]
    return charts.bars(
        rows, "Words removed by the rules that took most.", colours=[_colour(rule.kind) for rule in rules]
    )


def _words(tally: Tally) -> Markup | None:
    rows = [
        ("kept", float(tally.words_kept)),
        ("removed", float(tally.words_removed)),
        ("outside", float(tally.words_outside)),
    ]
    return (
        charts.bars(
            rows, "Words kept, removed, and outside the articles.", colours=["good", "accent", "muted"]
        )
        if tally.records
        else None
    )


def _fields(tally: Tally) -> Markup | None:
    if not tally.records:
        return None
    return charts.bars(
        [(name, tally.fields[name] / tally.records) for name in FIELDS],
        "Share of articles in which each field is filled.",
        share=True,
        colours=["good"] * len(FIELDS),
    )


def _dates(tally: Tally) -> Markup | None:
    unit, rows = years_or_months(tally.months)
    if not rows:
        return None
    every = max(1, -(-len(rows) // 6))
    return charts.columns(
        [(name, float(number)) for name, number in rows], f"Articles by {unit} of publication.", every=every
    )


def _colour(kind: str) -> str:
    return kind if kind in KINDS else "muted"
