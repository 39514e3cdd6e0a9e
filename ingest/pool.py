"""The local engine: chunks spread over worker processes that may die.

Each worker has its own pipe, so one that dies takes nothing with it but its chunk. That chunk is split at the
page it died on; a page that stops its worker again when it is alone becomes a reject. One death is no verdict,
since a worker can also be killed from outside.

Workers are plain child interpreters, not `multiprocessing` ones: those run the caller's main script again, and
would need every script that calls `ingest.run` to be written for it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Generator, Iterator
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import wait
from typing import IO, Any, NamedTuple

from ingest.chunk import Chunk, ChunkResult, Job, process_chunk, stage_reject
from ingest.errors import IngestError, StoreError
from ingest.events import WorkerDied
from ingest.records import Reason
from ingest.sources import close_container
from ingest.worker import NOTE, Failure

STARTS_TRIED = 6
"""So many workers in a row may die before they are ready; some may have been killed from outside."""

_START = (
    "import sys; sys.path[:] = sys.argv[3:]; from ingest.worker import main; main(*map(int, sys.argv[1:3]))"
)


def run_here(chunks: Iterator[Chunk], job: Job) -> Generator[ChunkResult, None, None]:
    """Results of the chunks, made in this process: nothing shields it from a page that hangs or crashes."""
    clean = job.load_cleaner()
    try:
        for chunk in chunks:
            yield process_chunk(chunk, job, clean)
    finally:
        close_container()


def run_pool(chunks: Iterator[Chunk], job: Job, jobs: int) -> Generator[ChunkResult, None, None]:
    """Results of the chunks as they get ready, from up to `jobs` workers. Takes a chunk when a worker is free.

    Raises `StoreError` if a worker cannot write, `IngestError` if workers do not start.
    """
    pool = Pool(job, jobs)
    try:
        yield from pool.run(chunks)
    finally:
        pool.stop()


class _Piece(NamedTuple):
    """A chunk or a part of one. `suspect`: it is one page, and a worker has stopped at it before."""

    chunk: Chunk
    suspect: bool = False


class Pool:
    """The workers, and the pieces that have to be tried again."""

    def __init__(self, job: Job, jobs: int) -> None:
        self.job = job
        self.jobs = jobs
        self.failed_starts = 0
        self.again: deque[_Piece] = deque()
        self.idle: list[_Worker] = []
        self.busy: dict[Any, _Worker] = {}

    def run(self, chunks: Iterator[Chunk]) -> Iterator[ChunkResult]:
        """Results of the chunks, as `run_pool` gives them; the workers stay for the next call."""
        while self.feed(chunks):
            yield from self.collect()

    def feed(self, chunks: Iterator[Chunk]) -> bool:
        """Give every free worker a piece. False when all work is done."""
        while len(self.busy) < self.jobs and (piece := self._next_piece(chunks)):
            worker = self.idle.pop() if self.idle else _Worker(self.job)
            worker.give(piece)
            self.busy[worker.pipe] = worker
        return bool(self.busy)

    def collect(self) -> Iterator[ChunkResult]:
        """Wait for an answer, and give what came of the pieces that are done."""
        for pipe in wait(list(self.busy)):
            worker = self.busy[pipe]
            answer = worker.answer()
            if answer is None:
                self.failed_starts = 0
                continue
            del self.busy[pipe]
            if isinstance(answer, ChunkResult):
                self.idle.append(worker)
                yield answer
                continue
            # a worker that failed is not used again: what filled its memory may still be there
            if isinstance(answer, int):
                died = WorkerDied(end=_name_exit(answer), pages=len(worker.piece.chunk))
                yield ChunkResult(events=(died,))
            try:
                if not worker.ready:
                    self._retry_start(worker)
                elif worker.piece.suspect:
                    yield worker.condemn(answer)
                else:
                    self.again.extend(worker.split())
            finally:
                worker.stop()

    def stop(self) -> None:
        for worker in (*self.idle, *self.busy.values()):
            worker.stop()

    def _next_piece(self, chunks: Iterator[Chunk]) -> _Piece | None:
        if self.again:
            return self.again.popleft()
        chunk = next(chunks, None)
        return _Piece(chunk) if chunk else None

    def _retry_start(self, worker: _Worker) -> None:
        self.failed_starts += 1
        if self.failed_starts == STARTS_TRIED:
            end = _name_exit(worker.process.returncode)
            raise IngestError(f"Worker processes do not start; the last one ended with {end}.")
        self.again.append(worker.piece)


class _Worker:
    """A child process, the piece it has, and the note of the page it is at."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.piece = _Piece(())
        self.ready = False
        self.pipe, other = Pipe()
        self.note = _open_note()
        descriptors = (other.fileno(), self.note.fileno())
        command = [sys.executable, "-c", _START, *map(str, descriptors), *sys.path]
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(command, pass_fds=descriptors, stdin=quiet, stdout=quiet)
        other.close()
        self._send(job)

    def give(self, piece: _Piece) -> None:
        self.piece = piece
        os.pwrite(self.note.fileno(), NOTE.pack(-1, b""), 0)
        self._send(piece.chunk)

    def answer(self) -> ChunkResult | Failure | int | None:
        """What came of the piece, or the code the worker ended with; None is the word that it is ready."""
        try:
            answer: ChunkResult | Failure | None = self.pipe.recv()
        except (EOFError, OSError):
            return self._end()
        self.ready = True
        if isinstance(answer, Failure) and answer.fatal:
            raise StoreError(answer.message)
        return answer

    def split(self) -> list[_Piece]:
        """The piece around the page where it stopped, or in halves where the note names none."""
        chunk = self.piece.chunk
        at, _ = self._read_note()
        if 0 <= at < len(chunk):
            pieces = [_Piece(chunk[:at]), _Piece(chunk[at : at + 1], suspect=True), _Piece(chunk[at + 1 :])]
        else:
            half = len(chunk) // 2
            pieces = [_Piece(chunk[:half]), _Piece(chunk[half:], suspect=len(chunk) == 1)]
        return [piece for piece in pieces if piece.chunk]

    def condemn(self, answer: Failure | int) -> ChunkResult:
        """The reject for a page that stopped the worker again."""
        _, digest = self._read_note()
        reason, detail = _verdict(answer, self.job)
        return stage_reject(self.piece.chunk[0], reason, detail, digest or None, self.job)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        self.pipe.close()
        self.note.close()

    def _end(self) -> int:
        self.pipe.close()
        return self.process.wait()

    def _read_note(self) -> tuple[int, str]:
        index, digest = NOTE.unpack(os.pread(self.note.fileno(), NOTE.size, 0))
        return index, digest.rstrip(b"\0").decode()

    def _send(self, value: Any) -> None:
        with suppress(OSError):  # the worker has died: its answer will tell
            self.pipe.send(value)


def _open_note() -> IO[bytes]:
    """A file without a name; in memory where the system has that, since a container may have no folder to write to."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("ingest-note"), "w+b")
    return tempfile.TemporaryFile()


def _verdict(answer: Failure | int, job: Job) -> tuple[Reason, str]:
    if isinstance(answer, Failure):
        return "crashed", answer.message
    if answer == -signal.SIGPROF:
        return "timeout", f"more than {job.limits.cpu_seconds:g} s of CPU time"
    if answer == -signal.SIGALRM:
        return "timeout", f"more than {job.limits.wall_seconds:g} s"
    return "crashed", f"the worker process ended with {_name_exit(answer)}"


def _name_exit(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"
