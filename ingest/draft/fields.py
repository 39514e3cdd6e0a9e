"""Field selectors: those that say, on page after page, what the field searches find without them.

Each candidate is tried the way the pipeline would use it: as the layout's hint to the field's own search.

A selector goes before all that a page states, on the pages to come as well. So a title's is proposed only where
og:title has been seen to say something else, or is not there: where both always say the same, which one to believe
on the page where they differ is better left to the search, which looks at all that this page states.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from selectolax.lexbor import LexborNode

from ingest.describe.authors import find_authors
from ingest.describe.deck import find_deck
from ingest.describe.found import Hints
from ingest.describe.published import find_modified, find_published
from ingest.describe.section import find_section
from ingest.describe.tags import find_tags
from ingest.describe.title import find_title
from ingest.draft.evidence import Page
from ingest.draft.selectors import Selector, selectors_of, with_parent
from ingest.html import hints_of
from ingest.rules.model import Pick, When
from ingest.rules.rulebook import CompiledLayout
from ingest.structured import plain
from ingest.words import letters

MIN_AGREEING = 2
"""Pages on which a selector must say the same: agreement on one may be chance."""

MIN_CONSTANT = 3
"""What so many pages all state is the site's, and found without a selector."""

MAX_CANDIDATES = 8
MAX_NODES = 4_000
MAX_VALUE_CHARS = 1_000
MAX_MATCHES = 12
DATE_ATTRIBUTES = ("datetime", "content")
FIELDS: dict[str, Callable[..., Any]] = {
    "title": find_title,
    "deck": find_deck,
    "authors": find_authors,
    "published": find_published,
    "modified": find_modified,
    "section": find_section,
    "tags": find_tags,
}


class FieldFinding(NamedTuple):
    """A field's place and its evidence: on how many of the pages that state the field it says the same."""

    field: str
    css: str
    attr: str | None
    agreeing: int
    stating: int


def find_fields(pages: Sequence[Page]) -> list[FieldFinding]:
    """The selectors that agree wherever they find anything, one a field at most, in the order of `FIELDS`."""
    found = []
    indexes = [_index(page) for page in pages]
    for field, search in FIELDS.items():
        expected = [_value(field, search, page, _hints(page, field)) for page in pages]
        stating = sum(value is not None for value in expected)
        if not stating or (field == "title" and not any(map(_differs, pages, expected))):
            continue
        if stating >= MIN_CONSTANT and len(set(expected) - {None}) == 1:
            continue  # the site's name in a menu says the same
        best: tuple[tuple[int, int, int, str], FieldFinding] | None = None
        for css, attr, rank in _candidates(field, pages, expected, indexes):
            agreeing = _agreeing(field, search, Pick(css=css, attr=attr), pages, expected)
            if agreeing * 2 < stating or agreeing < MIN_AGREEING:
                continue
            key = (agreeing, -rank, -len(css), css)
            if best is None or key > best[0]:
                best = key, FieldFinding(field, css, attr, agreeing, stating)
        if best:
            found.append(best[1])
    return found


def _value(field: str, search: Callable[..., Any], page: Page, hints: Hints) -> Any:
    """What a field's search gives, in a form that compares; with a selector's values, what it makes of these."""
    assert page.opened is not None
    result = search(page.opened.tree, page.opened.structured, hints)
    if result is None or (field in hints.fields and result.origin != "layout"):
        return None
    if field in ("published", "modified"):
        return result.value.utc
    value = result.value
    return frozenset(map(letters, value)) if isinstance(value, tuple) else letters(value)


def _hints(page: Page, field: str, *picks: Pick) -> Hints:
    assert page.opened is not None
    layout = CompiledLayout("draft", When(), (), {field: picks} if picks else {}, ())
    return hints_of(page.opened, page.raw, layout)


def _agreeing(
    field: str, search: Callable[..., Any], pick: Pick, pages: Sequence[Page], expected: Sequence[Any]
) -> int:
    """On how many pages the place says what is expected; -1 if it says anything else on any page."""
    agreeing = 0
    for page, value in zip(pages, expected, strict=True):
        hints = _hints(page, field, pick)
        values = hints.fields.get(field, ())
        if not values:
            continue
        if len(values) > (MAX_MATCHES if field in ("authors", "tags") else 1):
            return -1
        if value is None or _value(field, search, page, hints) != value:
            return -1
        agreeing += 1
    return agreeing


def _differs(page: Page, title: str | None) -> bool:
    """Whether a page has no og:title that is its title, or begins with it."""
    assert page.opened is not None
    shared = next(iter(page.opened.structured.meta.get("og:title", ())), None)
    return title is not None and not letters(plain(shared)).startswith(title)


# -- candidates ----------------------------------------------------------------------------------------------


def _index(page: Page) -> tuple[dict[str, list[LexborNode]], list[LexborNode]]:
    """The elements that hold little, by the letters of their text, and those with a machine-readable date."""
    assert page.opened is not None and page.opened.tree.body is not None
    by_text: dict[str, list[LexborNode]] = {}
    body = page.opened.tree.body
    for node in body.css("h1,h2,h3,p,a,span,div,li,address,strong,em,time,[itemprop],[rel]")[:MAX_NODES]:
        text = node.text()
        if len(text) <= MAX_VALUE_CHARS and (key := letters(text)):
            by_text.setdefault(key, []).append(node)
    dated = body.css("time[datetime],[itemprop][datetime],[itemprop][content]")[:50]
    return by_text, dated


def _candidates(
    field: str,
    pages: Sequence[Page],
    expected: Sequence[Any],
    indexes: Sequence[tuple[dict[str, list[LexborNode]], list[LexborNode]]],
) -> list[tuple[str, str | None, int]]:
    votes: Counter[tuple[str, str | None]] = Counter()
    ranks: dict[tuple[str, str | None], int] = {}
    for value, (by_text, dated) in zip(expected, indexes, strict=True):
        if value is None:
            continue
        own: set[tuple[str, str | None]] = set()
        for node, attr in _nodes(field, value, by_text, dated):
            for selector in _forms(node, attr):
                key = selector.css, attr
                own.add(key)
                ranks[key] = min(selector.rank, ranks.get(key, 9))
        votes.update(own)
    order = sorted(votes, key=lambda key: (-votes[key], ranks[key], len(key[0]), key[0]))
    return [(css, attr, ranks[css, attr]) for css, attr in order[:MAX_CANDIDATES]]


def _nodes(
    field: str, value: Any, by_text: dict[str, list[LexborNode]], dated: list[LexborNode]
) -> Iterator[tuple[LexborNode, str | None]]:
    if field in ("published", "modified"):
        for node in dated:
            for attr in DATE_ATTRIBUTES:
                if node.attributes.get(attr):
                    yield node, attr
        return
    for key in sorted(value) if isinstance(value, frozenset) else [value]:
        for node in by_text.get(key, ())[:6]:
            yield node, None


def _forms(node: LexborNode, attr: str | None) -> Iterator[Selector]:
    for selector in selectors_of(node):
        if selector.rank < 6:
            yield selector
        yield from with_parent(selector, node)
    if node.tag in ("a", "h2", "p", "span"):
        yield from (s for s in with_parent(Selector(node.tag, 4), node, levels=2))
