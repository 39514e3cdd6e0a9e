"""The values that travel through the pipeline, named by their moment: page, block, removal, record.

All are frozen. Everything here can be compared, hashed by its fields' content, and turned into JSON.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal, get_args

import msgspec

Kind = Literal[
    "plea",
    "cookie",
    "caption",
    "credit",
    "promo",
    "share",
    "newsletter",
    "related",
    "byline",
    "date",
    "furniture",
    "nav",
    "comments",
    "ad",
    "legal",
    "title",
    "deck",
]
"""What a removed text is. `title` and `deck` move into their fields, `caption` and `credit` into `images`."""

KINDS: tuple[str, ...] = get_args(Kind)

BlockKind = Literal[
    "paragraph",
    "heading",
    "item",
    "quote",
    "preformatted",
    "cell",
    "question",
    "pullquote",
    "post",
    "infobox",
    "caption",
    "credit",
]
"""What a kept text is. `cell` blocks hold one table row each, cells separated by ` | `."""

Reason = Literal[
    "empty",
    "not_text",
    "undecodable",
    "too_large",
    "too_deep",
    "no_article",
    "not_an_article",
    "timeout",
    "crashed",
    "unreadable",
    "duplicate",
    "superseded",
]
"""Why a page became a reject; it names what is wrong with the page."""

REASONS: tuple[str, ...] = get_args(Reason)

RULED = ("no_article", "not_an_article")
"""Reasons that other rules might not have given."""

Method = Literal["rules", "structured", "generic"]
Access = Literal["open", "metered", "gated"]


class RawPage(msgspec.Struct, frozen=True, kw_only=True):
    """The bytes of one page and where they came from.

    `media_type` and `charset` are what the source declared (HTTP header, sidecar), not what was found. `digest` is
    that of `data` when the reader has it already.
    """

    data: bytes
    source: str = ""
    url: str | None = None
    fetched_at: datetime | None = None
    media_type: str | None = None
    charset: str | None = None
    digest: str | None = None


class Block(msgspec.Struct, frozen=True):
    """One kept piece of the article. `level` is 1-6 for headings, the nesting depth (from 1) for items, else 0.

    `place` is the number of the page's block it came from, counted from 0 over all blocks of the scope, kept
    or removed; for a paragraph joined from several blocks it is the first one's.
    """

    kind: BlockKind
    text: str
    level: int = 0
    place: int = 0


class Image(msgspec.Struct, frozen=True, kw_only=True):
    """A picture of the article. Text pages have captions and credits without a `url`."""

    url: str | None = None
    alt: str | None = None
    caption: str | None = None
    credit: str | None = None


class Removal(msgspec.Struct, frozen=True):
    """One text taken out of the article's scope, by which rule, and where it stood.

    `rule` is `<site or pack>/<id>`; `block` is the number of the page's block in the scope (as `Block.place`);
    `start` is where in that block's text the removed text begins, in characters.
    """

    rule: str
    kind: Kind
    block: int
    text: str
    start: int = 0


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A clean article; the columns of `records/`. Absent is `None` (or an empty tuple), never an empty string."""

    page_id: str
    source: str
    source_digest: str
    media_type: str
    url: str | None = None
    canonical_url: str | None = None
    site: str | None = None
    publisher: str | None = None
    language: str | None = None
    title: str | None = None
    deck: str | None = None
    authors: tuple[str, ...] = ()
    agency: str | None = None
    published: datetime | None = None
    published_day: date | None = None
    published_raw: str | None = None
    published_has_time: bool | None = None
    published_has_zone: bool | None = None
    modified: datetime | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    access: Access | None = None
    truncated: bool = False
    body: str
    blocks: tuple[Block, ...] = ()
    images: tuple[Image, ...] = ()
    removals: tuple[Removal, ...] = ()
    words_kept: int = 0
    words_removed: int = 0
    words_outside: int = 0
    method: Method
    layout: str | None = None
    origins: dict[str, str] = {}
    flags: tuple[str, ...] = ()
    rules_digest: str = ""
    version: str = ""


class Reject(msgspec.Struct, frozen=True, kw_only=True):
    """A page that gave no article, with its reason; the columns of `rejects/`."""

    page_id: str
    source: str
    source_digest: str | None = None
    media_type: str | None = None
    url: str | None = None
    site: str | None = None
    reason: Reason
    detail: str
    rules_digest: str | None = None
    version: str = ""
