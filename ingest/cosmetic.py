"""Cosmetic filters on an article: what they hide is dropped, but never the article.

The lists are made for browsers, where hiding too much costs nothing: they hold `##footer` and `##.content`. So all
filters together may take a small share of an article's prose, and those that would take more take nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from selectolax.lexbor import LexborNode

from ingest.blocks import Document, RawBlock
from ingest.elements import TAG_NAMES
from ingest.labels import Label
from ingest.rules.cosmetic import CosmeticIndex, Elements
from ingest.strip import reads_like_prose
from ingest.words import count_words

MAX_SHARE: Final = 0.3
"""Of an article's prose words, what cosmetic filters may take together."""

MAX_ROUNDS: Final = 20
"""A page on which so many filters are too greedy is no page for any of them."""


def match_cosmetic(
    document: Document, body: LexborNode, host: str | None, index: CosmeticIndex
) -> dict[int, Label]:
    """The nodes of the document that filters for this host hide."""
    nodes = document.nodes
    ids = document.ids
    classes = list(nodes.names)
    for number, identity in ids.items():
        if classes[number] == identity:  # the id stands there for want of a class
            classes[number] = ""
    hidden = index.match(Elements(nodes.parent, nodes.tag, classes, ids, TAG_NAMES), host)
    for number, label in find_nodes(document, body, index.queries(host)).items():
        hidden.setdefault(number, label)
    return hidden


def find_nodes(
    document: Document, body: LexborNode, selectors: Iterable[tuple[str, Label]]
) -> dict[int, Label]:
    """The nodes of the document that the selectors find, each with the label of the first that does."""
    found: dict[int, Label] = {}
    for css, label in selectors:
        for node in body.css(css):
            if (number := document.places.get(node.mem_id)) is not None:
                found.setdefault(number, label)
    return found


def label_hidden(
    document: Document, scope: Sequence[int], labels: Sequence[Label | None], hidden: Mapping[int, Label]
) -> tuple[list[Label | None], list[str]]:
    """The labels of the blocks at `scope` with those of hidden nodes added, and the rules that the guard stopped."""
    open_places = [place for place, label in enumerate(labels) if label is None]
    under = _inherit(document.nodes.parent, hidden) if hidden else []
    if not any(under[document.blocks[scope[place]].node] for place in open_places if under):
        return list(labels), []
    prose = _prose_words([document.blocks[scope[place]] for place in open_places])
    limit = MAX_SHARE * sum(prose)
    left, stopped = dict(hidden), set[str]()
    for _ in range(MAX_ROUNDS):
        under = _inherit(document.nodes.parent, left)
        found = [under[document.blocks[scope[place]].node] for place in open_places]
        taken: Counter[str] = Counter()
        for label, words in zip(found, prose, strict=True):
            if label is not None:
                taken[label.rule] += words
        if taken.total() <= limit:
            result = list(labels)
            for place, label in zip(open_places, found, strict=True):
                result[place] = label
            return result, sorted(stopped)
        most = max(taken.values())
        greedy = {rule for rule, words in taken.items() if words > limit or words == most}
        stopped |= greedy
        left = {number: label for number, label in left.items() if label.rule not in greedy}
    return list(labels), sorted({label.rule for label in hidden.values()})


def _prose_words(blocks: Sequence[RawBlock]) -> list[int]:
    """Each block's words if it is prose; of a text without any prose, all words."""
    words = [count_words(block.text) for block in blocks]
    prose = [
        count if reads_like_prose(block.text, count) else 0
        for block, count in zip(blocks, words, strict=True)
    ]
    return prose if any(prose) else words


def _inherit(parent: Sequence[int], hidden: Mapping[int, Label]) -> list[Label | None]:
    """Each node's own label or that of the hidden node it stands in; parents come before their children."""
    under: list[Label | None] = [None] * len(parent)
    for number, above in enumerate(parent):
        under[number] = (under[above] if above >= 0 else None) or hidden.get(number)
    return under
