"""What a run tells while it goes on: values for logs and counters. Sources and reasons, never the text of a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from ingest.records import Reason


class Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="event"):
    """Something worth a line of a log. `event` in its JSON is what happened."""


class RunStarted(Event, frozen=True, kw_only=True, tag="run_started"):
    run_id: str
    version: str
    out: str
    engine: str


class WorkerDied(Event, frozen=True, kw_only=True, tag="worker_died"):
    """A worker process ended unasked. Its `pages` are tried again, at first without the one it was at."""

    end: str
    pages: int


class PageFailed(Event, frozen=True, kw_only=True, tag="page_failed"):
    """A page ran out of time or crashed; it is a reject."""

    source: str
    reason: Reason


class TextKept(Event, frozen=True, kw_only=True, tag="text_kept"):
    """The guard stopped these rules, which would have taken a page's article."""

    source: str
    rules: tuple[str, ...]


Listener = Callable[[Any], object]
"""Hears each `Event`, and at the end the `RunSummary`. Called in the process that asked for the run."""
