"""What a run says for programs to read: one JSON object a line, on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import msgspec

from ingest.cli.progress import Advance, now_and_then
from ingest.errors import IngestError
from ingest.events import Event, PageFailed, TextKept, WorkerDied
from ingest.summary import RunSummary

WARNINGS = (WorkerDied, PageFailed, TextKept)


class JsonLog:
    """Every line has `time`, `level` and `event`; with `quiet` only errors are written."""

    def __init__(self, *, quiet: bool) -> None:
        self.quiet = quiet

    @contextmanager
    def running(self, count_pages: Callable[[], int | None]) -> Iterator[Advance]:
        """A function to call with each number of pages finished; now and then that makes a line."""
        yield now_and_then(
            lambda pages, rate: self._write(
                "info", {"event": "progress", "pages": pages, "pages_per_second": round(rate, 1)}
            )
        )

    def listen(self, event: Event | RunSummary) -> None:
        fields = msgspec.to_builtins(event)
        if isinstance(event, RunSummary):
            del fields["sites"]  # up to a thousand; they are in the summary's file
            level = "info" if event.status == "done" and not event.too_many_rejects else "error"
            fields = {"event": "run_ended"} | fields | {"too_many_rejects": event.too_many_rejects}
            self._write(level, fields)
        else:
            self._write("warning" if isinstance(event, WARNINGS) else "info", fields)

    def finish(self, summary: RunSummary) -> None:
        """Nothing more: the last event has said all."""

    def interrupted(self) -> None:
        self._write("error", {"event": "interrupted"})

    def fail(self, error: IngestError) -> None:
        self._write("error", {"event": "failed", "message": str(error), "exit_code": error.exit_code})

    def _write(self, level: str, fields: dict[str, Any]) -> None:
        if self.quiet and level != "error":
            return
        line = {"time": datetime.now(UTC), "level": level} | fields
        sys.stderr.write(msgspec.json.encode(line).decode() + "\n")
        sys.stderr.flush()
