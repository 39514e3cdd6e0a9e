"""Parts of a table replaced by others, so that a reader sees the ones or the others.

On Linux the folder is exchanged as a whole for one prepared beside it, in a single step of the file system. Where that
does not go, as in an object store, the new parts appear first and the old ones are deleted then: a reader between
the two sees rows twice, never none. A note in `OUT/.swap.json` lets the next command finish what was killed there.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

import msgspec
from pyarrow.fs import FileType

from ingest.filesystem import Place
from ingest.store import commit_part, remove, write_file

NOTE = ".swap.json"

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


class Swap(msgspec.Struct, frozen=True):
    """Parts by name: those that go once all new ones are there."""

    table: str
    old: list[str]
    new: list[str]


def swap_parts(out: Place, table: str, old: Sequence[str], staged: Sequence[Place]) -> None:
    """Put the staged parts in the place of the old ones. Raises `StoreError`."""
    swap = Swap(table, [path.rpartition("/")[2] for path in old], [uuid4().hex for _ in staged])
    if out.local and _exchange_folder(out, swap, staged):
        return
    note = write_file(msgspec.json.encode(swap), out / NOTE)
    for place, name in zip(staged, swap.new, strict=True):
        commit_part(place, name)
    for name in swap.old:
        remove(out / table / name)
    remove(note)


def finish_swap(out: Place) -> None:
    """Complete or take back a swap that was killed, and delete what compactions have left."""
    if out.local:
        for left in [*Path(out.path).glob(".compact-*.tmp"), *Path(out.path).glob(".swap-*.tmp")]:
            shutil.rmtree(left, ignore_errors=True)
    note = out / NOTE
    filesystem = note.filesystem
    if filesystem.get_file_info(note.path).type == FileType.NotFound:
        return
    with filesystem.open_input_stream(note.path) as file:
        swap = msgspec.json.decode(file.read(), type=Swap)
    new = [out / swap.table / f"part-{name}.parquet" for name in swap.new]
    old = [out / swap.table / name for name in swap.old]
    there = [part for part in new if filesystem.get_file_info(part.path).type == FileType.File]
    for part in old if len(there) == len(new) else there:
        remove(part)
    remove(note)


def _exchange_folder(out: Place, swap: Swap, staged: Sequence[Place]) -> bool:
    """Whether it could be done in one step. If not, all is as it was."""
    folder, beside = Path(out.path) / swap.table, Path(out.path) / f".swap-{uuid4().hex}.tmp"
    moved: dict[Path, Path] = {}
    done = False
    try:
        beside.mkdir()
        for file in folder.iterdir():
            if file.name not in swap.old and not file.name.startswith("."):
                os.link(file, beside / file.name)
        for place, name in zip(staged, swap.new, strict=True):
            target = beside / f"part-{name}.parquet"
            Path(place.path).rename(target)
            moved[target] = Path(place.path)
        _sync(beside)
        exchange(folder, beside)
        done = True
        _sync(folder.parent)
    except OSError:
        if not done:
            for target, hidden in moved.items():
                target.rename(hidden)
    shutil.rmtree(beside, ignore_errors=True)
    return done


def exchange(one: Path, other: Path) -> None:
    """Exchange the names of two files or folders. Raises `OSError` where the system cannot do that in one step."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        raise OSError(errno.ENOSYS, "no renameat2") from None
    if rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
