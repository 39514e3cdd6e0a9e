"""What folders and archives hold beside pages, counted by type."""

from __future__ import annotations

from collections import Counter
from pathlib import PurePosixPath

MOST_TYPES = 200
"""What an archive calls its members is its own affair; the summary stays small."""

FOLDER = "folder"
"""The kind under which the files of folders are counted."""


def count(not_pages: Counter[str], kind: str, what: str) -> None:
    """Count something that is not a page: `warc request`, `folder .jpg`."""
    name = f"{kind} {what}" if what.isprintable() and len(what) <= 60 else f"{kind} other"
    if name not in not_pages and len(not_pages) >= MOST_TYPES:
        name = f"{kind} other"
    not_pages[name] += 1


def count_member(not_pages: Counter[str], kind: str, name: str) -> None:
    """Count a member or file by the suffix of its name."""
    count(not_pages, kind, PurePosixPath(name.partition("?")[0]).suffix.lower() or "without suffix")
