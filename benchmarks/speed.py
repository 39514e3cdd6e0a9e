"""`python -m benchmarks.speed`: CPU milliseconds a page, stage by stage, with trafilatura in the same run.

Every page is timed in several rounds, own code and peers in turn, and the least of each counts: on a
busy machine the times are then still near the truth, and the ratios nearer.
"""

from __future__ import annotations

import math
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, Any, TypeVar

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table
from selectolax.lexbor import LexborHTMLParser

from benchmarks.command import CorpusOption, DatasetOption, console, run
from benchmarks.corpus import Page, dataset_names, find_corpus, read_dataset
from benchmarks.extractors import EXTRACTORS
from ingest import html
from ingest.decode import Refusal, decode
from ingest.describe.facts import describe_page
from ingest.pipeline import clean_page
from ingest.records import RawPage
from ingest.rules import Rulebook, load_rules

PEERS = ("trafilatura-metadata", "trafilatura", "trafilatura-fast")
STAGES = ("parse", "decode", "open", "walk", "select", "describe", "rest", "total")
"""`parse` is Lexbor alone on the page's bytes, `open` reads structured data and finds the site. `total` is bytes
to full record, audit included; `rest` is what of it lies in no stage before: strip, pictures, putting together."""

T = TypeVar("T")
Times = dict[str, list[float]]
"""Stage or peer -> milliseconds of each page."""


class Stopwatch:
    """The least time each name took over all rounds of one page."""

    def __init__(self) -> None:
        self.least: dict[str, float] = {}

    def time(self, name: str, function: Callable[..., T], *args: Any) -> T:
        start = time.thread_time_ns()
        result = function(*args)
        took = (time.thread_time_ns() - start) / 1e6
        self.least[name] = min(took, self.least.get(name, took))
        return result


def time_stages(watch: Stopwatch, raw: RawPage, rulebook: Rulebook) -> None:
    """The stages of an HTML page that can be called alone, in the order of the pipeline."""
    watch.time("parse", LexborHTMLParser, raw.data)
    decoded = watch.time("decode", decode, raw)
    tree = None if isinstance(decoded, Refusal) else html.parse(decoded)
    if tree is None or tree.body is None:
        return
    page = watch.time("open", html.open_page, raw, decoded, tree, rulebook)
    layout = html.find_layout(page, raw)
    document = watch.time("walk", html.walk_page, page, layout)
    chosen = watch.time("select", html.choose, page, layout, document)
    hints = html.hints_of(page, raw, layout)
    blocks = [document.blocks[number] for number in chosen.scope]
    watch.time("describe", describe_page, tree, page.structured, hints, blocks, chosen.labels, page.canonical)


Subjects = Mapping[str, Callable[[RawPage], Any]]


def time_page(page: Page, rulebook: Rulebook, peers: Subjects, rounds: int) -> dict[str, float]:
    """Stage or peer -> least milliseconds of all rounds."""
    raw = RawPage(data=page.read(), source=page.path.name, url=page.truth.url, media_type=page.media_type)
    watch = Stopwatch()
    for _ in range(rounds):
        watch.time("total", clean_page, raw, rulebook)
        for name, peer in peers.items():
            watch.time(name, peer, raw)
        if page.media_type == "text/html":
            time_stages(watch, raw, rulebook)
    least = watch.least
    least["rest"] = least["total"] - sum(least.get(stage, 0.0) for stage in STAGES[:-2])
    return least


def time_pages(pages: Iterable[Page], rulebook: Rulebook, peers: Subjects, rounds: int) -> Times:
    times: Times = defaultdict(list)
    for page in pages:
        for name, took in time_page(page, rulebook, peers, rounds).items():
            times[name].append(took)
    return times


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def print_times(title: str, times: Times) -> None:
    total = sum(times["total"])
    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD)
    table.add_column("ms a page")
    for heading in ("mean", "p50", "p95", "p99", "max", "of total"):
        table.add_column(heading, justify="right")
    for name in [*STAGES, *(name for name in times if name not in STAGES)]:
        if values := times.get(name):
            figures = [
                statistics.fmean(values),
                *(quantile(values, q) for q in (0.5, 0.95, 0.99)),
                max(values),
            ]
            table.add_row(name, *(f"{figure:.2f}" for figure in figures), f"{sum(values) / total:.2f}")
    console.print(table)
    if "parse" in times:
        console.print(f"total is {total / sum(times['parse']):.1f} times the bare parse", end="")
        for peer in (name for name in times if name not in STAGES):
            console.print(f"; {peer} is {sum(times[peer]) / total:.1f} times the total", end="")
        console.print()


def main(
    corpus: CorpusOption = None,
    dataset: DatasetOption = None,
    peers: Annotated[bool, typer.Option("--peers/--no-peers", help="Time trafilatura too.")] = True,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds a page; the least time counts.")] = 3,
) -> None:
    """Time one process on the pages of a dataset (scrapinghub unless --dataset says otherwise)."""
    folder = find_corpus(corpus)
    rulebook = load_rules()
    for name in dataset_names(folder, dataset or ["scrapinghub"]):
        pages = read_dataset(folder, name)
        wanted = PEERS if peers and pages[0].media_type == "text/html" else ()
        beside = {peer: EXTRACTORS[peer].load() for peer in wanted}
        times = time_pages(pages, rulebook, beside, rounds)
        print_times(f"{name}: {len(pages)} pages, least of {rounds} rounds", times)


if __name__ == "__main__":
    run(main)
