"""What a field search gives back, and what its caller may know beforehand."""

from __future__ import annotations

from datetime import datetime
from typing import Generic, Literal, TypeVar

import msgspec

T = TypeVar("T")

Origin = Literal["layout", "json-ld", "meta", "microdata", "page", "text", "url", "rules"]
"""Where a value came from: a site's layout, JSON-LD, a meta tag, microdata, the look of the page (headings,
classes, bylines), the article's text, the address, or a site's rules (fixed values)."""


class Found(msgspec.Struct, Generic[T], frozen=True):
    """A value and its origin. A search that finds nothing gives `None` instead, never an empty value."""

    value: T
    origin: Origin


class Hints(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a page besides its markup.

    `language` is a BCP 47 tag and `timezone` an IANA name, both the site's. `fields` holds the texts that the
    site's layout selectors found, by field: title, deck, authors, published, modified, section, tags.
    """

    url: str | None = None
    fetched_at: datetime | None = None
    publisher: str | None = None
    language: str | None = None
    timezone: str | None = None
    fields: dict[str, tuple[str, ...]] = {}

    def first(self, field: str) -> str | None:
        """The first non-blank text the layout found for a field."""
        return next((text for value in self.fields.get(field, ()) if (text := value.strip())), None)
