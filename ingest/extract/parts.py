"""Small parts of the container that are not the article's text: captions beside pictures, cards of other stories."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from ingest.blocks import BOLD, Document, Nodes, RawBlock
from ingest.elements import tag_id
from ingest.extract.container import ancestors, subtree
from ingest.extract.measure import SENTENCE_ENDS, Measures
from ingest.labels import Label
from ingest.words import letters

_LONGEST_CAPTION: Final = 120
_CAPTIONS_SHARE: Final = 0.3
_FEWEST_CAPTIONS: Final = 2  # one alone may be a line of the text
_SHORTEST_PULL_QUOTE: Final = 30  # letters
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
    _spare_illustrated_text(sums, container, tops)
    return {index: label for top, label in tops.items() for index in subtree(nodes, top)}


def _spare_illustrated_text(sums: Measures, container: int, tops: dict[int, Label]) -> None:
    """Takes back the captions that read like text when they are much of the article: its steps have a picture each."""
    captions = [top for top, label in tops.items() if label is CAPTION and sums.good[top]]
    if sum(sums.good[top] for top in captions) > _CAPTIONS_SHARE * sums.good[container]:
        for top in captions:
            del tops[top]


def label_captions(document: Document, kept: Sequence[int]) -> dict[int, Label]:
    """Labels of short lines without a full stop that follow a picture, where text in sentences goes on behind them."""
    after_picture = {picture.place for picture in document.pictures}
    labels: dict[int, Label] = {}
    for position, number in enumerate(kept[:-1]):
        if number in after_picture and position:
            text, kind, _, _, linked, flags = document.blocks[number]
            if (
                kind == "paragraph"
                and len(text) < _LONGEST_CAPTION
                and text[-1] not in SENTENCE_ENDS
                and not flags & BOLD
                and not linked
            ):
                labels[number] = CAPTION
    return labels if len(labels) >= _FEWEST_CAPTIONS else {}


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


def _label(nodes: Nodes, sums: Measures, container: int, index: int) -> Label | None:
    text, whole = sums.text[index], sums.text[container]
    if (
        sums.pictures[index]
        and text < 300
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
