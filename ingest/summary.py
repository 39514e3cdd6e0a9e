"""What a run did: counted while it goes on, kept as one file when it ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from time import monotonic
from typing import Literal

import msgspec

from ingest.chunk import ChunkResult, Job
from ingest.filesystem import Location, locate
from ingest.store import write_file
from ingest.version import VERSION

Status = Literal["done", "interrupted", "failed"]
Command = Literal["run", "refresh", "compact"]

SITES_KEPT = 1000
"""So many sites a summary names; a crawl of the whole web has millions."""

OTHER = "other"


class RunSummary(msgspec.Struct, frozen=True, kw_only=True):
    """What a run did. `read` pages are `records` + all `rejects` + `skipped` (their rows were there before)."""

    run_id: str
    command: Command = "run"
    """What was done to the dataset. Only a `run` brings new pages."""
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
    not_pages: dict[str, int] = {}
    """What archives hold beside pages, by kind; it is not read, and makes no row."""
    sites: dict[str, dict[str, int]] = {}
    """`records` and `rejects` of the largest sites, the most rows first, and of all `other` ones."""
    kept: dict[str, int] = {}
    """Of a `refresh`: rows that stay as they were although they are due, by the reason."""
    moved: dict[str, int] = {}
    """Of a `refresh`: rejects that became `records`, and records that became `rejects`."""
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
    """The counts of a run while it goes on. `not_pages` is counted up by the finding of the sources."""

    def __init__(
        self,
        job: Job,
        max_reject_rate: float | None = None,
        not_pages: Counter[str] | None = None,
        command: Command = "run",
    ) -> None:
        self.job = job
        self.command = command
        self.max_reject_rate = max_reject_rate
        self.clock = monotonic()
        self.skipped = self.records = 0
        self.rejects: Counter[str] = Counter()
        self.removals: Counter[str] = Counter()
        self.flags: Counter[str] = Counter()
        self.not_pages = Counter() if not_pages is None else not_pages
        self.sites = Sites()
        self.kept: Counter[str] = Counter()
        self.moved: Counter[str] = Counter()

    def add(self, result: ChunkResult) -> None:
        self.skipped += result.skipped
        self.records += result.records
        self.rejects += result.rejects
        self.removals += result.removals
        self.flags += result.flags
        self.sites.add(result.sites)

    def summarise(self, status: Status) -> RunSummary:
        return RunSummary(
            run_id=self.job.run_id,
            command=self.command,
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
            not_pages=dict(self.not_pages.most_common()),
            sites=self.sites.largest(SITES_KEPT),
            kept=dict(self.kept.most_common()),
            moved=dict((+self.moved).most_common()),
            max_reject_rate=self.max_reject_rate,
        )


class Sites:
    """Rows by site in bounded memory: a site that was small when the room ran out stays among the others."""

    ROOM = 50_000

    def __init__(self) -> None:
        self.rows: dict[str, Counter[str]] = {}

    def add(self, rows: Counter[tuple[str | None, str]]) -> None:
        for (site, kind), number in rows.items():
            self.rows.setdefault(site or "unknown", Counter())[kind] += number
        if len(self.rows) > self.ROOM:
            self.rows = fold_sites(self.rows, self.ROOM // 2)

    def largest(self, number: int) -> dict[str, dict[str, int]]:
        """`records` and `rejects` by site, the most rows first, those beyond `number` as one."""
        return {
            site: {"records": rows["records"], "rejects": rows["rejects"]}
            for site, rows in fold_sites(self.rows, number).items()
        }


def fold_sites(sites: Mapping[str, Mapping[str, int]], number: int) -> dict[str, Counter[str]]:
    """The largest sites, the most rows first, and all that are left added up as `other`."""
    counted = {site: Counter(rows) for site, rows in sites.items()}
    rest = counted.pop(OTHER, Counter())
    names = sorted(counted, key=lambda site: (-counted[site].total(), site))
    for name in names[number:]:
        rest += counted[name]
    return {name: counted[name] for name in names[:number]} | ({OTHER: rest} if rest else {})


def write_summary(summary: RunSummary, out: Location) -> None:
    """Write `runs/<run_id>.json`, whole or not at all."""
    rates = {"pages_per_second": round(summary.pages_per_second, 1), "reject_rate": summary.reject_rate}
    content = msgspec.json.encode(msgspec.to_builtins(summary) | rates)
    write_file(msgspec.json.format(content) + b"\n", locate(out) / "runs" / f"{summary.run_id}.json")
