"""MHTML, a page that a browser saved with its pictures in one file (RFC 2557): the HTML in it."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from email.utils import parsedate_to_datetime

from ingest.manifest import Facts, parse_content_type

_PAGE = ("text/html", "application/xhtml+xml")


def unwrap(data: bytes) -> tuple[bytes, Facts]:
    """The page, and what is written down about it: its address, when it was saved, its media type and charset.

    Bytes that are no message are given as they are: a page that only has the name. Raises `ValueError` for a message
    without a page.
    """
    try:
        message = message_from_bytes(data)
    except RecursionError as error:
        raise ValueError("the MHTML is nested too deep") from error
    if "Content-Type" not in message:
        return data, Facts()
    page = next((part for part in message.walk() if part.get_content_type() in _PAGE), None)
    if page is None:
        raise ValueError("the MHTML holds no part that is HTML")
    media_type, charset = parse_content_type(page["Content-Type"])
    content = page.get_payload(decode=True)
    assert isinstance(content, bytes)  # a part that is no multipart
    return content, Facts(_address(message, page), _saved(message), media_type, charset)


def _address(message: Message, page: Message) -> str | None:
    """Chrome names it for the whole file, others for the part alone."""
    stated = (
        message["Snapshot-Content-Location"],
        page["Content-Location"],
        message["Content-Location"],
    )
    addresses = (str(address or "").strip() for address in stated)
    return next((address for address in addresses if address.startswith(("http://", "https://"))), None)


def _saved(message: Message) -> datetime | None:
    with suppress(ValueError, TypeError, OverflowError):
        moment = parsedate_to_datetime(message["Date"])
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None
