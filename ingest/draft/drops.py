"""Elements inside the container that are furniture: drop rules, each with a kind its class tells."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from ingest.draft.evidence import Page
from ingest.draft.selectors import Selector, selectors_of
from ingest.records import Kind
from ingest.vocabulary import NAMES, VOCABULARY, judge

MAX_DROPS = 8
MIN_PAGES = 2
_KINDS: dict[str, Kind] = {"figcaption": "caption", "nav": "nav", "footer": "furniture"}
_NEVER = frozenset(("main", "article", "h1", "time", "aside", '[itemprop="articleBody"]'))


class DropFinding(NamedTuple):
    """A drop and its evidence: how many pages have it, an example of its wording, words it alone takes."""

    css: str
    kind: Kind
    pages: int
    example: str
    words: int


class _Seen(NamedTuple):
    pages: set[int]
    examples: Counter[str]
    words: list[int]


def find_drops(pages: Sequence[tuple[int, Page]], css: str) -> list[DropFinding]:
    """The drops for pages (each with its number) whose body is at `css`, those that take most first."""
    seen: dict[str, _Seen] = defaultdict(lambda: _Seen(set(), Counter(), []))
    ranks: dict[str, int] = {}
    spoiled: set[str] = set()
    for number, page in pages:
        for element, inside in _inside(page, css).items():
            wanted = any(page.pieces[place].wanted for place in inside)
            for selector in selectors_of(page.elements[element]):
                if wanted:
                    spoiled.add(selector.css)
                    continue
                ranks[selector.css] = selector.rank
                _count(seen[selector.css], number, page, inside)
    found = []
    for name, facts in seen.items():
        if name in spoiled or name in _NEVER or ranks[name] >= 6:
            continue
        told = _told_kind(Selector(name, ranks[name]))
        if told is None and (not facts.words or len(facts.pages) < MIN_PAGES):
            continue
        example = min(facts.examples, key=lambda text: (-facts.examples[text], text))
        found.append(DropFinding(name, told or "furniture", len(facts.pages), example, sum(facts.words)))
    found.sort(key=lambda drop: (-bool(drop.words), -drop.pages, ranks[drop.css], len(drop.css), drop.css))
    return _without_copies(found, pages)[:MAX_DROPS]


def _count(facts: _Seen, number: int, page: Page, inside: list[int]) -> None:
    facts.pages.add(number)
    for place in inside:
        piece = page.pieces[place]
        if page.certain and piece.in_scope and piece.label is None:
            facts.words.append(
                piece.words
            )  # the generic extractor keeps what the structured data does not have
    facts.examples[page.pieces[inside[0]].text] += 1


def _inside(page: Page, css: str) -> dict[int, list[int]]:
    """The elements with text below the container, each with the places of its pieces."""
    assert page.opened is not None and page.opened.tree.body is not None
    roots = {node.mem_id for node in page.opened.tree.body.css(css)}
    tops = {n for n, node in enumerate(page.elements) if node.mem_id in roots}
    held: dict[int, list[int]] = defaultdict(list)
    for place, piece in enumerate(page.pieces):
        chain = list(page.above(piece.element))
        depth = next((i for i, element in enumerate(chain) if element in tops), None)
        for element in chain[:depth] if depth is not None else ():
            held[element].append(place)
    return held


def _told_kind(selector: Selector) -> Kind | None:
    """The kind that the selector's own words tell."""
    if selector.css in _KINDS:
        return _KINDS[selector.css]
    if selector.css.startswith("[itemprop"):
        return None
    name = selector.css.strip('.#[]"').split("=")[-1].strip('"')
    verdict = judge(name)
    if verdict.part in ("caption", "credit") and verdict.part in name.lower():
        return "caption" if verdict.part == "caption" else "credit"
    return VOCABULARY.categories[NAMES[verdict.category]].kind if verdict.category else None


def _without_copies(found: list[DropFinding], pages: Sequence[tuple[int, Page]]) -> list[DropFinding]:
    """The drops without those whose elements all stand in elements of one before."""
    kept: list[DropFinding] = []
    taken: set[tuple[int, int]] = set()
    for drop in found:
        places: set[tuple[int, int]] = set()
        for number, page in pages:
            assert page.opened is not None and page.opened.tree.body is not None
            nodes = {node.mem_id for node in page.opened.tree.body.css(drop.css)}
            tops = {n for n, node in enumerate(page.elements) if node.mem_id in nodes}
            for place, piece in enumerate(page.pieces):
                if not tops.isdisjoint(page.above(piece.element)):
                    places.add((number, place))
        if not places <= taken:
            kept.append(drop)
            taken |= places
    return kept
