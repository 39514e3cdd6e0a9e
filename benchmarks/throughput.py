"""`python -m benchmarks.throughput`: pages a second from a folder to Parquet, trafilatura over the same beside it.

Each way is timed whole: starting its processes, finding and reading the pages, and for `ingest` the records, the
audit and the committed parts. The ways take turns, so that what else goes on at the machine meets all of them, and
each ratio is taken within its round. CPU time is that of all processes of the way.
"""

from __future__ import annotations

import gzip
import multiprocessing
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Annotated, NamedTuple

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from benchmarks.command import CorpusOption, DatasetOption, console, run
from benchmarks.corpus import dataset_names, find_corpus
from benchmarks.idle import load_idle
from ingest import runner
from ingest.records import RawPage
from ingest.sources import find_sources

BASE = "ingest, 2 workers"
PEER_PROCESSES = 2
PAGES_AT_ONCE = 8


class Took(NamedTuple):
    """Seconds: by the clock, and of CPU in all processes."""

    wall: float
    cpu: float
    own_cpu: float
    """Of it, in this process: with workers, all that the parent does."""


Way = Callable[[list[Path]], object]


def ingest_pages(folders: list[Path], jobs: int, idle: bool = False) -> None:
    with tempfile.TemporaryDirectory() as out:
        runner.run(folders, out=out, jobs=jobs, load_cleaner=load_idle if idle else None)


def peer_pages(folders: list[Path]) -> None:
    """trafilatura with all fields on every page; nothing is written, which is to its favour."""
    paths = [source.path for source in find_sources(folders)]
    with multiprocessing.get_context("spawn").Pool(PEER_PROCESSES, initializer=_load_peer) as pool:
        for _ in pool.imap_unordered(_peer_page, paths, chunksize=PAGES_AT_ONCE):
            pass
        pool.close()
        pool.join()


def _load_peer() -> None:
    from benchmarks.extractors import EXTRACTORS

    _peer_page.extract = EXTRACTORS["trafilatura-metadata"].load()  # type: ignore[attr-defined]


def _peer_page(path: str) -> bool:
    data = Path(path).read_bytes()
    if path.endswith(".gz"):
        data = gzip.decompress(data)
    try:
        return bool(_peer_page.extract(RawPage(data=data)).body)  # type: ignore[attr-defined]
    except Exception:  # a page it cannot take costs it nothing
        return False


WAYS: Mapping[str, Way] = {
    BASE: partial(ingest_pages, jobs=2),
    "ingest, 1 worker": partial(ingest_pages, jobs=1),
    "trafilatura, 2 processes": peer_pages,
    "empty work, 2 workers": partial(ingest_pages, jobs=2, idle=True),
}


def time_way(way: Way, folders: list[Path]) -> Took:
    before = _cpu()
    start = time.perf_counter()
    way(folders)
    wall = time.perf_counter() - start
    own, children = (after - earlier for after, earlier in zip(_cpu(), before, strict=True))
    return Took(wall, own + children, own)


def _cpu() -> tuple[float, float]:
    """Of this process, and of all that it has waited for."""
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    own, children = (usage.ru_utime + usage.ru_stime for usage in usages)
    return own, children


def print_times(times: Mapping[str, list[Took]], pages: int) -> None:
    table = Table(title=f"{pages:,} pages, medians of {len(times[BASE])} rounds", box=SIMPLE_HEAD)
    for heading in (
        "",
        "pages/s",
        "CPU ms a page",
        "parent's",
        "time to that of ingest",
        "CPU to that of ingest",
    ):
        table.add_column(heading, justify="right" if heading else "left")
    for name, rounds in times.items():
        wall, cpu, own = (statistics.median(values) for values in zip(*rounds, strict=True))
        beside = list(zip(rounds, times[BASE], strict=True))
        table.add_row(
            name,
            f"{pages / wall:,.0f}",
            f"{cpu / pages * 1000:.2f}",
            f"{own / pages * 1000:.2f}" if "ingest" in name or "empty" in name else "",
            f"{statistics.median(took.wall / base.wall for took, base in beside):.2f}",
            f"{statistics.median(took.cpu / base.cpu for took, base in beside):.2f}",
        )
    console.print(table)


def main(
    corpus: CorpusOption = None,
    dataset: DatasetOption = None,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds; the median of each way counts.")] = 3,
    peer: Annotated[bool, typer.Option("--peer/--no-peer", help="Time trafilatura too.")] = True,
) -> None:
    """Time whole runs over the HTML datasets of the corpus (or those named), two at a time and one at a time."""
    folder = find_corpus(corpus)
    names = [name for name in dataset_names(folder, dataset or ()) if not name.endswith("-text")]
    folders = [folder / name / "pages" for name in names]
    pages = sum(1 for _ in find_sources(folders))
    ways = {name: way for name, way in WAYS.items() if peer or not name.startswith("trafilatura")}
    times: dict[str, list[Took]] = {name: [] for name in ways}
    ingest_pages(folders, jobs=2, idle=True)  # the pages are in memory from here on
    for _ in range(rounds):
        for name, way in ways.items():
            times[name].append(time_way(way, folders))
    print_times(times, pages)


if __name__ == "__main__":
    run(main)
