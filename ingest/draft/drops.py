"""Elements inside the container that are no article: drop rules, each with a kind that its class or its texts tell."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from ingest.draft.containers import kept_with
from ingest.draft.evidence import Page, Piece
from ingest.draft.selectors import Selector, selectors_of, with_parent
from ingest.labels import Label
from ingest.records import Kind
from ingest.rules.rulebook import CompiledDrop
from ingest.vocabulary import NAMES, VOCABULARY, judge

MAX_DROPS = 8
MIN_PAGES = 2
_HEADINGS = ("h2", "h3", "h4")
_KINDS: dict[str, Kind] = {"figcaption": "caption", "nav": "nav", "footer": "furniture"}
_NEVER = frozenset(("main", "article", "header", "h1", "time", "aside", '[itemprop="articleBody"]'))


class DropFinding(NamedTuple):
    """A drop and its evidence: how many pages have it, an example of its wording, words it alone takes, and whether it
    holds texts of several kinds."""

    css: str
    kind: Kind
    pages: int
    example: str
    words: int
    mixed: bool

    @property
    def compiled(self) -> CompiledDrop:
        return CompiledDrop(Label(f"draft/{self.css}", self.kind), self.css)


class _Seen(NamedTuple):
    """Of a selector: its pages, first texts, the words of what the body would keep without it, and the kinds of all it
    holds."""

    pages: set[int]
    examples: Counter[str]
    words: list[int]
    kinds: set[Kind | None]


def find_drops(pages: Sequence[tuple[int, Page]], css: str) -> list[DropFinding]:
    """The drops for pages (each with its number) whose body is at `css`, those that take most first."""
    seen: dict[str, _Seen] = defaultdict(lambda: _Seen(set(), Counter(), [], set()))
    ranks: dict[str, int] = {}
    spoiled: set[str] = set()
    for number, page in pages:
        kept = kept_with(page, css)
        for element, inside in _inside(page, css).items():
            wanted = any(page.pieces[place].wanted for place in inside)
            for selector in _forms(page.elements[element]):
                if wanted:
                    spoiled.add(selector.css)
                    continue
                ranks[selector.css] = selector.rank
                _count(seen[selector.css], number, [page.pieces[place] for place in inside], kept)
    found = []
    for name, facts in seen.items():
        if name in spoiled or name in _NEVER or ranks[name] >= 6:
            continue
        told = _told_kind(Selector(name, ranks[name]))
        if (told is None or told == "deck") and (not facts.words or len(facts.pages) < MIN_PAGES):
            continue
        mixed = len(facts.kinds) > 1
        kind = told or (None if mixed else next(iter(facts.kinds))) or "furniture"
        example = min(facts.examples, key=lambda text: (-facts.examples[text], text))
        found.append(DropFinding(name, kind, len(facts.pages), example, sum(facts.words), mixed))
    found.sort(
        key=lambda drop: (
            -bool(drop.words),
            -drop.pages,
            drop.mixed,
            ranks[drop.css],
            len(drop.css),
            drop.css,
        )
    )
    return _without_copies(found, pages)[:MAX_DROPS]


def _forms(node: LexborNode) -> Iterator[Selector]:
    """The selectors of an element; of a heading, which rarely has a name, also those by the element around it."""
    yield from selectors_of(node)
    if node.tag in _HEADINGS:
        yield from with_parent(Selector(node.tag, 4), node, levels=2)


def _count(facts: _Seen, number: int, inside: Sequence[Piece], kept: Counter[str]) -> None:
    facts.pages.add(number)
    facts.examples[inside[0].text] += 1
    for piece in inside:
        if piece.key in kept:
            facts.words.append(piece.words)
        facts.kinds.add("deck" if piece.is_deck else piece.label.kind if piece.label else None)


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
    if selector.css.startswith("[itemprop") or " " in selector.css:
        return None
    name = selector.css.strip('.#[]"').split("=")[-1].strip('"')
    verdict = judge(name)
    if verdict.part in ("caption", "credit") and verdict.part in name.lower():
        return "caption" if verdict.part == "caption" else "credit"
    return VOCABULARY.categories[NAMES[verdict.category]].kind if verdict.category else None


def _without_copies(found: list[DropFinding], pages: Sequence[tuple[int, Page]]) -> list[DropFinding]:
    """The drops without those that find what an article wants, or nothing that one before does not."""
    kept: list[DropFinding] = []
    taken: set[tuple[int, int]] = set()
    for drop in found:
        places: set[tuple[int, int]] = set()
        wanted = False
        for number, page in pages:
            assert page.opened is not None and page.opened.tree.body is not None
            nodes = {node.mem_id for node in page.opened.tree.body.css(drop.css)}
            tops = {n for n, node in enumerate(page.elements) if node.mem_id in nodes}
            for place, piece in enumerate(page.pieces):
                if not tops.isdisjoint(page.above(piece.element)):
                    places.add((number, place))
                    wanted = wanted or piece.wanted
        if not wanted and not places <= taken:
            kept.append(drop)
            taken |= places
    return kept
