"""Folders of scraped news pages in; clean, typed, audited article records in Parquet out.

import ingest

result = ingest.clean(page_bytes, url="https://example.com/story")   # Record | Reject
summary = ingest.run(["scraped/"], out="articles/")                   # RunSummary
dataset = ingest.read("articles/")                                    # pyarrow dataset
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ingest.version import VERSION

if TYPE_CHECKING:
    from ingest.api import clean, clean_batch
    from ingest.errors import BusyError, IngestError, RuleError, StoreError, UsageError
    from ingest.records import Block, Image, RawPage, Record, Reject, Removal
    from ingest.rules import Rulebook, load_rules
    from ingest.runner import run
    from ingest.settings import Settings
    from ingest.store import read, read_rejects
    from ingest.summary import RunSummary

__version__ = VERSION

__all__ = [
    "Block",
    "BusyError",
    "Image",
    "IngestError",
    "RawPage",
    "Record",
    "Reject",
    "Removal",
    "RuleError",
    "Rulebook",
    "RunSummary",
    "Settings",
    "StoreError",
    "UsageError",
    "__version__",
    "clean",
    "clean_batch",
    "load_rules",
    "read",
    "read_rejects",
    "run",
]

_HOMES = {
    "api": ("clean", "clean_batch"),
    "errors": ("BusyError", "IngestError", "RuleError", "StoreError", "UsageError"),
    "records": ("Block", "Image", "RawPage", "Record", "Reject", "Removal"),
    "rules": ("Rulebook", "load_rules"),
    "runner": ("run",),
    "settings": ("Settings",),
    "store": ("read", "read_rejects"),
    "summary": ("RunSummary",),
}


def __getattr__(name: str) -> Any:
    # the extractors and Arrow take a second to import; a name brings in only what it needs
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"ingest.{home}"), name)
    raise AttributeError(f"module 'ingest' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
