"""What a scraper wrote down about its pages: a manifest for many, a sidecar for one.

Both give the same facts: `url`, `fetched_at`, `content_type`. A sidecar is a hint and never costs a page: what
cannot be used is left out. A manifest is named by the caller, so a mistake in it is a `UsageError` with file
and line.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from ingest.errors import UsageError

COLUMNS = ("path", "url", "fetched_at", "content_type")
_MISTAKES_SHOWN = 20


class Facts(msgspec.Struct, frozen=True):
    """What is known about a page from outside it. `fetched_at` is in UTC."""

    url: str | None = None
    fetched_at: datetime | None = None
    media_type: str | None = None
    charset: str | None = None


def parse_facts(fields: Mapping[str, Any]) -> Facts | None:
    """Facts from a sidecar's keys; a value of the wrong type or form is left out. None if nothing is left."""
    try:
        fetched_at = parse_time(fields.get("fetched_at"))
    except ValueError:
        fetched_at = None
    media_type, charset = parse_content_type(fields.get("content_type"))
    facts = Facts(_text(fields.get("url")), fetched_at, media_type, charset)
    return None if facts == Facts() else facts


def parse_time(value: object) -> datetime | None:
    """An ISO 8601 date or date-time (UTC if it has no zone) or Unix seconds. Raises `ValueError` for others."""
    if value is None or value == "":
        return None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        try:
            return datetime.fromtimestamp(value, UTC)
        except (OverflowError, OSError) as error:
            raise ValueError(str(error)) from error
    if not isinstance(value, str):
        raise ValueError(f"not a time: {value!r}")
    moment = datetime.fromisoformat(value.strip())
    try:
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError as error:
        raise ValueError(str(error)) from error


def parse_content_type(value: object) -> tuple[str | None, str | None]:
    """Media type and charset of an HTTP header's value: `text/html; charset=utf-8`."""
    if not isinstance(value, str):
        return None, None
    media_type, *parameters = value.split(";")
    settings = {key.strip().lower(): text for key, _, text in (item.partition("=") for item in parameters)}
    charset = settings.get("charset", "").strip(" \t\"'").lower()
    return media_type.strip().lower() or None, charset or None


def read_manifest(manifest: str | os.PathLike[str]) -> Iterator[tuple[str, Facts]]:
    """Path or URI and facts of every line. Relative paths are taken from the manifest's own folder.

    The file is JSON lines if its name ends in `.jsonl`, else CSV with a header. Raises `UsageError` with the
    mistakes, each with file and line, up to twenty of them.
    """
    file = Path(manifest)
    found: dict[str, tuple[int, Facts]] = {}
    mistakes: list[str] = []
    try:
        for number, line in _lines(file):
            try:
                path, facts = _parse_line(line)
                first, known = found.setdefault(path, (number, facts))
                if known != facts:
                    raise ValueError(f"{path!r} stands in line {first} with other values")
            except ValueError as error:
                mistakes.append(f"{file}:{number}: {error}")
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        mistakes.append(f"{file}: cannot be read: {error}")
    if mistakes:
        more = len(mistakes) - _MISTAKES_SHOWN
        raise UsageError("\n".join(mistakes[:_MISTAKES_SHOWN] + [f"and {more} more"] * (more > 0)))
    return ((_place(path, file), facts) for path, (_, facts) in found.items())


def _place(path: str, manifest: Path) -> str:
    return path if "://" in path else os.path.join(manifest.parent, path)  # noqa: PTH118  Path changes "a//b"


def _lines(file: Path) -> Iterator[tuple[int, bytes | Mapping[str, Any]]]:
    if file.suffix.lower() == ".jsonl":
        with file.open("rb") as lines:
            yield from ((number, line) for number, line in enumerate(lines, 1) if line.strip())
    else:
        with file.open(encoding="utf-8-sig", newline="") as text:
            rows = csv.DictReader(text, restkey="(more values than columns)")
            for row in rows:
                yield rows.line_num, row


def _parse_line(line: bytes | Mapping[str, Any]) -> tuple[str, Facts]:
    """Strict where `parse_facts` is not. Raises `ValueError`."""
    fields = _decode_object(line) if isinstance(line, bytes) else line
    unknown = [key for key in fields if key not in COLUMNS]
    if unknown:
        raise ValueError(f"unknown column {unknown[0]!r}; the columns are {', '.join(COLUMNS)}")
    path = _text(fields.get("path"))
    if path is None:
        raise ValueError("no path")
    try:
        fetched_at = parse_time(fields.get("fetched_at"))
    except ValueError as error:
        raise ValueError(f"fetched_at is not an ISO 8601 time: {fields['fetched_at']!r}") from error
    return path, Facts(_text(fields.get("url")), fetched_at, *parse_content_type(fields.get("content_type")))


def _decode_object(line: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(line, type=dict[str, Any])
    except (msgspec.DecodeError, RecursionError) as error:
        raise ValueError(f"not a JSON object: {error}") from error


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
