"""One run at a time: who may write to a dataset, and who does.

On this machine a kernel's lock on `OUT/.lock`, which ends with its process; who holds it stands in `.lock.json`
beside it. In an object store a lease on the object `OUT/.lock`: see `lease.py`.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec
from filelock import FileLock, Timeout

from ingest.errors import BusyError, StoreError
from ingest.filesystem import Location, Place
from ingest.store import cannot_write, open_output, sweep

LOCK, DETAILS = ".lock", ".lock.json"


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """A run that writes to a dataset, and since when."""

    run_id: str
    since: datetime
    host: str
    pid: int


class Hold(NamedTuple):
    """A dataset in the hands of this process."""

    out: Place
    holder: Holder
    check: Callable[[], None]
    """To call before anything is made visible. Raises `StoreError` if the output is not this run's any more."""


@contextmanager
def hold(out: Location, wait: float = 0) -> Iterator[Hold]:
    """The output, made if need be, for this process alone; unfinished files are swept before and after.

    Raises `BusyError` if another run holds it and goes on for more than `wait` seconds, `UsageError` for a URI that
    cannot be used, `StoreError` for an output that cannot be written.
    """
    place = open_output(out)
    if place.local:
        lock = _lock_folder
    else:
        from ingest.lease import lease_prefix as lock
    with lock(place, wait) as held:
        sweep(place)
        try:
            yield held
        finally:
            with suppress(StoreError):  # the next run sweeps as well
                held.check()
                sweep(place)


def make_holder() -> Holder:
    """This process, from now on."""
    since = datetime.now(UTC)
    run_id = f"{since:%Y%m%dT%H%M%SZ}-{os.urandom(3).hex()}"
    return Holder(run_id=run_id, since=since, host=platform.node(), pid=os.getpid())


def busy(out: Place, holder: Holder | None) -> BusyError:
    """The error for an output that another run holds."""
    who = "."
    if holder:
        who = f": {holder.run_id}, process {holder.pid} on {holder.host}, since {holder.since:%Y-%m-%d %H:%M:%S} UTC."
    return BusyError(
        f"Another run is writing to {out}{who} Run again when it is done, or wait for it with --wait."
    )


@contextmanager
def _lock_folder(out: Place, wait: float) -> Iterator[Hold]:
    path, details = out / LOCK, out / DETAILS
    lock = FileLock(path.path)
    try:
        lock.acquire(timeout=wait)
    except Timeout:
        raise busy(out, _read_holder(details)) from None
    except OSError as error:
        raise cannot_write(out, error) from error
    try:
        holder = make_holder()
        _write_holder(details, holder)
        inode = os.stat(path).st_ino  # noqa: PTH116

        def check() -> None:
            try:
                kept = os.stat(path).st_ino == inode  # noqa: PTH116
            except OSError:
                kept = False
            if not kept:
                raise StoreError(f"Cannot write to {out}: it was deleted or replaced during the run.")

        yield Hold(out, holder, check)
    finally:
        with suppress(OSError):
            os.unlink(details)  # noqa: PTH108
        lock.release()


def _write_holder(details: Place, holder: Holder) -> None:
    try:
        with open(details, "wb") as file:  # noqa: PTH123
            file.write(msgspec.json.encode(holder))
    except OSError as error:
        raise cannot_write(details.parent, error) from error


def _read_holder(details: Place) -> Holder | None:
    """Who holds the lock, if that can be read: it may have just begun or ended."""
    try:
        with open(details, "rb") as file:  # noqa: PTH123
            return msgspec.json.decode(file.read(), type=Holder)
    except (OSError, msgspec.DecodeError):
        return None
