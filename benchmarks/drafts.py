"""`python -m benchmarks.drafts`: rule files drafted from some pages of a site, scored on the page left out.

Pages of all datasets are grouped by host; each page is read by the generic extractor and by the rules drafted from
the site's other pages. So the draft never sees the page it is scored on.
"""

from __future__ import annotations

from collections import defaultdict
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
from ingest.draft import draft_site
from ingest.draft.site import on_site, with_rules
from ingest.pipeline import clean_page
from ingest.records import RawPage
from ingest.rules import Rulebook, load_rules

SAME = 0.005
"""A difference in the mean score below this is none."""


class Trial(msgspec.Struct, frozen=True):
    """One page left out: its site and scores, generic and drafted, and how many pages the draft is from."""

    site: str
    page: str
    drafted_from: int
    generic: PageScore
    draft: PageScore
    method: str


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
    trials = []
    for left, page in enumerate(pages):
        draft = draft_site(host, raws[:left] + raws[left + 1 :], packs)
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


def body_score(score: PageScore) -> float | None:
    """The page's body as one number: shingle F1 (as the Dice coefficient), else the accuracy of its snippets."""
    if score.body:
        overlap = score.body.shingle
        size = 2 * overlap.both + overlap.predicted_only + overlap.true_only
        return 2 * overlap.both / size if size else 0.0
    if score.snippets and any(score.snippets):
        return score.snippets.accuracy
    return None if score.start is None else float(score.start)


def field_score(score: PageScore) -> float | None:
    """The share of the page's known fields that are right: title, authors, day."""
    known: list[float] = []
    if score.title:
        known.append(float(score.title[0]))
    if score.authors is not None:
        known.append(score.authors)
    if score.published:
        known.append(float(score.published.exact))
    return mean(known) if known else None


def print_table(trials: list[Trial], details: bool) -> None:
    groups: dict[str, list[Trial]] = defaultdict(list)
    for trial in trials:
        groups[trial.site].append(trial)
    table = Table(box=None, padding=(0, 2, 0, 0))
    for column in (
        "site",
        "pages",
        "by rules",
        "body generic",
        "body draft",
        "",
        "fields generic",
        "fields draft",
        "",
    ):
        table.add_column(column, justify="left" if column in ("site", "") else "right")
    verdicts: dict[str, list[str]] = {"body": [], "fields": []}
    for site, own in sorted(groups.items()):
        cells = [site, str(len(own)), str(sum(trial.method == "rules" for trial in own))]
        for part, measure in (("body", body_score), ("fields", field_score)):
            pairs = [
                (g, d)
                for t in own
                if (g := measure(t.generic)) is not None and (d := measure(t.draft)) is not None
            ]
            if not pairs:
                cells += ["", "", ""]
                continue
            before, after = mean([g for g, _ in pairs]), mean([d for _, d in pairs])
            verdict = "better" if after > before + SAME else "WORSE" if after < before - SAME else "same"
            verdicts[part].append(verdict)
            cells += [f"{before:.4f}", f"{after:.4f}", verdict]
        table.add_row(*cells)
    console.print(table)
    for part, measure in (("body", body_score), ("fields", field_score)):
        pairs = [
            (g, d)
            for t in trials
            if (g := measure(t.generic)) is not None and (d := measure(t.draft)) is not None
        ]
        counts = {verdict: verdicts[part].count(verdict) for verdict in ("better", "same", "WORSE")}
        console.print(
            f"{part}: {len(pairs)} pages, generic {mean([g for g, _ in pairs]):.4f}, draft "
            f"{mean([d for _, d in pairs]):.4f}; sites {counts}"
        )
    for trial in trials if details else ():
        for part, measure in (("body", body_score), ("fields", field_score)):
            before, after_ = measure(trial.generic), measure(trial.draft)
            if before is not None and after_ is not None and abs(before - after_) > SAME:
                console.print(f"  {part} {trial.page}: {before:.4f} -> {after_:.4f} ({trial.method})")


def main(
    corpus: CorpusOption = None,
    dataset: DatasetOption = None,
    fewest: Annotated[int, typer.Option("--fewest", metavar="N", help="Only sites with so many pages.")] = 2,
    details: Annotated[bool, typer.Option("--details", help="Also every page that differs.")] = False,
    text: Annotated[bool, typer.Option("--text", help="The text dumps instead of the HTML pages.")] = False,
    jobs: JobsOption = 1,
) -> None:
    """Draft rules for every site with several pages, leaving each page out once, and score that page."""
    folder = find_corpus(corpus)
    names = [n for n in dataset_names(folder, dataset or ()) if dataset or n.endswith("-text") == text]
    sites = sites_of(folder, names, fewest)
    with ProcessPoolExecutor(jobs) as pool:
        results = list(pool.map(try_site, sites.keys(), sites.values()))
    print_table([trial for trials in results for trial in trials], details)


if __name__ == "__main__":
    run(main)
