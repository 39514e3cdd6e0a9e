"""`python -m benchmarks.drafts`: rule files drafted from some pages of a site, scored on the page left out.

Pages of all datasets are grouped by host; each page is read by the generic extractor and by the rules drafted from
the site's other pages. So the draft never sees the page it is scored on.

A page has up to five scores from 0 to 1, one for each part that its truth knows (`PARTS`). A site's score in a part is
the mean over its pages. A draft is worse than the generic path on a site if the site's body or one of its fields fell
by SAME or more, better if none fell and one rose by so much, and the same otherwise. Where the generic path is right
in all that the truth knows, no draft can be better: these sites are counted apart.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import msgspec
import typer
from rich.table import Table

from benchmarks.command import CorpusOption, DatasetOption, JobsOption, console, run
from benchmarks.corpus import Page, dataset_names, find_corpus, read_dataset
from benchmarks.extractors import prediction_of
from benchmarks.metrics import mean
from benchmarks.scoring import PageScore, score_page
from ingest.draft import draft_pages
from ingest.draft.evidence import read_page
from ingest.draft.site import on_site, with_rules
from ingest.pipeline import clean_page
from ingest.records import RawPage
from ingest.rules import Rulebook, load_rules

SAME = 0.002
"""A difference in a site's mean score below this is none: a line or two of a long article."""


class Trial(msgspec.Struct, frozen=True):
    """One page left out: its site and scores, generic and drafted, and how many pages the draft is from."""

    site: str
    page: str
    drafted_from: int
    generic: PageScore
    draft: PageScore
    method: str


# -- trials --------------------------------------------------------------------------------------------------


def raw_page(page: Page) -> RawPage:
    truth = page.truth
    return RawPage(
        data=page.read(), source=f"{page.dataset}/{page.path.name}", url=truth.url, media_type=page.media_type
    )


def packs_only() -> Rulebook:
    rulebook = load_rules()
    return Rulebook({}, rulebook.packs, rulebook.files)


def sites_of(corpus: Path, datasets: list[str], fewest: int) -> dict[str, list[Page]]:
    """The pages by host, each address once, HTML and text apart; hosts with at least so many pages."""
    groups: dict[str, dict[str, Page]] = defaultdict(dict)
    for name in datasets:
        for page in read_dataset(corpus, name):
            if host := page.truth.host or (urlsplit(page.truth.url or "").hostname or ""):
                site = host.removeprefix("www.") + (" (text)" if page.media_type == "text/plain" else "")
                address = (page.truth.url or page.truth.id).split("?")[0].rstrip("/")
                known = groups[site].get(address)
                if known is None or (page.truth.body and not known.truth.body):
                    groups[site][address] = page
    return {site: list(pages.values()) for site, pages in sorted(groups.items()) if len(pages) >= fewest}


def try_site(site: str, pages: list[Page]) -> list[Trial]:
    """Each page of a site read without a draft, and with one from the others."""
    packs = packs_only()
    host = site.removesuffix(" (text)")
    raws = [raw_page(page) for page in pages]
    evidence = [read_page(raw, packs) for raw in raws]
    trials = []
    for left, page in enumerate(pages):
        others = [known for known in evidence[:left] + evidence[left + 1 :] if known]
        draft = draft_pages(host, others, packs) if others else None
        rulebook = with_rules(packs, draft.rules) if draft else packs
        generic = clean_page(raws[left], packs)
        drafted = clean_page(on_site(raws[left], host), rulebook)
        trials.append(
            Trial(
                site,
                raws[left].source,
                len(draft.pages) if draft else 0,
                score_page(page.truth, prediction_of(generic)),
                score_page(page.truth, prediction_of(drafted)),
                getattr(drafted, "method", "reject"),
            )
        )
    return trials


# -- scores --------------------------------------------------------------------------------------------------


def body_score(score: PageScore) -> float | None:
    """The page's body as one number: shingle F1 (as the Dice coefficient), else the accuracy of its snippets."""
    if score.body:
        overlap = score.body.shingle
        size = 2 * overlap.both + overlap.predicted_only + overlap.true_only
        return 2 * overlap.both / size if size else 0.0
    if score.snippets and any(score.snippets):
        return score.snippets.accuracy
    return None if score.start is None else float(score.start)


PARTS: dict[str, Callable[[PageScore], float | None]] = {
    "body": body_score,
    "title": lambda score: float(score.title[0]) if score.title else None,
    "authors": lambda score: score.authors,
    "day": lambda score: float(score.published.exact) if score.published else None,
    "deck": lambda score: None if score.description is None else float(score.description),
}
"""What is scored of a page; None where its truth says nothing."""

FIELDS = ("title", "authors", "day", "deck")


def pairs_of(trials: Iterable[Trial], part: str) -> list[tuple[float, float]]:
    """The generic and the drafted score in a part, of the pages whose truth knows it."""
    measure = PARTS[part]
    both = ((measure(trial.generic), measure(trial.draft)) for trial in trials)
    return [(before, after) for before, after in both if before is not None and after is not None]


def verdict(trials: Sequence[Trial]) -> str:
    """What the drafts do to a site: better, same, WORSE, or full where there is nothing to win and nothing is lost."""
    known = [pairs for part in PARTS if (pairs := pairs_of(trials, part))]
    changes = [mean([after - before for before, after in pairs]) for pairs in known]
    if any(change <= -SAME for change in changes):
        return "WORSE"
    if any(change >= SAME for change in changes):
        return "better"
    return "full" if all(before > 1 - SAME for pairs in known for before, _ in pairs) else "same"


# -- report --------------------------------------------------------------------------------------------------


def print_report(trials: Sequence[Trial], details: bool) -> None:
    groups: dict[str, list[Trial]] = defaultdict(list)
    for trial in trials:
        groups[trial.site].append(trial)
    console.print(_sites_table(groups))
    console.print(_parts_table(trials))
    verdicts = Counter(verdict(own) for own in groups.values())
    console.print(
        f"{len(groups)} sites: {verdicts['better']} better, {verdicts['same'] + verdicts['full']} same "
        f"({verdicts['full']} of them full: the generic path is right in all that is known), {verdicts['WORSE']} worse"
    )
    for trial in trials if details else ():
        for part in PARTS:
            for before, after in pairs_of([trial], part):
                if before != after:
                    console.print(f"  {part} {trial.page}: {before:.4f} -> {after:.4f} ({trial.method})")


def _sites_table(groups: dict[str, list[Trial]]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("site")
    for column in ("pages", "by rules", "body generic", "draft", "fields generic", "draft"):
        table.add_column(column, justify="right")
    table.add_column("")
    for site, own in groups.items():
        fields = [pair for part in FIELDS for pair in pairs_of(own, part)]
        by_rules = sum(trial.method == "rules" for trial in own)
        scores = *_means(pairs_of(own, "body")), *_means(fields)
        table.add_row(site, str(len(own)), str(by_rules), *scores, verdict(own))
    return table


def _parts_table(trials: Sequence[Trial]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("part")
    for column in ("pages", "generic", "draft", "pages better", "pages worse"):
        table.add_column(column, justify="right")
    for part in PARTS:
        pairs = pairs_of(trials, part)
        better = sum(after > before for before, after in pairs)
        worse = sum(after < before for before, after in pairs)
        table.add_row(part, str(len(pairs)), *_means(pairs), str(better), str(worse))
    return table


def _means(pairs: Sequence[tuple[float, float]]) -> tuple[str, str]:
    if not pairs:
        return "", ""
    before, after = zip(*pairs, strict=True)
    return f"{mean(before):.4f}", f"{mean(after):.4f}"


def main(
    corpus: CorpusOption = None,
    dataset: DatasetOption = None,
    site: Annotated[
        list[str] | None,
        typer.Option("--site", metavar="HOST", help="Only this site; may be repeated."),
    ] = None,
    fewest: Annotated[int, typer.Option("--fewest", metavar="N", help="Only sites with so many pages.")] = 3,
    details: Annotated[bool, typer.Option("--details", help="Also every page that differs.")] = False,
    text: Annotated[bool, typer.Option("--text", help="The text dumps instead of the HTML pages.")] = False,
    jobs: JobsOption = 1,
) -> None:
    """Draft rules for every site with several pages, leaving each page out once, and score that page."""
    folder = find_corpus(corpus)
    names = [n for n in dataset_names(folder, dataset or ()) if dataset or n.endswith("-text") == text]
    sites = sites_of(folder, names, fewest)
    sites = {name: pages for name, pages in sites.items() if not site or name.split()[0] in site}
    with ProcessPoolExecutor(jobs) as pool:
        results = list(pool.map(try_site, sites.keys(), sites.values()))
    print_report([trial for trials in results for trial in trials], details)


if __name__ == "__main__":
    run(main)
