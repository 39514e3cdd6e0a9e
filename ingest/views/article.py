"""The article view: a page as it was scraped, kept and removed, beside the clean article made of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from markupsafe import Markup

from ingest.views.markup import Links, render
from ingest.views.pieces import Piece, pieces_of
from ingest.views.text import clip

FIELDS = (
    *("title", "deck", "authors", "agency", "published", "modified", "section", "tags"),
    *("publisher", "language", "canonical_url", "access"),
)
"""The fields of the table of origins, in order."""

MAX_BLOCKS, MAX_CHARS, MAX_IMAGES = 300, 4_000, 40
"""More blocks of a page, longer blocks, and more pictures are not shown; what is left out is counted in the view."""


class Line(NamedTuple):
    """One block of the page: its pieces, and whether all of it was removed."""

    pieces: tuple[Piece, ...]
    removed: bool

    @property
    def takers(self) -> set[tuple[str | None, str]]:
        """Rules and kinds of the pieces."""
        return {(piece.rule, piece.kind) for piece in self.pieces}


class Field(NamedTuple):
    """A field of the record, the value as text, and where it came from."""

    name: str
    value: str
    origin: str | None


def _nothing(_: Sequence[Piece]) -> Markup | None:
    return None


def show_article(
    record: Mapping[str, Any],
    links: Links | None = None,
    *,
    heading: int = 3,
    beside: Callable[[Sequence[Piece]], Markup | None] = _nothing,
    max_blocks: int = MAX_BLOCKS,
    max_chars: int = MAX_CHARS,
) -> Markup:
    """The view of one record: a row of `records/` as a mapping of its columns.

    Columns needed: `blocks`, `removals`, `images`, `origins`, `flags`, the `FIELDS`, the columns of words,
    `method`, `layout`, `media_type`, `site`, `source`, `url`, `published_raw`, `published_has_time`,
    `published_has_zone`, `truncated`. `heading` is the level of the headline; those below follow.
    `beside` gives what stands beside each block of the page, such as a form; it is given the block's pieces.
    """
    lines = lines_of(pieces_of(record["blocks"], record["removals"]))
    origins = dict(record["origins"])
    return render(
        "article.html",
        record=record,
        links=links or Links(),
        heading=heading,
        beside=beside,
        lines=[_shorten(line, max_chars) for line in lines[:max_blocks]],
        lines_left=max(0, len(lines) - max_blocks),
        blocks=[
            dict(block) | {"text": clip(block["text"], max_chars)} for block in record["blocks"][:max_blocks]
        ],
        blocks_left=max(0, len(record["blocks"]) - max_blocks),
        images=record["images"][:MAX_IMAGES],
        images_left=max(0, len(record["images"]) - MAX_IMAGES),
        container=origins.get("body"),
        fields=[Field(name, _say(record, name), origins.get(name)) for name in FIELDS if _say(record, name)],
    )


def lines_of(pieces: list[Piece]) -> list[Line]:
    """The pieces by blocks of the page."""
    groups = (tuple(group) for _, group in groupby(pieces, key=lambda piece: piece.place))
    return [Line(group, all(piece.rule is not None for piece in group)) for group in groups]


def _shorten(line: Line, length: int) -> Line:
    return Line(tuple(piece._replace(text=clip(piece.text, length)) for piece in line.pieces), line.removed)


def _say(record: Mapping[str, Any], name: str) -> str:
    """A field's value as text; empty if there is none."""
    value = record[name]
    if name in ("published", "modified") and value is not None:
        with_time = name == "modified" or record["published_has_time"]
        shown = f"{value:%Y-%m-%d %H:%M} UTC" if with_time else f"{value:%Y-%m-%d}"
        raw = record["published_raw"] if name == "published" else None
        return f"{shown} (“{raw}”)" if raw else shown
    return ", ".join(value) if isinstance(value, list | tuple) else value or ""
