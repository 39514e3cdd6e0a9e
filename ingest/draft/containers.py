"""Where the article stands: the selector whose elements hold the wanted blocks and little else, on most pages.

candidates   the elements around most of each page's wanted blocks, by every stable name they have
agreement    each candidate as a layout's body, run over every page and compared with what is wanted
layouts      the best one; pages it does not find get one of their own
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import ingest.html as html
from ingest.draft.evidence import MIN_LETTERS, Page
from ingest.draft.selectors import Selector, selectors_of, with_parent
from ingest.extract.generic import OUT_OF_BODY
from ingest.rules.model import When
from ingest.rules.rulebook import CompiledDrop, CompiledLayout
from ingest.words import letters

HOLDS = 0.96
"""The share of the wanted text that the innermost candidate holds: a stray line elsewhere does not widen it."""

CLIMB, DESCENT = 4, 2
GOOD = 0.9
"""Agreement (F1 over the letters of longer blocks) from which on a selector is right for a page."""

MAX_CANDIDATES = 40
MAX_LAYOUTS = 4
MAX_MATCHES = 50
MIN_NEIGHBOURS = 0.5
"""A selector that disagrees with the generic extractor is wrong for the page if it keeps less than this share."""


class Container(NamedTuple):
    """A body selector, its agreement with each page it was tried on (by number), and the pages it is for."""

    css: str
    agreement: dict[int, float]
    pages: tuple[int, ...]


class _Tried(NamedTuple):
    """A selector on every page: `single` counts those with one match, `width` is how many times the wanted text's
    length its elements hold."""

    selector: Selector
    agreement: dict[int, float]
    wrong: frozenset[int]
    single: int
    width: float


_Kept = dict[tuple[int, tuple[int, ...]], Counter[str]]
"""What a page (its number) keeps with a body of these elements: many selectors find the same ones."""


def find_containers(pages: Sequence[Page]) -> list[Container]:
    """The layouts' bodies, the one for most pages first; none where no selector agrees well enough."""
    kept: _Kept = {}
    tried = [_try(selector, pages, kept) for selector in _candidates(pages)]
    found: list[Container] = []
    left = set(range(len(pages)))
    while left and len(found) < MAX_LAYOUTS:
        best = max(tried, key=lambda t: _worth(t, left), default=None)
        if best is None or not (good := _good(best, left)) or len(best.wrong & left) >= len(good):
            break
        matched = tuple(sorted(left & best.agreement.keys()))
        found.append(Container(best.selector.css, best.agreement, matched))
        left -= set(matched)
        tried = [t for t in tried if t is not best]
    return found


def _good(tried: _Tried, among: Iterable[int]) -> list[int]:
    return [n for n in among if tried.agreement.get(n, 0.0) >= GOOD]


def _worth(tried: _Tried, left: set[int]) -> tuple[int, int, int, float, int, int, str]:
    good = _good(tried, left)
    mean = sum(tried.agreement[n] for n in good) / len(good) if good else 0.0
    css, rank = tried.selector
    cost = rank // 2 + (tried.single < len(tried.agreement) / 2)
    right = len(good) - 2 * len(tried.wrong & left)
    return (right, round(50 * mean), -cost, -round(tried.width, 1), -rank, -len(css), css)


# -- candidates ----------------------------------------------------------------------------------------------


def _candidates(pages: Sequence[Page]) -> list[Selector]:
    votes: Counter[str] = Counter()
    ranks: dict[str, int] = {}
    for page in pages:
        own: dict[str, int] = {}
        for element in _around(page):
            node = page.elements[element]
            for selector in selectors_of(node):
                for form in (selector, *with_parent(selector, node)):
                    own.setdefault(form.css, form.rank)
        votes.update(own)
        for css, rank in own.items():
            ranks[css] = min(rank, ranks.get(css, rank))
    order = sorted(votes, key=lambda css: (-votes[css], ranks[css], len(css), css))
    return [Selector(css, ranks[css]) for css in order[:MAX_CANDIDATES]]


def _around(page: Page) -> list[int]:
    """The elements that hold nearly all of the wanted text, and the heaviest inside the innermost of them."""
    held: dict[int, int] = defaultdict(int)
    for piece in page.pieces:
        if piece.wanted:
            for element in page.above(piece.element):
                held[element] += len(piece.key)
    whole = held.get(0, 0)
    if not whole:
        return []
    innermost = max(element for element, size in held.items() if size >= HOLDS * whole)
    chain = [element for element in page.above(innermost) if element][: CLIMB + 1]
    inner = innermost
    for _ in range(DESCENT):
        children = [(held[e], -e) for e in held if page.parents[e] == inner]
        if not children or max(children)[0] < 0.8 * whole:
            break
        inner = -max(children)[1]
        chain.append(inner)
    return chain


# -- agreement -----------------------------------------------------------------------------------------------


def _try(selector: Selector, pages: Sequence[Page], known: _Kept) -> _Tried:
    agreement: dict[int, float] = {}
    wrong: set[int] = set()
    single, width = 0, 0.0
    for number, page in enumerate(pages):
        assert page.opened is not None and page.opened.tree.body is not None
        found = page.opened.tree.body.css(selector.css)
        if not found:
            continue
        single += len(found) == 1
        width += sum(len(node.text()) for node in found[:MAX_MATCHES])
        same = number, tuple(node.mem_id for node in found)
        if same not in known:
            known[same] = kept_with(page, selector.css)
        kept, wanted = known[same], wanted_of(page)
        agreement[number] = agree(kept, wanted)
        if agreement[number] < GOOD and (
            page.certain or sum(kept.values()) < MIN_NEIGHBOURS * sum(wanted.values())
        ):
            wrong.add(number)
    letters_wanted = sum(sum(wanted_of(pages[number]).values()) for number in agreement)
    return _Tried(selector, agreement, frozenset(wrong), single, width / max(letters_wanted, 1))


def wanted_of(page: Page) -> Counter[str]:
    """The blocks that a page's article wants, as letters with their number."""
    return _sizes(piece.key for piece in page.pieces if piece.wanted)


def kept_by_generic(page: Page) -> Counter[str]:
    """The blocks the page keeps without a layout, as letters with their number."""
    article = page.generic
    return _sizes(
        letters(block.text)
        for block, label in zip(article.blocks, article.labels, strict=True)
        if label is None and block.kind not in OUT_OF_BODY
    )


def kept_with(page: Page, css: str, drops: Sequence[CompiledDrop] = ()) -> Counter[str]:
    """The blocks the page keeps with a body selector and drops, as letters with their number."""
    assert page.opened is not None
    layout = CompiledLayout("draft", When(css=css), (css,), {}, tuple(drops))
    chosen = html.choose(page.opened, layout, html.walk_page(page.opened, layout))
    if chosen.method != "rules":
        return Counter()
    return _sizes(
        letters(block.text)
        for block, label in zip(chosen.blocks, chosen.labels, strict=True)
        if label is None and block.kind not in OUT_OF_BODY
    )


def _sizes(keys: Iterable[str]) -> Counter[str]:
    """How many letters of each longer block there are."""
    sizes: Counter[str] = Counter()
    for key in keys:
        if len(key) >= MIN_LETTERS:
            sizes[key] += len(key)
    return sizes


def agree(kept: Counter[str], wanted: Counter[str]) -> float:
    """The F1 of kept and wanted blocks, weighted by their letters."""
    size = sum(kept.values()) + sum(wanted.values())
    return 2 * sum((kept & wanted).values()) / size if size else 0.0
