"""The pure core for callers in Python: one page, or an Arrow batch of them."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import pyarrow as pa

from ingest.errors import UsageError
from ingest.pipeline import clean_page
from ingest.records import RawPage, Record, Reject
from ingest.rules import Rulebook, load_rules
from ingest.schema import records_table, rejects_table
from ingest.settings import DEFAULT, Settings

CONTENT_COLUMNS = ("content", "html", "data", "body", "text")
"""Names a batch's page column may have, the first that is there."""


def clean(
    page: bytes | str,
    url: str | None = None,
    rules: Rulebook | None = None,
    *,
    source: str = "",
    fetched_at: datetime | None = None,
    media_type: str | None = None,
    charset: str | None = None,
    settings: Settings = DEFAULT,
) -> Record | Reject:
    """The clean article of one page, or a reject that says why there is none. Never raises for a page.

    `page` is the page as fetched; bytes where you have them, so that its charset can be found. `rules` are the
    bundled ones unless given; `source` is any name for the page, kept in the row.

    >>> record = clean("<title>A</title><h1>A</h1><p>The mayor opened the bridge on Monday, at noon.</p>")
    >>> record.body
    'The mayor opened the bridge on Monday, at noon.'
    >>> clean("").reason
    'empty'
    """
    if isinstance(page, str):
        page, charset = page.encode("utf-8", "replace"), "utf-8"
    raw = RawPage(
        data=page, source=source, url=url, fetched_at=fetched_at, media_type=media_type, charset=charset
    )
    return clean_page(raw, rules or _bundled(), settings)


def clean_batch(
    batch: pa.RecordBatch, rules: Rulebook | None = None, settings: Settings = DEFAULT
) -> tuple[pa.RecordBatch, pa.RecordBatch]:
    """The records and the rejects of a batch of pages, in the schemas of the dataset; together one row per page.

    The batch needs a column `content` (or `html`, `data`, `body`, `text`), binary or string; `url`, `source`,
    `fetched_at`, `media_type` and `charset` are used where they are. `run_id` and `ingested_at` stay null.
    Raises `UsageError` for a batch without pages' content.
    """
    names = set(batch.schema.names)
    content = next((name for name in CONTENT_COLUMNS if name in names), None)
    if content is None:
        raise UsageError(f"the batch has no column of pages; call it one of {', '.join(CONTENT_COLUMNS)}")
    rulebook = rules or _bundled()
    columns = {name: batch.column(name).to_pylist() for name in names & {content, *_FACTS}}
    records: list[Record] = []
    rejects: list[Reject] = []
    for row in range(batch.num_rows):
        facts: dict[str, Any] = {name: columns[name][row] for name in _FACTS if name in columns}
        result = clean(columns[content][row] or b"", rules=rulebook, settings=settings, **_known(facts))
        if isinstance(result, Record):
            records.append(result)
        else:
            rejects.append(result)
    return _one_batch(records_table(records, None, None)), _one_batch(rejects_table(rejects, None, None))


_FACTS = ("url", "source", "fetched_at", "media_type", "charset")


def _one_batch(table: pa.Table) -> pa.RecordBatch:
    columns = [column.combine_chunks() for column in table.columns]
    return pa.RecordBatch.from_arrays(columns, schema=table.schema)


def _known(facts: dict[str, Any]) -> dict[str, Any]:
    known = {name: value for name, value in facts.items() if value is not None}
    moment = known.get("fetched_at")
    if isinstance(moment, datetime) and moment.tzinfo is None:
        known["fetched_at"] = moment.replace(tzinfo=UTC)
    elif moment is not None and not isinstance(moment, datetime):
        del known["fetched_at"]
    return known


@lru_cache(maxsize=1)
def _bundled() -> Rulebook:
    return load_rules()
