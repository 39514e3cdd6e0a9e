"""Folders of scraped news pages in; clean, typed, audited article records in Parquet out.

import ingest

result = ingest.clean(page_bytes, url="https://example.com/story")   # Record | Reject
summary = ingest.run(["scraped/"], out="articles/")                   # RunSummary
dataset = ingest.read("articles/")                                    # pyarrow dataset
"""

from ingest.api import clean, clean_batch
from ingest.errors import IngestError, RuleError, StoreError, UsageError
from ingest.records import Block, Image, RawPage, Record, Reject, Removal
from ingest.rules import Rulebook, load_rules
from ingest.runner import RunSummary, run
from ingest.settings import Settings
from ingest.store import read, read_rejects
from ingest.version import VERSION

__version__ = VERSION

__all__ = [
    "Block",
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
