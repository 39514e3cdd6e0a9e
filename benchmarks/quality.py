"""`python -m benchmarks.quality`: every dataset with every measure its truth allows, peers beside it."""

from __future__ import annotations

import json
import time
import traceback
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from benchmarks import report
from benchmarks.command import CorpusOption, DatasetOption, JobsOption, console, run
from benchmarks.corpus import CorpusError, Form, Page, dataset_names, find_corpus, read_dataset
from benchmarks.extractors import EXTRACTORS, OWN, Extract
from benchmarks.scoring import PageScore, Prediction, Summary, score_page, summarise
from ingest.records import RawPage


class Field(StrEnum):
    """What a truth may say of a page besides its text."""

    TITLE = "title"
    AUTHORS = "authors"
    PUBLISHED = "published"
    DESCRIPTION = "description"


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What one extractor made of one page. `error` is the exception it raised instead of an answer."""

    page: Page
    prediction: Prediction
    score: PageScore
    milliseconds: float
    error: str | None = None


@cache
def load(extractor: str) -> Extract:
    return EXTRACTORS[extractor].load()


def measure(extractor: str, page: Page) -> Outcome:
    """Run one extractor on one page and score it. The time is CPU time of bytes to prediction."""
    data = page.read()
    raw = RawPage(data=data, source=page.path.name, url=page.truth.url, media_type=page.media_type)
    extract, prediction, error = load(extractor), Prediction(), None
    start = time.thread_time_ns()
    try:
        prediction = extract(raw)
    except Exception as problem:  # a page that raises is a finding, not the end of the run
        place = traceback.extract_tb(problem.__traceback__)[-1]
        error = f"{type(problem).__name__}: {problem} ({Path(place.filename).name}:{place.lineno})"
    took = (time.thread_time_ns() - start) / 1e6
    score = score_page(page.truth, prediction)
    return Outcome(page=page, prediction=prediction, score=score, milliseconds=took, error=error)


def measure_all(extractor: str, pages: Sequence[Page], jobs: int = 1) -> list[Outcome]:
    """The outcomes in the order of the pages, whatever the number of worker processes."""
    if jobs == 1:
        return [measure(extractor, page) for page in pages]
    measure(extractor, pages[0])  # the workers inherit what a first call loads
    with ProcessPoolExecutor(jobs) as pool:
        return list(pool.map(measure, [extractor] * len(pages), pages, chunksize=8))


def summarise_outcomes(outcomes: Sequence[Outcome]) -> Summary:
    summary = summarise([outcome.score for outcome in outcomes])
    times = [outcome.milliseconds for outcome in outcomes]
    return summary | {
        "errors": sum(outcome.error is not None for outcome in outcomes),
        "ms.mean": sum(times) / len(times),
        "ms.max": max(times),
    }


def installed(names: Sequence[str]) -> list[str]:
    """Those of the extractors whose library can be imported; the others are named on the console."""
    if unknown := set(names) - set(EXTRACTORS):
        raise CorpusError(f"No extractor {', '.join(sorted(unknown))}; there are {', '.join(EXTRACTORS)}.")
    found = []
    for name in dict.fromkeys(names):
        try:
            load(name)
            found.append(name)
        except ImportError as error:
            if name in OWN:
                raise
            console.print(f"[yellow]{name} left out: {error}[/]")
    return found


def write_predictions(folder: Path, extractor: str, dataset: str, outcomes: Sequence[Outcome]) -> None:
    """`<folder>/<extractor>/<dataset>.jsonl`, one object a page."""
    path = folder / extractor / f"{dataset}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [{"id": o.page.truth.id} | msgspec.to_builtins(o.prediction) for o in outcomes]
    path.write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in rows))


def group_by_site(outcomes: Sequence[Outcome]) -> dict[str, list[Outcome]]:
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        groups[outcome.page.truth.host or "(no host)"].append(outcome)
    return dict(sorted(groups.items()))


def main(
    corpus: CorpusOption = None,
    dataset: DatasetOption = None,
    peer: Annotated[
        list[str] | None,
        typer.Option(
            help=f"Measure this one too; may be repeated. One of: {', '.join(EXTRACTORS)}; or 'all'."
        ),
    ] = None,
    no_rules: Annotated[bool, typer.Option("--no-rules", help="Packs only, no site rules.")] = False,
    form: Annotated[Form | None, typer.Option("--as", help="Clean what a tool makes of each page.")] = None,
    sites: Annotated[bool, typer.Option("--sites", help="Also a table per site.")] = False,
    worst: Annotated[int, typer.Option(metavar="N", help="Also the N worst pages of each dataset.")] = 0,
    show: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Show this page's difference line by line.")
    ] = None,
    misses: Annotated[
        Field | None,
        typer.Option(help="List the pages where this field differs from the truth."),
    ] = None,
    only_peers: Annotated[bool, typer.Option("--only-peers", help="Leave this project out.")] = False,
    jobs: JobsOption = 1,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write every measure.")
    ] = None,
    predictions: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write DIR/<extractor>/<dataset>.jsonl.")
    ] = None,
) -> None:
    """Score body, snippets, title, authors, date and deck on a corpus: per dataset, site and page."""
    folder = find_corpus(corpus)
    own = [] if only_peers else ["ingest-generic" if no_rules else "ingest"]
    peers = [name for name in EXTRACTORS if name not in OWN] if peer == ["all"] else peer or []
    extractors = installed([*own, *peers])
    results: dict[str, dict[str, Summary]] = {}
    for name in dataset_names(folder, dataset or ()):
        pages = [msgspec.structs.replace(page, form=form) for page in read_dataset(folder, name)]
        if show and not (pages := [page for page in pages if page.truth.id in show]):
            continue
        media_type = pages[0].media_type
        fitting = [e for e in extractors if media_type in EXTRACTORS[e].media_types]
        outcomes = {extractor: measure_all(extractor, pages, jobs) for extractor in fitting}
        results[name] = {extractor: summarise_outcomes(found) for extractor, found in outcomes.items()}
        report.print_summaries(console, name, results[name])
        for extractor, found in outcomes.items():
            report.print_errors(console, extractor, found)
            if sites:
                groups = group_by_site(found)
                title = f"{name} by site: {extractor}"
                report.print_summaries(
                    console, title, {site: summarise_outcomes(group) for site, group in groups.items()}
                )
            if worst:
                report.print_worst(console, extractor, found, worst)
            if misses:
                report.print_misses(console, extractor, found, misses)
            if show:
                for outcome in found:
                    report.print_difference(console, extractor, outcome)
            if predictions:
                write_predictions(predictions, extractor, name, found)
    if json_file:
        json_file.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    run(main)
