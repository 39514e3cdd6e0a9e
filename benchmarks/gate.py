"""`python -m benchmarks.gate`: no score may sink under its floor without somebody saying so.

    floors.json    {extractor: {dataset: {"pages": 80, "shingle.f1": 0.978, ...}}}

`--raise` lifts the floors to the present scores less a small margin; it never lowers one. To lower a
floor, edit the file and say why in the change.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, NamedTuple

import msgspec
import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from benchmarks.command import CorpusOption, DatasetOption, JobsOption, console, run
from benchmarks.corpus import Form, dataset_names, find_corpus, read_dataset
from benchmarks.extractors import OWN
from benchmarks.quality import measure_all, summarise_outcomes
from benchmarks.scoring import Summary

FLOORS = Path(__file__).with_name("floors.json")
MARGIN = 0.002
GATED = (
    "shingle.f1",
    "lsum.f1",
    "snippets.f1",
    "start.found",
    "title.exact",
    "authors.f1",
    "published.day",
    "description.exact",
)
"""One measure for each thing that is measured."""

FORMED: Mapping[str, tuple[Form, ...]] = {
    "fundus-eval": ("markdown", "soup", "unnamed"),
    "scrapinghub": ("markdown", "soup", "unnamed"),
}
"""Datasets whose pages are also measured as other tools make them."""

WITHOUT_RULES = "ingest-generic"

Floors = dict[str, dict[str, dict[str, float]]]


class Check(NamedTuple):
    extractor: str
    dataset: str
    measure: str
    score: float
    floor: float

    @property
    def passed(self) -> bool:
        return self.score >= self.floor


def check(results: Mapping[str, Mapping[str, Summary]], floors: Floors) -> Iterator[Check]:
    """Every score that has a floor, and that no page raised. Other pages than the floors' have no floor."""
    for extractor, datasets in results.items():
        for dataset, summary in datasets.items():
            sound = 1 - summary["errors"] / summary["pages"]
            yield Check(extractor, dataset, "pages that did not raise", sound, 1)
            floor = floors.get(extractor, {}).get(dataset, {})
            if floor.get("pages") != summary["pages"]:
                continue
            for measure in GATED:
                if measure in floor:
                    yield Check(extractor, dataset, measure, summary.get(measure, 0.0), floor[measure])


def raised(floors: Floors, results: Mapping[str, Mapping[str, Summary]]) -> Floors:
    """The floors lifted to the scores less the margin, none lowered; new ones where pages changed."""
    lifted: Floors = {extractor: dict(datasets) for extractor, datasets in floors.items()}
    for extractor, datasets in results.items():
        for dataset, summary in datasets.items():
            old = lifted.setdefault(extractor, {}).get(dataset, {})
            if old.get("pages") != summary["pages"]:
                old = {}
            new = {measure: _floor(summary[measure]) for measure in GATED if measure in summary}
            lifted[extractor][dataset] = {"pages": summary["pages"]} | {
                measure: max(value, old.get(measure, 0.0)) for measure, value in new.items()
            }
    return lifted


def _floor(score: float) -> float:
    return max(0.0, math.floor((score - MARGIN) * 1000) / 1000)


def read_floors(path: Path = FLOORS) -> Floors:
    floors: Floors = json.loads(path.read_text()) if path.exists() else {}
    return floors


def print_checks(checks: list[Check]) -> None:
    table = Table(box=SIMPLE_HEAD)
    for heading in ("extractor", "dataset", "measure"):
        table.add_column(heading)
    for heading in ("score", "floor", ""):
        table.add_column(heading, justify="right")
    for item in checks:
        verdict = "" if item.passed else "[red]sunk[/]"
        table.add_row(*item[:3], f"{item.score:.4f}", f"{item.floor:.3f}", verdict)
    console.print(table)


def main(
    corpus: CorpusOption = None,
    dataset: DatasetOption = None,
    jobs: JobsOption = 1,
    lift: Annotated[bool, typer.Option("--raise", help="Lift the floors to the present scores.")] = False,
) -> None:
    """Exit 1 when a score lies under its floor, 2 when there is no corpus."""
    folder = find_corpus(corpus)
    results: dict[str, dict[str, Summary]] = {extractor: {} for extractor in OWN}
    for name in dataset_names(folder, dataset or ()):
        pages = read_dataset(folder, name)
        for extractor in OWN:
            results[extractor][name] = summarise_outcomes(measure_all(extractor, pages, jobs))
        for form in FORMED.get(name, ()):
            formed = [msgspec.structs.replace(page, form=form) for page in pages]
            outcomes = measure_all(WITHOUT_RULES, formed, jobs)
            results[WITHOUT_RULES][f"{name} as {form}"] = summarise_outcomes(outcomes)
    floors = read_floors()
    if lift:
        floors = raised(floors, results)
        FLOORS.write_text(json.dumps(floors, indent=1, sort_keys=True) + "\n")
    checks = list(check(results, floors))
    print_checks(checks)
    sunk = [item for item in checks if not item.passed]
    if sunk:
        console.print(f"[red]{len(sunk)} of {len(checks)} scores lie under their floor.[/]")
        sys.exit(1)
    console.print(f"All {len(checks)} scores hold.")


if __name__ == "__main__":
    run(main)
