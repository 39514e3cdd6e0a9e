"""Asking the review's application without a network, and rows for it to show."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

import msgspec

from ingest.records import Block, Record, Reject, Removal
from ingest.schema import records_table, rejects_table
from ingest.store import open_output, write_part

PORT = 8765
HOST = f"127.0.0.1:{PORT}"
MOMENT = datetime(2024, 5, 1, tzinfo=UTC)


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: dict[str, str]
    text: str


def ask(
    app: Any,
    address: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | Iterable[tuple[str, str]] = (),
    body: bytes = b"",
    host: str | None = HOST,
) -> Answer:
    """The application's answer to one request."""
    given = list(headers.items()) if isinstance(headers, Mapping) else list(headers)
    if host is not None:
        given.append(("host", host))
    path, _, query = address.partition("?")
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode()) for name, value in given],
        "scheme": "http",
        "root_path": "",
        "server": ("127.0.0.1", PORT),
        "client": ("127.0.0.1", 1),
    }
    sent: list[dict[str, Any]] = []

    async def run() -> None:
        asked = iter([{"type": "http.request", "body": body, "more_body": False}])
        done = asyncio.Event()

        async def receive() -> dict[str, Any]:
            message = next(asked, None)
            if message is None:
                await done.wait()
                return {"type": "http.disconnect"}
            return message

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await app(scope, receive, send)

    asyncio.run(run())
    start = next(message for message in sent if message["type"] == "http.response.start")
    text = b"".join(message.get("body", b"") for message in sent[1:]).decode()
    return Answer(start["status"], {k.decode().lower(): v.decode() for k, v in start["headers"]}, text)


def make_record(number: int, **changes: Any) -> Record:
    """A small record; every number is a page of its own."""
    record = Record(
        page_id=f"{number:032x}",
        source=f"/pages/{number}.html",
        source_digest=f"{number:032x}"[::-1],
        media_type="text/html",
        url=f"https://valley.example/{number}",
        site="valley.example",
        language="en",
        title=f"Story {number}",
        published=MOMENT,
        published_has_time=True,
        published_has_zone=True,
        body=f"The ferry number {number} left the old pier.",
        blocks=(Block("paragraph", f"The ferry number {number} left the old pier.", place=1),),
        removals=(
            Removal("valley.example/title", "title", 0, f"Story {number}"),
            Removal("share-bar/share", "share", 2, "Share this story"),
        ),
        words_kept=8,
        words_removed=5,
        method="rules",
        rules_digest="0" * 32,
        version="0",
    )
    return msgspec.structs.replace(record, **changes)


def make_reject(number: int, **changes: Any) -> Reject:
    reject = Reject(
        page_id=f"{number:032x}",
        source=f"/pages/refused-{number}.html",
        source_digest=f"{number:032x}",
        site="valley.example",
        reason="empty",
        detail="The page holds no bytes.",
    )
    return msgspec.structs.replace(reject, **changes)


def write_rows(out: Path, name: str, records: Iterable[Record] = (), rejects: Iterable[Reject] = ()) -> Path:
    """Write rows as parts of that name; an empty iterable writes none."""
    open_output(out)
    if rows := list(records):
        write_part(records_table(rows, "run-1", MOMENT), out / "records", name)
    if refused := list(rejects):
        write_part(rejects_table(refused, "run-1", MOMENT), out / "rejects", name)
    return out
