"""A page function that does next to nothing, for measuring all that is around it.

Workers import it by name, as they import the real one.
"""

from __future__ import annotations

from collections.abc import Callable

from ingest.describe.url import page_id
from ingest.records import Block, RawPage, Record
from ingest.version import VERSION

BODY = "The ferry left at noon. "


def load_idle() -> Callable[[RawPage], Record]:
    return make_row


def make_row(page: RawPage) -> Record:
    """A small record for any page."""
    digest = page.digest or ""
    return Record(
        page_id=page_id(page.source),
        source=page.source,
        source_digest=digest,
        media_type="text/html",
        url=page.url,
        title=digest,
        body=BODY * 4,
        blocks=(Block("paragraph", BODY * 4),),
        method="generic",
        version=VERSION,
    )
