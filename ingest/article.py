"""The article as it stands between reading and writing: blocks with verdicts, and the facts of the page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, NamedTuple

import msgspec

from ingest.blocks import Link, RawBlock
from ingest.decode import Refusal
from ingest.labels import Cut, Label
from ingest.records import Access, Image, Method


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """The described fields of a page and where each came from (`origins`); the record's columns of these names."""

    canonical_url: str | None = None
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
    origins: dict[str, str] = {}

    def columns(self) -> dict[str, Any]:
        """The fields by column name."""
        return {name: getattr(self, name) for name in self.__struct_fields__}

    def with_origin(self, field: str, origin: str) -> Facts:
        """The same facts with one more origin."""
        return msgspec.structs.replace(self, origins={**self.origins, field: origin})


class Article(NamedTuple):
    """A page's scope, block by block: `labels` and `cuts` say what is to be taken out of `blocks`."""

    media_type: str
    url: str | None
    site: str | None
    blocks: list[RawBlock]
    labels: list[Label | None]
    cuts: list[tuple[Cut, ...]]
    images: tuple[Image, ...]
    words_outside: int
    method: Method
    layout: str | None
    flags: tuple[str, ...]
    rules_digest: str
    facts: Facts
    links: Mapping[int, list[Link]] = MappingProxyType({})
    """Where links stand in the blocks, by place; empty unless asked for."""


class NoArticle(NamedTuple):
    """A page that is no article, with what was known of it."""

    refusal: Refusal
    url: str | None
    site: str | None
