"""The engine for many machines: the same chunks, each done on a Ray cluster by the local pool's own code.

A Ray task hands its chunk to a pool of one worker process beside it, so that limits, splitting and verdicts are
those of the local engine: a page can end its worker, never the task. A task whose machine is lost is run again
by Ray; what it had staged is never committed. Input, output and rules must be where every machine sees them.
"""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Generator, Iterator
from typing import Any
from urllib.parse import urlsplit

import ray

from ingest.chunk import Chunk, ChunkResult, Job
from ingest.errors import IngestError, UsageError
from ingest.filesystem import reason_of
from ingest.pool import Pool

MACHINES_LOST = 10
"""So many times a chunk is begun anew elsewhere, before the run is given up."""

WAITING = 2
"""Chunks in flight for each CPU: one at work, one on its way."""

ANSWER_SECONDS = 5.0
"""How long a cluster may take to answer its door."""

SETTINGS = b"\0\0\0\4\0\0\0\0\0"
GREETING = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + SETTINGS
"""How HTTP/2 begins, which gRPC speaks: the client's first bytes, and its settings. The server answers with its own."""

_pools: dict[str, Pool] = {}
"""In a process of Ray's: the pool of the run it works for. Ray uses its processes again for the next task."""


def run_ray(
    chunks: Iterator[Chunk], job: Job, jobs: int | None, *, address: str | None = None
) -> Generator[ChunkResult, None, None]:
    """Results of the chunks from the cluster at `address`, at most `jobs` of them at a time.

    Raises `UsageError` if there is no cluster there, `StoreError` if a worker cannot write, `IngestError` if machines
    are lost again and again.
    """
    if jobs == 0:
        raise UsageError("The engine ray needs workers; leave --jobs out to use all CPUs of the cluster.")
    new = _connect(address)
    task = ray.remote(num_cpus=1, max_retries=MACHINES_LOST)(_process)
    common = ray.put(job)
    in_flight: list[Any] = []
    try:
        while True:
            wanted = jobs or WAITING * _count_cpus()
            while len(in_flight) < wanted and (chunk := next(chunks, None)):
                in_flight.append(task.remote(common, chunk))
            if not in_flight:
                return
            ready, in_flight = ray.wait(in_flight)
            for reference in ready:
                yield from _results(reference)
    finally:
        for reference in in_flight:
            ray.cancel(reference, force=True)
        if new:
            ray.shutdown()


def _connect(address: str | None) -> bool:
    """Whether the connection is new, and so for us to close."""
    if ray.is_initialized():
        return False
    on_termination = signal.getsignal(signal.SIGTERM)
    try:
        ray.init(address=address, include_dashboard=False if address is None else None, log_to_driver=False)
    except (ConnectionError, ValueError, RuntimeError, ray.exceptions.RayError) as error:
        raise _no_cluster(address, error) from error
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, on_termination)  # Ray has put its own there
    return True


def knock(address: str | None) -> None:
    """Look whether a cluster answers at the address, or at that of `RAY_ADDRESS`.

    Ray would try for minutes. What has no port, such as `local`, is left to it. Raises `UsageError`.
    """
    if address in (None, "auto"):
        address = os.environ.get("RAY_ADDRESS")
    if ray.is_initialized() or not address:
        return
    try:
        door = urlsplit("//" + address.rpartition("//")[2])
        if door.hostname and door.port:
            with socket.create_connection((door.hostname, door.port), ANSWER_SECONDS) as connection:
                _greet(connection)
    except (OSError, ValueError) as error:
        raise _no_cluster(address, error) from error


def _greet(connection: socket.socket) -> None:
    """Raise `ValueError` where something else than a gRPC server answers, or nothing. TLS is left to Ray."""
    if os.environ.get("RAY_USE_TLS", "0") not in ("", "0"):
        return
    try:
        connection.sendall(GREETING)
        answer = connection.makefile("rb").read(len(SETTINGS))
    except OSError:
        answer = b""
    if answer[3:4] != SETTINGS[3:4]:
        raise ValueError("what listens there does not answer as Ray does")


def _no_cluster(address: str | None, error: Exception) -> UsageError:
    return UsageError(
        f"There is no Ray cluster at {address or 'hand'}: {reason_of(error)}. "
        "Start one there with `ray start --head`, or give the --address that it printed."
    )


def _count_cpus() -> int:
    """Those of the cluster now: machines come and go."""
    resources: dict[str, float] = ray.cluster_resources()  # type: ignore[no-untyped-call]
    return max(1, int(resources.get("CPU", 1)))


def _results(reference: Any) -> list[ChunkResult]:
    try:
        results: list[ChunkResult] = ray.get(reference)
    except ray.exceptions.RayError as error:
        if isinstance(cause := getattr(error, "cause", None), IngestError):
            raise cause from error
        raise IngestError(f"The Ray cluster gave up on a chunk: {error}") from error
    return results


def _process(job: Job, chunk: Chunk) -> list[ChunkResult]:
    """What came of a chunk. Runs on the cluster."""
    pool = _pools.get(job.run_id)
    if pool is None:
        while _pools:
            _pools.popitem()[1].stop()
        pool = _pools[job.run_id] = Pool(job, jobs=1)
    return list(pool.run(iter((chunk,))))
