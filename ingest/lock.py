"""One run at a time: who may write to a dataset."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from ingest.errors import StoreError
from ingest.store import cannot_write, open_output, sweep


@contextmanager
def hold(out: Path) -> Iterator[None]:
    """The output, made if need be, for this run alone; unfinished files are swept before and after."""
    open_output(out)
    lock = FileLock(out / ".lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise StoreError(f"Another run is writing to {out}. Run again when it is done.") from None
    except OSError as error:
        raise cannot_write(out, error) from error
    try:
        sweep(out)
        yield
        sweep(out)
    finally:
        lock.release()
