"""The article of a page without site rules: which of its blocks are the body, and why each other one is not.

measure     what each block is worth, summed over every node
prune       class, id, role and tag words take furniture away, guarded
container   the subtree with the highest sum
parts       captions beside pictures, cards of other stories
lines       links, credits, dates, phrases
lists       lists, each judged as one
chronicle   days and times over parts of the text
repeats     the second copy of the article, lists that stand twice, a gallery's captions, furniture in every gap
edges       title, deck, byline before the text; related lists and scraps behind it
coverage    too little text: the relaxed pass, then other sources
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import islice
from typing import Final, Literal

from selectolax.lexbor import LexborHTMLParser

from ingest.blocks import WHOLE, Document, RawBlock
from ingest.elements import DECK_HINT, tag_id
from ingest.extract import edges, fallback
from ingest.extract.chronicle import keep_chronicle
from ingest.extract.container import ancestors, common_ancestor, find_container, path, subtree
from ingest.extract.lines import label_line, label_lines
from ingest.extract.lists import settle_lists
from ingest.extract.measure import Measures, measure, width
from ingest.extract.parts import label_captions, label_parts
from ingest.extract.prune import LABELS, prune
from ingest.extract.repeats import label_copies, label_lists, label_repeats
from ingest.labels import Label
from ingest.records import BlockKind
from ingest.vocabulary import NUMBERS
from ingest.words import letters

OUT_OF_BODY: Final[frozenset[BlockKind]] = frozenset({"caption", "credit", "pullquote", "infobox"})
"""Kinds of kept blocks that `body` leaves out by default."""

NOT_CHOSEN: Final = Label("generic/second-opinion", "furniture")
_THIN: Final = 300  # characters, ideographs counted twice
_ENOUGH: Final = 1000
_TEXT_SHARE: Final = 0.3  # of what reads like an article on the page; a deck is less
_FARTHEST_TITLE: Final = 40  # blocks
_FARTHEST_TEXT: Final = 12  # blocks under the headline
_TEXT: Final = 100  # what a paragraph of text is worth
_MOST_SIGNED: Final = 5  # blocks of which one may say who wrote the article
_TEXT_BEGUN: Final = 150  # what the first lines are worth when they are no lead any more
_LONGEST_DECK: Final = 250  # characters; a longer one is an introduction, and the article's
_RELATED: Final = NUMBERS["related"]
_P: Final = tag_id("p")


@dataclass(slots=True)
class Selection:
    """What was chosen. `scope` are the numbers of the blocks inside the container; `labels` has one entry per block
    of the document, `None` for kept blocks and for those outside the scope.

    `flags`: `relaxed` when class words were not believed, `trafilatura` when its opinion stands, `article_body` when
    the text is the page's structured data and no block's: then `paragraphs` holds it and nothing is kept.
    """

    container: int
    container_path: str
    scope: range
    labels: list[Label | None]
    title_block: int | None = None
    deck_block: int | None = None
    method: Literal["generic", "structured"] = "generic"
    flags: tuple[str, ...] = ()
    paragraphs: tuple[str, ...] = ()

    @property
    def kept(self) -> list[int]:
        """The numbers of the kept blocks."""
        return [number for number in self.scope if self.labels[number] is None]


def extract_generic(
    tree: LexborHTMLParser,
    document: Document,
    *,
    titles: Collection[str] = (),
    descriptions: Collection[str] = (),
    article_body: str | None = None,
) -> Selection:
    """The article's blocks, from other sources where the page's own structure gives little.

    `titles` and `descriptions` are what the page's head says of itself, `article_body` the text in its structured
    data. The tree is not changed.
    """
    selection = select(document, titles=titles, descriptions=descriptions)
    if _is_thin(document, selection):
        described = _letters_of(descriptions)
        second = _second_opinion(tree, document, selection, _letters_of(titles), described)
        if second and _is_better(document, second, selection, 1.2, described):
            selection = second
    if article_body and _is_better_stated(document, selection, article_body):
        return _structured(document, article_body)
    return selection


def select(
    document: Document,
    *,
    titles: Collection[str] = (),
    descriptions: Collection[str] = (),
    container: int | None = None,
) -> Selection:
    """The article's blocks by the page's own structure; `container` when it is known already."""
    sums = measure(document.nodes, document.blocks)
    known, described = _letters_of(titles), _letters_of(descriptions)
    selection = _select(document, sums, known, described, container, relaxed=False)
    if _is_thin(document, selection):
        relaxed = _select(document, sums, known, described, container, relaxed=True)
        if _is_better(document, relaxed, selection, 1.5, described):
            relaxed.flags = ("relaxed",)
            return relaxed
    return selection


def _length(document: Document, selection: Selection) -> int:
    return sum(len(document.blocks[number].text) for number in selection.kept)


def _letters_of(texts: Collection[str]) -> frozenset[str]:
    return frozenset(letters(text) for text in texts) - {""}


def _own_length(document: Document, selection: Selection) -> int:
    """The kept characters outside links: a list of headlines is no article, however long."""
    blocks = document.blocks
    return sum(len(blocks[number].text) - blocks[number].link_chars for number in selection.kept)


def _is_better(
    document: Document, other: Selection, selection: Selection, times: float, descriptions: frozenset[str]
) -> bool:
    """Whether another selection is so many times longer, and holds what the page's description quotes if this does."""
    if _own_length(document, other) <= times * _own_length(document, selection):
        return False
    anchors = _anchors(document, descriptions)
    return anchors.isdisjoint(selection.kept) or not anchors.isdisjoint(other.kept)


def _is_thin(document: Document, selection: Selection) -> bool:
    """Whether what is kept is short, or little of the page's paragraphs."""
    blocks, tags = document.blocks, document.nodes.tag
    length = sum(width(blocks[number].text) for number in selection.kept)
    if length < _THIN:
        return True
    if length > _ENOUGH:
        return False
    return length < 0.25 * sum(width(block.text) for block in blocks if tags[block.node] == _P)


def _is_better_stated(document: Document, selection: Selection, text: str) -> bool:
    """Whether the article stands in the page's data alone: little is kept, or not much and most of that not of it."""
    size, length = len(text), _length(document, selection)
    if size <= _THIN or length < min(_THIN, size / 2):
        return size > _THIN
    if length >= min(_ENOUGH, size / 4):
        return False
    whole = letters(text)
    blocks = [document.blocks[number].text for number in selection.kept]
    return sum(len(block) for block in blocks if letters(block) in whole) < 0.5 * length


def _second_opinion(
    tree: LexborHTMLParser,
    document: Document,
    first: Selection,
    titles: frozenset[str],
    descriptions: frozenset[str],
) -> Selection | None:
    """trafilatura's choice among the blocks, line labels and all."""
    text = fallback.read_text(tree)
    chosen = fallback.blocks_in(text, document.blocks) if text else []
    if not chosen:
        return None
    container = common_ancestor(document.nodes, [document.blocks[number].node for number in chosen])
    scope = _scope(document, subtree(document.nodes, container))
    labels: list[Label | None] = [None] * len(document.blocks)
    for number in scope:
        labels[number] = first.labels[number] or NOT_CHOSEN
    for number in chosen:
        block = document.blocks[number]
        known = LABELS[document.nodes.category[block.node]] if block.flags & WHOLE else None
        labels[number] = known or label_line(block)
    second = Selection(
        container, path(document.nodes, container), scope, labels.copy(), flags=("trafilatura",)
    )
    _trim(document, measure(document.nodes, document.blocks), second, titles, descriptions)
    if not second.kept:  # a page of a line or two
        second.labels = labels
    return second


def _structured(document: Document, text: str) -> Selection:
    paragraphs = tuple(line for raw in text.split("\n") if (line := " ".join(raw.split())))
    labels: list[Label | None] = [None] * len(document.blocks)
    return Selection(
        0, "", range(0), labels, method="structured", flags=("article_body",), paragraphs=paragraphs
    )


def _select(
    document: Document,
    sums: Measures,
    titles: frozenset[str],
    descriptions: frozenset[str],
    container: int | None,
    *,
    relaxed: bool,
) -> Selection:
    nodes, blocks = document.nodes, document.blocks
    headline = _headline(blocks, titles)
    taken = prune(nodes, sums, known=headline, relaxed=relaxed)
    if container is None:
        quoted = _anchors(document, descriptions)
        if quoted and (text := _misjudged(document, sums, taken, quoted)):
            taken = prune(nodes, sums, known=headline + text, relaxed=relaxed)
        anchors = frozenset(number for number in quoted if not taken[blocks[number].node])
        anchors = anchors or _under_headline(blocks, sums.values, taken, titles)
        container = find_container(nodes, blocks, sums, taken, anchors)
    scope = _scope(document, subtree(nodes, container))
    opening = _opening(document, taken, scope, titles)
    parts = label_parts(
        nodes, sums, taken, container, blocks[opening].node if opening < scope.start else None
    )
    labels: list[Label | None] = [None] * len(blocks)
    lines = label_lines(blocks, range(opening, scope.stop), taken)
    for number in range(opening, scope.stop):
        block = blocks[number]
        category = taken[block.node]
        if block.flags & WHOLE and (relaxed or block.link_chars > 0.5 * len(block.text)):
            category = nodes.category[block.node]  # a menu or a bar, whatever the guards make of its length
        if number < scope.start and category == _RELATED and _is_teaser(block):
            category = 0
        labels[number] = LABELS[category] or parts.get(block.node) or lines.get(number)
        if labels[number] is None and number < scope.start:
            labels[number] = edges.label_opening(block, titles)
    settle_lists(blocks, labels, range(opening, scope.stop))
    selection = Selection(container, path(nodes, container), range(opening, scope.stop), labels)
    _trim(document, sums, selection, titles, descriptions)
    return selection


def _headline(blocks: list[RawBlock], titles: frozenset[str]) -> list[int]:
    """The node of the first heading that says what the page's head gives as its title, where no h1 has a text."""
    headings = [block for block in blocks if block.kind == "heading"]
    if any(block.level == 1 for block in headings):
        return []
    return [block.node for block in headings if letters(block.text) in titles][:1]


def _misjudged(document: Document, sums: Measures, taken: list[int], anchors: Collection[int]) -> list[int]:
    """The nodes of the anchors, where all of them were taken for furniture with surroundings that hold a text."""
    nodes, good = document.nodes, sums.good
    found = [document.blocks[number].node for number in anchors]
    if not all(taken[index] for index in found):
        return []
    return [
        index
        for index in found
        if any(taken[node] and good[node] > _TEXT_SHARE * good[0] for node in ancestors(nodes, index))
    ]


def _opening(document: Document, taken: list[int], scope: range, titles: frozenset[str]) -> int:
    """Where the article opens: at a title before the container, when a deck or introduction stands between them."""
    blocks = document.blocks
    intro = False
    for number in range(scope.start - 1, max(scope.start - _FARTHEST_TITLE, 0) - 1, -1):
        block = blocks[number]
        if block.kind == "heading" and edges.is_title(block, titles):
            return number if intro else scope.start
        if taken[block.node]:
            intro = intro or (taken[block.node] == _RELATED and _is_teaser(block))
        else:
            intro = intro or edges.is_intro(block) or edges.is_deck_heading(block)
    return scope.start


def _is_teaser(block: RawBlock) -> bool:
    """Whether a block that its class calls a teaser can be this article's own."""
    return not block.link_chars and edges.is_intro(block)


def _scope(document: Document, inside: range) -> range:
    numbers = [
        number for number, block in enumerate(document.blocks) if inside.start <= block.node < inside.stop
    ]
    return range(numbers[0], numbers[-1] + 1) if numbers else range(0)


def _anchors(document: Document, descriptions: frozenset[str]) -> frozenset[int]:
    """The paragraphs that the page's description quotes."""
    starts = {text[:50] for text in descriptions if len(text) >= 40}
    firsts = {start[0] for start in starts}
    return frozenset(
        number
        for number, block in enumerate(document.blocks)
        if len(block.text) >= 50
        and not firsts.isdisjoint(block.text[:2].casefold())
        and block.kind != "heading"
        and letters(block.text[:120])[:50] in starts
    )


def _under_headline(
    blocks: list[RawBlock], values: list[float], taken: list[int], titles: frozenset[str]
) -> frozenset[int]:
    """The first paragraph of text under the heading that says what the page's head gives as its title."""
    headings = [number for number, block in enumerate(blocks) if _repeats_title(block, titles)]
    if not headings:
        return frozenset()
    headline = min(headings, key=lambda number: blocks[number].level)
    below = range(headline + 1, min(headline + 1 + _FARTHEST_TEXT, len(blocks)))
    found = (number for number in below if values[number] > _TEXT and not taken[blocks[number].node])
    return frozenset(islice(found, 1))


def _trim(
    document: Document,
    sums: Measures,
    selection: Selection,
    titles: frozenset[str],
    descriptions: frozenset[str],
) -> None:
    """Labels the lead and the end of the selection."""
    blocks, values, labels = document.blocks, sums.values, selection.labels
    decks = _decks(document, sums, selection.kept)

    def apply(found: dict[int, Label]) -> None:
        for number, label in found.items():
            labels[number] = label

    apply(label_copies(blocks, selection.kept))
    apply(label_lists(blocks, selection.kept))
    lead = _lead(blocks, values, selection.kept, decks)
    apply(edges.label_lead(blocks, lead, titles, decks, descriptions))
    apply(edges.label_signed(blocks, selection.kept[:_MOST_SIGNED]))
    apply({number: edges.TITLE for number in selection.kept if _repeats_title(blocks[number], titles)})
    apply(label_captions(document, selection.kept))
    apply(edges.label_filler(blocks, selection.kept))
    apply(edges.label_tail(blocks, values, selection.kept))
    apply(edges.label_contributors(blocks, selection.kept))
    apply(edges.label_trail(blocks, values, selection.kept))
    apply(label_repeats(blocks, selection.kept))
    keep_chronicle(blocks, values, labels, selection.scope)
    selection.title_block = _first(labels, edges.TITLE)
    selection.deck_block = _first(labels, edges.DECK)


def _lead(blocks: list[RawBlock], values: list[float], kept: list[int], decks: Collection[int]) -> list[int]:
    """The kept blocks before the first that reads like the article's text, or before short lines that add up to it."""
    seen = 0.0
    for position, number in enumerate(kept):
        block = blocks[number]
        if number in decks and len(block.text) < _LONGEST_DECK:
            continue
        seen += max(0.0, values[number])
        if block.kind != "heading" and (values[number] > 60 or seen > _TEXT_BEGUN):
            return kept[:position]
    return kept


def _repeats_title(block: RawBlock, titles: frozenset[str]) -> bool:
    return block.kind == "heading" and letters(block.text) in titles


def _first(labels: list[Label | None], label: Label) -> int | None:
    return labels.index(label) if label in labels else None


def _decks(document: Document, sums: Measures, kept: list[int]) -> set[int]:
    """Those of the first blocks that their class calls a deck; none if they are all there is."""
    nodes, blocks = document.nodes, document.blocks

    def is_deck(index: int) -> bool:
        return any(nodes.hint[node] & DECK_HINT and sums.good[node] < 450 for node in ancestors(nodes, index))

    decks = {number for number in kept[:8] if is_deck(blocks[number].node)}
    return decks if len(decks) < len(kept) else set()
