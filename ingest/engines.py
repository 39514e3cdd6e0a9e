"""Who does the chunks of a run: worker processes here, this process, or a Ray cluster.

An engine gives the results of chunks as they get ready, in any order. It makes nothing visible: the run commits.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator
from enum import StrEnum
from functools import partial

from ingest.chunk import Chunk, ChunkResult, Job
from ingest.errors import UsageError
from ingest.pool import run_here, run_pool


class EngineName(StrEnum):
    LOCAL = "local"
    RAY = "ray"


Engine = Callable[[Iterator[Chunk], Job, int | None], Generator[ChunkResult, None, None]]
"""Chunks, what they have in common, and how many at a time (None: as many as there are CPUs)."""


def choose_engine(name: str, address: str | None = None) -> Engine:
    """The engine of this name.

    Raises `UsageError` for another name, an address it has no use for or where nothing listens, or no Ray.
    """
    if name not in list(EngineName):
        raise UsageError(f"There is no engine {name!r}; there are {' and '.join(EngineName)}.")
    if name == EngineName.LOCAL:
        if address:
            raise UsageError("An address goes with the engine ray.")
        return run_local
    try:
        from ingest.ray_engine import knock, run_ray
    except ImportError:
        raise UsageError("Ray is not installed: python -m pip install 'ingest[ray]'") from None
    knock(address)
    return partial(run_ray, address=address)


def run_local(
    chunks: Iterator[Chunk], job: Job, jobs: int | None = None
) -> Generator[ChunkResult, None, None]:
    """Results from so many worker processes; 0 works in this process, with no protection from bad pages."""
    workers = count_cpus() if jobs is None else jobs
    return run_pool(chunks, job, workers) if workers else run_here(chunks, job)


def count_cpus() -> int:
    """How many CPUs this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
