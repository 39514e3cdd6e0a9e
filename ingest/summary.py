"""What a run did: counted while it goes on, kept as one file when it ends."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Literal

import msgspec

from ingest.chunk import ChunkResult, Job
from ingest.store import cannot_write
from ingest.version import VERSION

Status = Literal["done", "interrupted", "failed"]


class RunSummary(msgspec.Struct, frozen=True, kw_only=True):
    """What a run did. `read` pages are `records` + all `rejects` + `skipped` (their rows were there before)."""

    run_id: str
    version: str
    out: str
    status: Status
    started: datetime
    seconds: float
    read: int
    skipped: int
    records: int
    rejects: dict[str, int]
    """Number of pages by reason."""
    removals: dict[str, int]
    """Number of removed texts by kind."""
    flags: dict[str, int]
    """Number of records by flag, such as the guard's."""
    max_reject_rate: float | None = None

    @property
    def pages_per_second(self) -> float:
        return self.read / self.seconds if self.seconds else 0.0

    @property
    def reject_rate(self) -> float:
        """Rejects among this run's new rows, 0 to 1."""
        refused = sum(self.rejects.values())
        return refused / (self.records + refused) if refused else 0.0

    @property
    def too_many_rejects(self) -> bool:
        return self.max_reject_rate is not None and self.reject_rate > self.max_reject_rate


class Tally:
    """The counts of a run while it goes on."""

    def __init__(self, job: Job, max_reject_rate: float | None) -> None:
        self.job = job
        self.max_reject_rate = max_reject_rate
        self.clock = monotonic()
        self.skipped = self.records = 0
        self.rejects: Counter[str] = Counter()
        self.removals: Counter[str] = Counter()
        self.flags: Counter[str] = Counter()

    def add(self, result: ChunkResult) -> None:
        self.skipped += result.skipped
        self.records += result.records
        self.rejects += result.rejects
        self.removals += result.removals
        self.flags += result.flags

    def summarise(self, status: Status) -> RunSummary:
        return RunSummary(
            run_id=self.job.run_id,
            version=VERSION,
            out=str(self.job.out),
            status=status,
            started=self.job.ingested_at,
            seconds=round(monotonic() - self.clock, 3),
            read=self.skipped + self.records + self.rejects.total(),
            skipped=self.skipped,
            records=self.records,
            rejects=dict(self.rejects.most_common()),
            removals=dict(self.removals.most_common()),
            flags=dict(self.flags.most_common()),
            max_reject_rate=self.max_reject_rate,
        )


def write_summary(summary: RunSummary, out: Path) -> None:
    """Write `runs/<run_id>.json`, whole or not at all."""
    rates = {"pages_per_second": round(summary.pages_per_second, 1), "reject_rate": summary.reject_rate}
    content = msgspec.json.encode(msgspec.to_builtins(summary) | rates)
    target = out / "runs" / f"{summary.run_id}.json"
    hidden = target.with_name(f".{target.name}.tmp")
    try:
        hidden.write_bytes(msgspec.json.format(content) + b"\n")
        hidden.replace(target)
    except OSError as error:
        raise cannot_write(target.parent, error) from error
