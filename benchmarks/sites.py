"""`python -m benchmarks.sites`: docs/sites.md, the sites with rules and what is known of each.

All but the last two columns come from the rule files and samples; these come from the corpus and are left empty for
sites it has no page of.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from benchmarks.command import CorpusOption, JobsOption, console, run
from benchmarks.corpus import Page, Truth, dataset_names, find_corpus, read_dataset
from benchmarks.metrics import mean
from benchmarks.quality import Outcome, measure_all
from benchmarks.scoring import PageScore, page_quality, shingle_score
from ingest.rules import Rulebook, load_rules
from ingest.rules.model import SiteFile
from ingest.rules.rulebook import FIELDS
from ingest.samples import bundled_samples, find_samples

DOCUMENT = Path(__file__).parents[1] / "docs" / "sites.md"
COLUMNS = ("Site", "Name", "Language", "Layouts", "Fields", "Rules", "Samples", "Measured on", "Score")
MEASURED = 2
"""The columns at the end that hang on the corpus."""
HEAD = """\
# Sites

The sites that have a rule file in `rules/`; `ingest rules show SITE` prints it. Written by
`python -m benchmarks.sites`.

- *Layouts*: the looks of the site that the rules tell apart, by their names in the column `layout` of a dataset.
- *Fields*: what the layouts' own places give; the other fields come from what the page shows and states.
- *Rules*: strip, drop and refuse rules of the site's own, besides the packs it uses.
- *Samples*: the pages in `samples/` that are compared at every change.
- *Measured on*: the dataset of the [benchmarks](../benchmarks/README.md) and the number of the site's pages there.
- *Score*: without the site's rules, then with them. `F1` is that over runs of four words of the body, `snippets` the
  share of marked pieces rightly kept or left out, `fields` the share of title, authors, date and deck that is right.
"""


class Measured(NamedTuple):
    """A site's pages of one dataset: how many, the measure, and its value without and with the site's rules."""

    dataset: str
    pages: int
    measure: str
    without: float
    with_rules: float


def document(rulebook: Rulebook, samples: Counter[str], measured: dict[str, Measured]) -> str:
    """The whole of docs/sites.md."""
    rows = [(*row(site, samples[name]), *_cells(measured.get(name))) for name, site in rulebook.sites.items()]
    counted = f"{len(rows)} sites, {sum(samples[name] for name in rulebook.sites)} samples.\n"
    table = "".join(f"| {' | '.join(cells)} |\n" for cells in (COLUMNS, ("---",) * len(COLUMNS), *rows))
    return f"{HEAD}\n{counted}\n{table}"


def row(site: SiteFile, samples: int) -> tuple[str, ...]:
    """The cells of a site that hang on its rules and samples alone."""
    given = [name for name in FIELDS if any(getattr(layout, name) for layout in site.layouts)]
    drops = len(site.drop) + sum(len(layout.drop) for layout in site.layouts)
    return (
        f"`{site.site}`",
        site.name or "",
        site.language or "",
        ", ".join(str(layout.id) for layout in site.layouts),
        ", ".join(given),
        str(len(site.strip) + drops + len(site.refuse)),
        str(samples),
    )


def _cells(measured: Measured | None) -> tuple[str, str]:
    if measured is None:
        return "", ""
    scores = f"{measured.measure} {measured.without:.3f} → {measured.with_rules:.3f}"
    return f"{measured.dataset}, {measured.pages}", scores


def count_samples() -> Counter[str]:
    """The number of samples by site."""
    return Counter(sample.name.split("/")[0] for sample in find_samples(bundled_samples()))


# --- scores


def measure_sites(corpus: Path, rulebook: Rulebook, jobs: int = 1) -> dict[str, Measured]:
    """Each site's scores on the dataset that knows most of it: one with bodies before one with snippets or fields."""
    groups: dict[str, dict[str, list[Page]]] = defaultdict(lambda: defaultdict(list))
    for name in dataset_names(corpus):
        for page in read_dataset(corpus, name):
            site = rulebook.site_of_host(page.truth.host)
            if site and page.media_type == "text/html":
                groups[site][name].append(page)
    chosen = {site: max(found.values(), key=_worth) for site, found in groups.items()}
    pages = [page for own in chosen.values() for page in own]
    without, after = (iter(measure_all(name, pages, jobs)) for name in ("ingest-generic", "ingest"))
    return {site: _measured(own, _take(without, own), _take(after, own)) for site, own in chosen.items()}


def _worth(pages: list[Page]) -> tuple[int, int]:
    truth = pages[0].truth
    return 2 if truth.body is not None else 1 if truth.with_snippets is not None else 0, len(pages)


def _take(outcomes: Iterator[Outcome], pages: Iterable[Page]) -> list[PageScore]:
    return [next(outcomes).score for _ in pages]


def _measured(pages: list[Page], without: list[PageScore], after: list[PageScore]) -> Measured:
    measure = _measure_for(pages[0].truth)
    scores = (_score(measure, found) for found in (without, after))
    return Measured(pages[0].dataset, len(pages), measure, *scores)


def _measure_for(truth: Truth) -> str:
    return "F1" if truth.body is not None else "snippets" if truth.with_snippets is not None else "fields"


def _score(measure: str, scores: list[PageScore]) -> float:
    if measure == "F1":
        return shingle_score([score.body.shingle for score in scores if score.body]).f1
    return mean([page_quality(score) for score in scores])


def main(
    corpus: CorpusOption = None,
    out: Annotated[Path, typer.Option(metavar="FILE", help="The document to write.")] = DOCUMENT,
    jobs: JobsOption = 1,
) -> None:
    """Write the table of the sites with rules: layouts, fields, rules, samples, scores with and without the rules."""
    rulebook = load_rules()
    text = document(rulebook, count_samples(), measure_sites(find_corpus(corpus), rulebook, jobs))
    out.write_text(text, encoding="utf-8")
    console.print(f"written: {out}")


if __name__ == "__main__":
    run(main)
