"""Where pages come from: files, folders, archives, tables and object stores; their bytes, never more than the limit.

    find_sources   in the run's own process: one small `Source` a page, streamed
    read_source    in any worker: a `Source` -> the page's bytes, or why not

A page that is a file has its path or URI as identity, a page in an archive `<archive>!<member>`. What is known about
a page (url, fetch time, media type) comes from a manifest, else from the archive itself or a sidecar beside the page.
"""

from ingest.digest import digest
from ingest.sources.find import count_sources, find_source, find_sources
from ingest.sources.read import approach, close_container, read_source
from ingest.sources.source import MAX_BYTES, SUFFIXES, Source, refuse

__all__ = [
    "MAX_BYTES",
    "SUFFIXES",
    "Source",
    "approach",
    "close_container",
    "count_sources",
    "digest",
    "find_source",
    "find_sources",
    "read_source",
    "refuse",
]
