"""From counts to the page: which sites, rules and pages are shown, how they are linked, and the templates filled."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.resources import files
from typing import Any, NamedTuple

from markupsafe import Markup

from ingest.drift import Drift, Finding
from ingest.drift.statistics import median
from ingest.records import KINDS
from ingest.report import figures
from ingest.report.runs import Change, compare
from ingest.report.sampling import DifferentTexts
from ingest.report.tally import FIELDS, MAX_RULE_SITES, OTHERS, SITE_TEXTS, Rule, Site, Tally
from ingest.summary import RunSummary
from ingest.views import (
    Example,
    Links,
    anchor,
    document,
    environment,
    page_key,
    show_article,
    show_examples,
    show_rejects,
)

SITES, RULES, EXAMPLES, RUNS = 150, 400, 1_500, 30
"""How many sites, rules, removed texts of all rules, and runs are shown at most; half as many texts of the sites."""

MAX_BLOCKS, MAX_CHARS = 150, 1_000
"""How many blocks of each page, and how much of each: a page that means harm does not make the report large."""

FLAGS_SHOWN = 100
"""How many flags: a guarded rule is one of its own."""

MIN_EXAMPLES, MAX_EXAMPLES = 3, 12
"""How many texts of one rule are shown, whatever the number of rules."""

FLAGS = {
    "guarded": "This rule would have cost the article, so it took nothing.",
    "layout_missed": "The site has rules, but no layout found the body; the generic extractor read the page.",
    "relaxed": "Class names were not believed, because believing them left too little text.",
    "trafilatura": "The choice of blocks is trafilatura's, because the generic extractor found little.",
    "article_body": "The text is the page's JSON-LD articleBody.",
    "unwrapped": "The page was written as a literal, escaped or behind an HTTP head, and was read without that.",
    "broken_charset": "Some characters could not be read.",
    "mojibake_repaired": "Text that had been decoded wrongly before it got here was repaired.",
}
"""What each flag means; of a flag with a rule, the part before the colon."""


class SiteView(NamedTuple):
    """One site as shown."""

    name: str
    counts: Site
    median: int
    line: Markup | None
    findings: list[Finding]
    examples: list[Example]
    pages: list[dict[str, Any]]


class RuleView(NamedTuple):
    """One rule as shown: some of the texts it took, the rarest first."""

    counts: Rule
    examples: list[Example]


class KindView(NamedTuple):
    """One kind of removals as shown."""

    name: str
    times: int
    words: int
    pages: int
    rules: list[RuleView]
    all_rules: int

    @property
    def shown(self) -> int:
        return len(self.rules)


class FlagView(NamedTuple):
    """One flag as shown, with the pages that have it and are shown whole."""

    name: str
    records: int
    meaning: str
    pages: list[dict[str, Any]]


def compose(
    name: str, tally: Tally, runs: Sequence[RunSummary], unreadable: Sequence[str], drift: Drift
) -> str:
    """The document. `name` is what the dataset is called."""
    pages = _pages(tally)
    sites = _sites(tally, drift, pages)
    kinds = _kinds(tally)
    links = _links(pages, sites, kinds)
    body = (
        environment("ingest.report")
        .get_template("report.html")
        .render(
            name=name,
            tally=tally,
            sites_with_articles=sum(site.records > 0 for name, site in tally.sites.items() if name),
            more_sites=OTHERS in tally.sites,
            many=MAX_RULE_SITES,
            drifted=len({finding.site for finding in drift.findings}),
            flagged=tally.flagged_records,
            dates=figures.years_or_months(tally.months),
            article=lambda row: show_article(row, links, max_blocks=MAX_BLOCKS, max_chars=MAX_CHARS),
            examples=lambda found: show_examples(found, links),
            examples_with_rule=lambda found: show_examples(found, links, with_rule=True),
            rejects_table=lambda rows: show_rejects(rows, links),
            runs=list(reversed(runs[-RUNS:])),
            all_runs=len(runs),
            changes=compare(runs),
            say=_say_figure,
            unreadable=unreadable,
            drift=drift,
            sites=sites,
            kinds=kinds,
            top_rules=sorted(tally.rules.values(), key=lambda rule: (-rule.words, rule.rule))[: figures.TOP],
            fields=[(field, tally.fields[field], tally.origins[field].most_common()) for field in FIELDS],
            languages=_ranked(tally.languages),
            flags=_flags(tally, pages),
            reasons=_ranked(tally.reasons),
            rejected=tally.rejected.items(),
            pages=pages,
            key=_key,
            links=links,
            charts=figures.draw(tally, runs[-RUNS:]),
        )
    )
    script = (files("ingest.report") / "report.js").read_text(encoding="utf-8")
    style = (files("ingest.report") / "report.css").read_text(encoding="utf-8")
    return document(f"{name}: ingest report", Markup(body), scripts=[script], styles=[style])


def _pages(tally: Tally) -> list[dict[str, Any]]:
    """The pages shown whole, by site; each once."""
    chosen = {_key(row): row for row in [*tally.pages.items(), *tally.flagged.items()]}
    return sorted(chosen.values(), key=lambda row: (row["site"] or "", row["title"] or "", _key(row)))


def _sites(tally: Tally, drift: Drift, pages: Sequence[dict[str, Any]]) -> list[SiteView]:
    findings, shown = defaultdict(list), defaultdict(list)
    for finding in drift.findings:
        findings[finding.site].append(finding)
    for row in pages:
        shown[row["site"] or ""].append(row)
    ranked = sorted(tally.sites.items(), key=lambda item: (not findings[item[0]], -item[1].pages, item[0]))[
        :SITES
    ]
    each = min(SITE_TEXTS, max(MIN_EXAMPLES, EXAMPLES // 2 // max(len(ranked), 1)))
    return [
        SiteView(
            name,
            site,
            round(median(site.words)),
            figures.site_line(name, site),
            findings[name],
            _rarest(site.texts)[:each],
            shown[name],
        )
        for name, site in sorted(ranked, key=lambda item: (-item[1].pages, item[0]))
    ]


def _kinds(tally: Tally) -> list[KindView]:
    """The kinds with their rules, the rarest first."""
    every = sorted(tally.rules.values(), key=lambda rule: (-rule.words, rule.rule))
    shown = every[:RULES]
    each = min(MAX_EXAMPLES, max(MIN_EXAMPLES, EXAMPLES // max(len(shown), 1)))
    by_kind: defaultdict[str, list[RuleView]] = defaultdict(list)
    for rule in sorted(shown, key=lambda rule: (rule.times, rule.rule)):
        by_kind[rule.kind].append(RuleView(rule, _rarest(rule.texts)[:each]))
    number = Counter(rule.kind for rule in every)
    known = [*KINDS, *sorted(tally.kinds.keys() - set(KINDS))]
    return [
        KindView(
            kind,
            tally.kinds[kind],
            tally.kind_words[kind],
            tally.kind_pages[kind],
            by_kind[kind],
            number[kind],
        )
        for kind in known
        if tally.kinds[kind]
    ]


def _rarest(texts: DifferentTexts[Example]) -> list[Example]:
    """The texts that were kept: the rarest first, of these the longest."""
    found = [example._replace(times=texts.times[number]) for number, example in texts.kept.items()]
    return sorted(found, key=lambda example: (example.times, -example.chars, example.text, example.page.key))


def _flags(tally: Tally, pages: Sequence[dict[str, Any]]) -> list[FlagView]:
    return [
        FlagView(
            flag,
            number,
            FLAGS.get(flag.partition(":")[0], ""),
            [row for row in pages if flag in row["flags"]],
        )
        for flag, number in _ranked(tally.flags)[:FLAGS_SHOWN]
    ]


def _links(pages: Iterable[Mapping[str, Any]], sites: Iterable[SiteView], kinds: Sequence[KindView]) -> Links:
    """Links to what is on the page; names of what is not there are no links."""
    return Links(
        page=_to("page", {_key(row) for row in pages}),
        site=_to("site", {site.name for site in sites}),
        kind=_to("kind", {kind.name for kind in kinds}),
        rule=_to("rule", {rule.counts.rule for kind in kinds for rule in kind.rules}),
    )


def _to(prefix: str, there: set[str]) -> Callable[[str], str | None]:
    return lambda name: f"#{anchor(prefix, name)}" if name in there else None


def _key(row: Mapping[str, Any]) -> str:
    return page_key(row["source"], row["source_digest"])


def _ranked(counts: Mapping[Any, int]) -> list[tuple[Any, int]]:
    """The counts, the largest first; the same order for the same counts."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0] or ""))


def _say_figure(value: float | None, change: Change) -> str:
    if value is None:
        return "–"
    if change.unit == "share":
        return f"{value:.1%}".replace("%", " %")
    if change.unit == "seconds":
        return _say_duration(value)
    return f"{value:,.1f}" if change.unit == "rate" or value % 1 else f"{value:,.0f}"


def _say_duration(seconds: float) -> str:
    """
    >>> _say_duration(4.26), _say_duration(75), _say_duration(3725)
    ('4.3 s', '1 min 15 s', '1 h 2 min')
    """
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
