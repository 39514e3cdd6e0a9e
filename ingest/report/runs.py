"""The runs of a dataset, from `OUT/runs`, and how the last one differs from those before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median
from typing import NamedTuple

import msgspec
from pyarrow.fs import FileSelector

from ingest.filesystem import Location, locate
from ingest.summary import RunSummary

BEFORE = 10
"""How many runs before the last one it is compared with."""


class Change(NamedTuple):
    """One figure of the last run beside the median of those before; null where there is nothing to compare."""

    name: str
    now: float
    before: float | None
    unit: str

    @property
    def ratio(self) -> float | None:
        """By how much it changed: 0.1 is a tenth more."""
        return self.now / self.before - 1 if self.before else None


_FIGURES: tuple[tuple[str, str, Callable[[RunSummary], float]], ...] = (
    ("pages read", "count", lambda run: run.read),
    ("articles", "count", lambda run: run.records),
    ("rejects", "count", lambda run: sum(run.rejects.values())),
    ("reject rate", "share", lambda run: run.reject_rate),
    ("pages a second", "rate", lambda run: run.pages_per_second),
    ("duration", "seconds", lambda run: run.seconds),
)


def read_runs(out: Location) -> tuple[list[RunSummary], list[str]]:
    """The runs that were summed up, the oldest first, and the names of summaries that cannot be read."""
    folder = locate(out) / "runs"
    found, broken = [], []
    for info in folder.filesystem.get_file_info(FileSelector(folder.path, allow_not_found=True)):
        if info.extension != "json" or info.base_name.startswith("."):
            continue
        try:
            with folder.filesystem.open_input_stream(info.path) as file:
                found.append(msgspec.json.decode(file.read(), type=RunSummary))
        except (OSError, ValueError):
            broken.append(info.base_name)
    return sorted(found, key=lambda run: (run.started, run.run_id)), sorted(broken)


def compare(runs: Sequence[RunSummary]) -> list[Change]:
    """The figures of the last run that brought new pages, each beside the median of those before; none without one."""
    brought = [run for run in runs if run.command == "run"]
    if not brought:
        return []
    *before, last = brought
    usual = [run for run in before if run.records or run.rejects][-BEFORE:]
    return [
        Change(name, value(last), median(map(value, usual)) if usual else None, unit)
        for name, unit, value in _FIGURES
    ]
