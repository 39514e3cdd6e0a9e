"""What a rule, a kind or a site took: texts with their neighbours, and the pages they came from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from markupsafe import Markup

from ingest.views.markup import Links, render
from ingest.views.pieces import Neighbour, Piece, neighbours, pieces_of
from ingest.views.text import clip, page_key

LONGEST = 1_200
"""Characters of a removed text that are shown."""


class Page(NamedTuple):
    """Enough of a row to name its page."""

    key: str
    site: str | None
    title: str | None
    url: str | None
    source: str
    language: str | None = None


class Example(NamedTuple):
    """One text that was taken out."""

    rule: str
    kind: str
    text: str
    before: Neighbour | None
    after: Neighbour | None
    page: Page
    times: int = 1
    """How often the rule took this text."""
    chars: int = 0
    """Length of the whole text, which may be longer than what is shown."""


def page_of(row: Mapping[str, Any]) -> Page:
    """The page of a record or a reject: needs `source` and `source_digest`, takes what else there is."""
    return Page(
        key=page_key(row["source"], row["source_digest"]),
        site=row.get("site"),
        title=row.get("title"),
        url=row.get("url"),
        source=row["source"] or "",
        language=row.get("language"),
    )


def examples_of(row: Mapping[str, Any], wanted: Collection[int] | None = None) -> dict[int, Example]:
    """The removals of a record with their neighbours, by their index in `removals`, in page order.

    Needs `blocks`, `removals`, `source` and `source_digest`. `wanted` are the indices asked for; without it all.
    """
    pieces = pieces_of(row["blocks"], row["removals"])
    page = page_of(row)
    return {
        piece.removal: _example(pieces, number, page)
        for number, piece in enumerate(pieces)
        if piece.removal is not None and (wanted is None or piece.removal in wanted)
    }


def _nothing(_: int) -> Markup | None:
    return None


def show_examples(
    examples: Iterable[Example],
    links: Links | None = None,
    *,
    with_rule: bool = False,
    beside: Callable[[int], Markup | None] = _nothing,
) -> Markup:
    """A list of texts that were taken out; `with_rule` also names rule and kind with each.

    `beside` gives what stands beside each text, such as a form; it is given the text's number in the list.
    """
    return render(
        "examples.html",
        examples=list(examples),
        links=links or Links(),
        with_rule=with_rule,
        beside=beside,
    )


def show_rejects(rows: Sequence[Mapping[str, Any]], links: Links | None = None) -> Markup:
    """A table of rejects: rows of `rejects/` as mappings of their columns."""
    pages = [(page_of(row), row["reason"], row["detail"]) for row in rows]
    return render("rejects.html", rejects=pages, links=links or Links())


def _example(pieces: Sequence[Piece], number: int, page: Page) -> Example:
    piece = pieces[number]
    before, after = neighbours(pieces, number)
    return Example(
        rule=piece.rule or "",
        kind=piece.kind,
        text=clip(piece.text, LONGEST),
        before=before,
        after=after,
        page=page,
        chars=len(piece.text),
    )
