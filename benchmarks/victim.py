"""What is killed: one run, refresh or compaction, in a process that imports no more than it needs."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, NamedTuple


def work(act: str, pages: str, out: str, cleaner: str, jobs: str) -> None:
    """One run, with small chunks, so that there are many moments between them."""
    from ingest import lease, runner

    lease.LEASE_SECONDS, lease.RENEW_SECONDS, lease.POLL_SECONDS = 3.0, 0.5, 0.1
    runner.FIRST_CHUNK = runner.LARGEST_CHUNK = 4
    load = import_module(cleaner).load_cleaner if cleaner else None
    print("begins", flush=True)
    ACTS[act].do(pages, out, load, int(jobs))


def ingest_pages(pages: str, out: str, load: Any, jobs: int) -> None:
    from ingest.runner import run

    run(pages, out=out, jobs=jobs, load_cleaner=load, wait=30)


def refresh_rows(pages: str, out: str, load: Any, jobs: int) -> None:
    from ingest import due, refresh

    due.VERSION = "another"  # so that every row is due
    due.WAVE_ROWS = 50
    refresh.refresh(out, refresh.Refresh(jobs=jobs, load_cleaner=load), wait=30)


def compact_parts(pages: str, out: str, load: Any, jobs: int) -> None:
    from ingest.compact import compact

    compact(out, wait=30)


class Act(NamedTuple):
    """What is killed, and within how many seconds from its beginning."""

    do: Callable[[str, str, Any, int], None]
    seconds: float


ACTS = {"run": Act(ingest_pages, 0.9), "refresh": Act(refresh_rows, 1.5), "compact": Act(compact_parts, 0.3)}
