"""Which columns of a table, or keys of a JSON line, hold the page and what is known about it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime

import msgspec

from ingest.errors import UsageError
from ingest.manifest import Facts, parse_content_type, parse_time


class Fields(msgspec.Struct, frozen=True):
    """Names of columns, each None where the caller gave none. `html` and `text` hold pages of that kind."""

    html: str | None = None
    text: str | None = None
    url: str | None = None
    fetched_at: str | None = None
    content_type: str | None = None
    charset: str | None = None

    def items(self) -> list[tuple[str, str | None]]:
        """Each field with its column."""
        return [(name, getattr(self, name)) for name in self.__struct_fields__]


USUAL = {
    "html": ("html", "raw_html", "html_content", "page_html", "content", "raw_content"),
    "text": ("text", "raw_text", "plain_text"),
    "url": ("url", "page_url", "source_url", "uri", "link"),
    "fetched_at": ("fetched_at", "fetch_time", "crawled_at", "scraped_at", "warc_date", "timestamp"),
    "content_type": ("content_type", "media_type", "mime_type", "content_mime_type"),
    "charset": ("charset", "encoding", "content_charset"),
}
"""Where each field is looked for if the caller names no column for it: the first that is there."""


class NoPageColumnError(Exception):
    """A table without a column of pages, or without one that the caller named; the message is a sentence."""


def parse_fields(text: str) -> dict[str, str]:
    """`html=content,url=link` as a mapping. Raises `UsageError`."""
    names: dict[str, str] = {}
    for pair in text.split(","):
        name, _, column = (part.strip() for part in pair.partition("="))
        if not (name and column) or name in names:
            raise UsageError(f"Cannot use {pair!r} as a field: write NAME=COLUMN, each name once.")
        names[name] = column
    make_fields(names)
    return names


def make_fields(columns: Mapping[str, str]) -> Fields:
    """The columns by field. Raises `UsageError` for a field that is not known."""
    known = Fields.__struct_fields__
    if unknown := [name for name in columns if name not in known]:
        raise UsageError(f"There is no field {unknown[0]!r}; the fields are {', '.join(known)}.")
    return Fields(**columns)


def choose_columns(given: Fields | None, there: Collection[str], table: str) -> Fields:
    """The columns to read: those given, the others by their usual names. Raises `NoPageColumnError`."""
    asked = given or Fields()
    missing = [column for _, column in asked.items() if column and column not in there]
    columns = {
        name: column or next((usual for usual in USUAL[name] if usual in there), None)
        for name, column in asked.items()
    }
    if asked.html or asked.text:  # who says where the pages are means these only
        columns |= {"html": asked.html, "text": asked.text}
    if missing or not (columns["html"] or columns["text"]):
        wrong = f"no column {missing[0]!r}" if missing else "no column that is known to hold pages"
        names = ", ".join(sorted(there)[:50]) or "none"
        raise NoPageColumnError(
            f"{table} has {wrong}; its columns are {names}. Say what is where, as in --fields html=COLUMN."
        )
    return Fields(**columns)


def page_of_row(row: Mapping[str, object], columns: Fields) -> tuple[bytes, Facts]:
    """The page in a row, and what the row says about it. Null is a page of no bytes.

    Raises `ValueError` if what should be the page is no text and no bytes.
    """
    media_type, charset = parse_content_type(_get(row, columns.content_type))
    content = _get(row, columns.html)
    if content is None and columns.text:
        content = _get(row, columns.text)
        media_type = media_type or "text/plain"
    declared = _get(row, columns.charset)
    charset = declared.strip().lower() if isinstance(declared, str) and declared.strip() else charset
    if isinstance(content, str):
        content, charset = content.encode("utf-8", "replace"), "utf-8"
    if not isinstance(content, (bytes, type(None))):
        raise ValueError(f"{columns.html or columns.text!r} holds {type(content).__name__}, not a page")
    url = _get(row, columns.url)
    return content or b"", Facts(
        url.strip() or None if isinstance(url, str) else None,
        _time(_get(row, columns.fetched_at)),
        media_type,
        charset,
    )


def _get(row: Mapping[str, object], column: str | None) -> object:
    return row.get(column) if column else None


def _time(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    try:
        return parse_time(value)
    except ValueError:
        return None
