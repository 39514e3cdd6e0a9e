"""The child's side of the pool: a process that cleans chunks until its pipe closes.

The limits are the kernel's: a page over its time ends the process by a signal, even inside a C library, and the
parent reads from the signal what happened, and from the note which page it was.
"""

from __future__ import annotations

import ctypes
import gc
import logging
import os
import resource
import signal
import struct
import sys
from multiprocessing.connection import Connection

import msgspec

from ingest.chunk import Chunk, ChunkResult, Cleaner, Job, Limits, process_chunk
from ingest.errors import StoreError

_PR_SET_PDEATHSIG = 1

NOTE = struct.Struct("<q32s")
"""Index of the page at hand (-1: none yet) and its digest, if read."""


class Failure(msgspec.Struct, frozen=True):
    """Why a chunk has no result, in words; exceptions do not all survive the way. `fatal`: for the run, too."""

    message: str
    fatal: bool = False


def main(pipe_descriptor: int, note_descriptor: int) -> None:
    """Receive a `Job`, answer None when ready, then `ChunkResult` or `Failure` for each chunk received."""
    for number in (signal.SIGINT, signal.SIGTERM):  # they reach the whole group; the parent decides
        signal.signal(number, signal.SIG_IGN)
    _end_with_parent()
    logging.disable()  # what comes of a page is said by its row
    pipe: Connection = Connection(pipe_descriptor)
    try:
        _serve(pipe, note_descriptor)
    except (EOFError, BrokenPipeError, ConnectionResetError):
        os._exit(0)  # the parent is gone, or done


def _end_with_parent() -> None:
    """Have the kernel end this process with its parent, whatever it is doing. Elsewhere it sees the pipe's end."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _serve(pipe: Connection, note_descriptor: int) -> None:
    job: Job = pipe.recv()
    clean = job.load_cleaner()
    gc.collect()
    gc.freeze()  # rules and libraries stay; looking through them again and again cost 5 % of the time
    _limit_memory(job.limits)
    pipe.send(None)

    while True:
        pipe.send(_process(pipe.recv(), job, clean, note_descriptor))


def _process(chunk: Chunk, job: Job, clean: Cleaner, note_descriptor: int) -> ChunkResult | Failure:
    def note(index: int, digest: str) -> None:
        os.pwrite(note_descriptor, NOTE.pack(index, digest.encode()), 0)
        at_page = index < len(chunk)  # the writing of the parts may take what it takes
        _limit_time(job.limits.cpu_seconds * at_page, job.limits.wall_seconds * at_page)

    try:
        return process_chunk(chunk, job, clean, note)
    except StoreError as error:
        return Failure(str(error), fatal=True)
    except MemoryError:
        return Failure(f"MemoryError: a worker may use {job.limits.worker_bytes:,} bytes")
    except Exception as error:
        return Failure(f"{type(error).__name__}: {error}")
    finally:
        _limit_time(0, 0)


def _limit_time(cpu_seconds: float, wall_seconds: float) -> None:
    """Set both clocks anew; 0 stops them. Their signals have no handler and end the process."""
    signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
    signal.setitimer(signal.ITIMER_REAL, wall_seconds)


def _limit_memory(limits: Limits) -> None:
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    soft = limits.worker_bytes if hard == resource.RLIM_INFINITY else min(limits.worker_bytes, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
