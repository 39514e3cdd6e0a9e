"""`python -m benchmarks.overhead`: what a run costs beside `clean`, step by step, in CPU time.

The pages go through the worker's own function in chunks, in this process; each step is timed where it is called. The
sum of the steps beside `clean` shall be under 15 % of it. Starting workers (once a run) and the parent's part are not
in it: `benchmarks.throughput` shows them.
"""

from __future__ import annotations

import gc
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any
from unittest.mock import patch

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from benchmarks.command import CorpusOption, DatasetOption, console, run
from benchmarks.corpus import dataset_names, find_corpus
from benchmarks.idle import load_idle
from ingest import chunk, worker
from ingest.chunk import ChunkResult, Job, commit
from ingest.rules import load_rules
from ingest.runner import LARGEST_CHUNK, rules_cleaner
from ingest.sources import find_sources
from ingest.sources import read as reading
from ingest.store import open_output

STEPS: Mapping[str, tuple[Any, str]] = {
    "look for a sidecar": (reading, "read_sidecar"),
    "read the file": (reading, "_read_file"),
    "unpack": (reading, "_unpack"),
    "digest": (reading, "digest"),
    "clocks and note": (worker, "_limit_time"),
    "Arrow tables": (chunk, "records_table"),
    "Parquet and fsync": (chunk, "stage_part"),
}
"""A step's name, and the function that does it where the pipeline looks it up."""

ALLOWED = 0.15


class Clock:
    """CPU seconds by step; what a step calls counts for itself."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)

    def timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            start = time.thread_time()
            try:
                return function(*arguments, **named)
            finally:
                self.seconds[name] += time.thread_time() - start

        return call


@contextmanager
def watched(clock: Clock) -> Iterator[None]:
    """Every step's function replaced by itself with a clock."""
    with ExitStack() as stack:
        for name, (module, function) in STEPS.items():
            stack.enter_context(patch.object(module, function, clock.timed(name, getattr(module, function))))
        yield


def measure(folders: list[Path], load_cleaner: Callable[[], Any]) -> dict[str, float]:
    """CPU seconds by step for all pages; `all` is everything, `clean` the page function."""
    clock = Clock()
    clean = clock.timed("clean", load_cleaner())
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as note, watched(clock):
        out = open_output(folder)
        job = Job(out=out, run_id="run", ingested_at=datetime.now(UTC), load_cleaner=load_cleaner)
        sources = list(find_sources(folders))
        gc.collect()
        start = time.thread_time()
        for first in range(0, len(sources), LARGEST_CHUNK):
            part = tuple(sources[first : first + LARGEST_CHUNK])
            result = worker._process(part, job, clean, note.fileno())
            assert isinstance(result, ChunkResult), result
            commit_start = time.thread_time()
            commit(result)
            clock.seconds["commit"] += time.thread_time() - commit_start
        clock.seconds["all"] = time.thread_time() - start
    return dict(clock.seconds)


def print_steps(rounds: list[dict[str, float]], pages: int) -> float:
    """The table; gives the overhead as a share of `clean`."""
    middle = {name: statistics.median(one.get(name, 0.0) for one in rounds) for name in rounds[0]}
    overhead = statistics.median((one["all"] - one["clean"]) / one["clean"] for one in rounds)
    named = sum(seconds for name, seconds in middle.items() if name not in ("all", "clean"))
    middle["the rest"] = middle["all"] - middle["clean"] - named
    table = Table(title=f"{pages:,} pages, medians of {len(rounds)} rounds", box=SIMPLE_HEAD)
    for heading in ("", "CPU ms a page", "of clean"):
        table.add_column(heading, justify="right" if heading else "left")
    for name, seconds in sorted(middle.items(), key=lambda item: -item[1]):
        if name != "all":
            share = seconds / middle["clean"]
            table.add_row(name, f"{seconds / pages * 1000:.3f}", f"{share:.1%}")
    console.print(table)
    console.print(f"beside clean: {overhead:.1%} of it; asked: under {ALLOWED:.0%}")
    return overhead


def main(
    corpus: CorpusOption = None,
    dataset: DatasetOption = None,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds; the median counts.")] = 3,
    idle: Annotated[bool, typer.Option(help="An empty page function, to look at the steps alone.")] = False,
) -> None:
    """Time the steps around `clean` over the HTML datasets of the corpus, or those named."""
    folder = find_corpus(corpus)
    names = [name for name in dataset_names(folder, dataset or ()) if not name.endswith("-text")]
    folders = [folder / name / "pages" for name in names]
    pages = sum(1 for _ in find_sources(folders))
    load = load_idle if idle else partial(rules_cleaner, load_rules())
    measure(folders, load)  # loaded, and the pages in memory, from here on
    print_steps([measure(folders, load) for _ in range(rounds)], pages)


if __name__ == "__main__":
    run(main)
