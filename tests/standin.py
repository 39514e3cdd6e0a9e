"""A written stand-in for the page's way: obeys what a page says, so that tests can order a crash or a delay.

Workers import this module by name, as they import the real one.
"""

from __future__ import annotations

import ctypes
import os
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime

from ingest.records import Block, RawPage, Record, Reject, Removal
from ingest.sources import digest
from ingest.version import VERSION

FLAGS = {"guard": "guard", "guarded": "guarded:test/all"}
MOMENT = datetime(2024, 5, 1, tzinfo=UTC)


def load_cleaner() -> Callable[[RawPage], Record | Reject]:
    return clean


def fail_to_load() -> Callable[[RawPage], Record | Reject]:
    raise ImportError("as ordered")


def clean(page: RawPage) -> Record | Reject:
    match page.data.split():
        case [b"die", *_]:
            os.kill(os.getpid(), signal.SIGKILL)
        case [b"abort", *_]:
            os.abort()
        case [b"exit", *_]:
            os._exit(3)
        case [b"sleep", *_]:
            time.sleep(60)
        case [b"spin", *_]:
            while True:
                pass
        case [b"slow", *_]:
            time.sleep(0.02)
        case [b"bug", *_]:
            raise KeyError("a bug\ud800")
        case [b"segv", *_]:
            ctypes.string_at(0)
        case [b"gorge", *_]:
            kept = []
            while True:
                kept.append(bytes(2**20))
        case [b"eat", *_]:
            bytes(8 * 1024**3)
        case [b"odd", *_]:
            return make_record(page, words_kept=2**40)
        case []:
            return Reject(
                page_id=digest(page.source.encode()),
                source=page.source,
                source_digest=digest(page.data),
                reason="empty",
                detail="no text",
            )
    return make_record(page)


def make_record(page: RawPage, words_kept: int = 1, site: str | None = None, title: str = "title") -> Record:
    text = page.data[:10_000].decode("utf-8", "replace")
    return Record(
        page_id=digest(page.source.encode()),
        source=page.source,
        source_digest=digest(page.data),
        media_type="text/plain",
        url=page.url,
        site=site,
        title=title,
        authors=("Ada Lind", "Bo Ek"),
        published=page.fetched_at,
        body=text,
        blocks=(Block("paragraph", text),),
        removals=(Removal("test/share", "share", 1, "share this"),),
        words_kept=words_kept,
        origins={"title": "page"},
        flags=tuple(flag for word, flag in FLAGS.items() if text.split(" ")[0] == word),
        method="generic",
        version=VERSION,
    )


def load_for_rules(rulebook: object, settings: object = None) -> Callable[[RawPage], Record | Reject]:
    """In the place of the runner's own, for tests of the command."""
    return clean
