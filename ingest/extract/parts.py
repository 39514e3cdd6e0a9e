"""Small parts of the container that are not the article's text: captions beside pictures, cards of other stories."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from ingest.blocks import (
    BOLD,
    CONTINUES,
    IN_QUOTE,
    IN_TABLE,
    SENTENCE_ENDS,
    Document,
    Nodes,
    RawBlock,
    can_be_subhead,
)
from ingest.elements import tag_id
from ingest.extract.container import ancestors, subtree
from ingest.extract.measure import Measures, width
from ingest.labels import Label
from ingest.words import letters

_LONGEST_CAPTION: Final = 120
_LONGEST_CAPTION_NODE: Final = 300  # characters of all that stands beside a picture
_CAPTIONS_SHARE: Final = 0.3
_FEWEST_LONG: Final = 2  # posts, slides or rounds with a picture that are too long for captions
_LINE: Final = 20  # what the shortest sentence is worth
_FEWEST_CAPTIONS: Final = 2  # one alone may be a line of the text
_MOST_CAPTIONS: Final = (
    0.4  # of all blocks; what follows that many pictures is the text of a diary in pictures
)
_SHORTEST_PULL_QUOTE: Final = 30  # letters
_SHORTEST_TEXT: Final = 80  # of the paragraph under a subhead, as wide as it is printed
_LONGEST_SOURCE: Final = 60  # letters of a line that says whose words they are
CAPTION: Final = Label("generic/beside-picture", "caption")
LINKS: Final = Label("generic/link-list", "related")
TEASERS: Final = Label("generic/teasers", "related")
_P: Final = tag_id("p")
_NO_CAPTIONS: Final = frozenset(map(tag_id, ("p", "blockquote", "li", "table", "tbody", "tr", "td", "th")))


def label_parts(
    nodes: Nodes, sums: Measures, taken: list[int], container: int, first: int | None = None
) -> dict[int, Label]:
    """Labels of the nodes under the container that go, with all they hold; from the node `first` on, if it is given,
    those before the container too.
    """
    around = set(ancestors(nodes, container))
    stop = subtree(nodes, container).stop
    tops: dict[int, Label] = {}
    index = container + 1 if first is None else first
    while index < stop:
        if index not in around and not taken[index] and sums.text[index]:
            label = _label(nodes, sums, container, index)
            if label:
                tops[index] = label
                index = nodes.end[index]
                continue
        index += 1
    _spare_illustrated_text(nodes, sums, container, tops)
    return {index: label for top, label in tops.items() for index in subtree(nodes, top)}


def _spare_illustrated_text(nodes: Nodes, sums: Measures, container: int, tops: dict[int, Label]) -> None:
    """Takes back the captions that read like text where they are the article's: when they are much of it, for its
    steps have a picture each, and where others of their class are too long for captions.
    """
    captions = [top for top, label in tops.items() if label is CAPTION and sums.good[top] >= _LINE]
    if captions and sum(sums.good[top] for top in captions) <= _CAPTIONS_SHARE * sums.good[container]:
        long = Counter(
            nodes.names[index]
            for index in subtree(nodes, container)
            if nodes.names[index]
            and sums.pictures[index]
            and sums.text[index] >= _LONGEST_CAPTION_NODE
            and sums.paragraphs[index]
        )
        captions = [
            top
            for top in captions
            if long[_first_name(nodes, sums, top)] >= _FEWEST_LONG and not sums.linked_headings[top]
        ]
    for top in captions:
        del tops[top]


def _first_name(nodes: Nodes, sums: Measures, top: int) -> str:
    """The class of a node, or of the first one in it that has one and holds all of its text."""
    inside = (index for index in subtree(nodes, top) if sums.text[index] == sums.text[top])
    return next((nodes.names[index] for index in inside if nodes.names[index]), "")


def label_captions(document: Document, kept: Sequence[int]) -> dict[int, Label]:
    """Labels of short lines without a full stop that follow a picture, where text in sentences goes on behind them."""
    blocks = document.blocks
    after_picture = {picture.place for picture in document.pictures}
    parts = {number for number in after_picture if _is_part_of_paragraph(blocks, number)}  # around a formula
    labels: dict[int, Label] = {}
    for position, number in enumerate(kept[:-1]):
        if number in after_picture and position and number not in parts:
            text, kind, _, _, linked, flags = blocks[number]
            if (
                kind == "paragraph"
                and width(text) < _LONGEST_CAPTION
                and text[-1] not in SENTENCE_ENDS
                and not flags & BOLD
                and not linked
            ):
                labels[number] = CAPTION
    return labels if _FEWEST_CAPTIONS <= len(labels) <= _MOST_CAPTIONS * len(kept) else {}


def _is_part_of_paragraph(blocks: Sequence[RawBlock], number: int) -> bool:
    return any(block.flags & CONTINUES for block in blocks[number : number + 2])


def mark_pull_quotes(blocks: Sequence[RawBlock], labels: Sequence[Label | None]) -> list[RawBlock]:
    """The blocks, the quotes that only say again what stands in the text made `pullquote`, their sources with them."""
    kept = [place for place, label in enumerate(labels) if label is None]
    quotes = [list(run) for is_quote, run in groupby(kept, lambda p: blocks[p].kind == "quote") if is_quote]
    marked = list(blocks)
    text = " ".join(letters(blocks[p].text) for p in kept if blocks[p].kind != "quote") if quotes else ""
    for run in quotes:
        words = [letters(blocks[place].text) for place in run]
        repeated = [len(said) >= _SHORTEST_PULL_QUOTE and said in text for said in words]
        if any(repeated) and all(
            again or len(said) < _LONGEST_SOURCE for said, again in zip(words, repeated, strict=True)
        ):
            for place in run:
                marked[place] = blocks[place]._replace(kind="pullquote")
    return marked


def mark_subheads(blocks: Sequence[RawBlock], labels: Sequence[Label | None]) -> list[RawBlock]:
    """The blocks, the bold lines between the article's paragraphs made `heading`, a level below its real ones."""
    kept = [place for place, label in enumerate(labels) if label is None]
    found = [
        place
        for before, place, after in zip(kept, kept[1:], kept[2:], strict=False)
        if blocks[place].flags & BOLD
        and _is_subhead(blocks[place])
        and not blocks[before].flags & BOLD
        and _is_text(blocks[after])
    ]
    if not found:
        return list(blocks)
    level = min(
        6, 1 + max((blocks[place].level for place in kept if blocks[place].kind == "heading"), default=1)
    )
    marked = list(blocks)
    for place in found:
        marked[place] = blocks[place]._replace(kind="heading", level=level)
    return marked


def _is_subhead(block: RawBlock) -> bool:
    text, kind, _, _, linked, flags = block
    return (
        kind == "paragraph"
        and can_be_subhead(text)
        and not linked
        and not flags & (IN_QUOTE | IN_TABLE | CONTINUES)
        and any(char.isalpha() for char in text)
    )


def _is_text(block: RawBlock) -> bool:
    return block.kind in ("item", "quote") or (
        block.kind == "paragraph"
        and not block.flags & (BOLD | CONTINUES)
        and width(block.text) >= _SHORTEST_TEXT
    )


def _label(nodes: Nodes, sums: Measures, container: int, index: int) -> Label | None:
    text, whole = sums.text[index], sums.text[container]
    if (
        sums.pictures[index]
        and text < _LONGEST_CAPTION_NODE
        and text < 0.2 * whole
        and sums.paragraphs[index] <= 1
        and nodes.tag[index] not in _NO_CAPTIONS
    ):
        return CAPTION
    if nodes.tag[index] == _P:
        return None
    headings = sums.linked_headings[index]
    if sums.links[index] + headings >= 2 and sums.linked[index] > 0.5 * text and text < 0.4 * whole:
        return LINKS
    if (
        headings >= 2
        and sums.paragraphs[index] <= 2 * headings
        and sums.good[index] < 0.5 * sums.good[container]
    ):
        return TEASERS
    return None
