"""The element that holds the article: the subtree with the highest sum of its blocks' values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ingest.blocks import WHOLE, Nodes, RawBlock
from ingest.elements import ARTICLE_BODY, BODY_HINT, HEADING_LEVELS, TAG_NAMES, tag_id
from ingest.extract.measure import Measures
from ingest.extract.prune import holds_title

_ARTICLE: Final = tag_id("article")
_LINKED_PART: Final = 0.2  # of the text of a part of an article
_ANCHOR: Final = 400  # what a paragraph is worth that the page's own description quotes


def find_container(
    nodes: Nodes, blocks: list[RawBlock], sums: Measures, taken: list[int], anchors: frozenset[int]
) -> int:
    """The index of the article's container. `anchors` are blocks known to be of the article."""
    scores = score(nodes, blocks, sums.values, taken, anchors)
    best = 0
    for index in range(1, len(scores)):
        if scores[index] >= scores[best] and not taken[index]:
            best = index
    best = _first_article(nodes, sums, scores, taken, best)
    return _narrow(nodes, scores, taken, best)


def score(
    nodes: Nodes, blocks: list[RawBlock], values: list[float], taken: list[int], anchors: frozenset[int]
) -> list[float]:
    """The sum of block values by subtree; furniture counts a little against the node that holds it."""
    scores = [0.0] * len(nodes)
    for block, value in zip(blocks, values, strict=True):
        if taken[block.node]:
            length = len(block.text)
            value = -0.1 * (length if block.flags & WHOLE else min(length, 60))
        scores[block.node] += value
    for number in anchors:
        scores[blocks[number].node] += _ANCHOR
    for index in range(len(scores) - 1, 0, -1):
        if scores[index]:
            scores[nodes.parent[index]] += scores[index]
    return scores


def subtree(nodes: Nodes, top: int) -> range:
    """The indices of a node and all under it."""
    return range(top, nodes.end[top])


def ancestors(nodes: Nodes, index: int) -> Iterator[int]:
    """A node and all that hold it, innermost first."""
    while index >= 0:
        yield index
        index = nodes.parent[index]


def _first_article(nodes: Nodes, sums: Measures, scores: list[float], taken: list[int], best: int) -> int:
    """Of several `<article>`s in a row, the page's own is the first; the others are more to read, unless they are parts
    of it."""
    articles = [
        index
        for index in subtree(nodes, best)
        if index > best and nodes.tag[index] == _ARTICLE and not taken[index] and scores[index] > 120
    ]
    if len(articles) < 2:
        return best
    titled = holds_title(nodes)
    articles = [index for index in articles if scores[index] > 250 or titled[index]]
    if len(articles) < 2:
        return best
    first = articles[0]
    headed = any(tag in HEADING_LEVELS for tag in nodes.tag[: nodes.end[first]])
    if headed and all(_is_part(nodes, sums, first, other) for other in articles[1:]):
        return best
    own = scores[first] > 0.25 * scores[best] or scores[first] > 1200 or titled[first]
    return first if own else best


def _is_part(nodes: Nodes, sums: Measures, first: int, other: int) -> bool:
    """Whether an `<article>` goes on with the first: it is marked up like that, has no headline and few links."""
    if sums.linked[other] > _LINKED_PART * sums.text[other]:
        return False
    around = nodes.parent[first], nodes.parent[other]
    alike = nodes.names[first] == nodes.names[other] and nodes.names[around[0]] == nodes.names[around[1]]
    return alike and not any(nodes.tag[index] in HEADING_LEVELS for index in subtree(nodes, other))


def _narrow(nodes: Nodes, scores: list[float], taken: list[int], best: int) -> int:
    """The element in the container that is marked as the body, if it holds enough of the text and is the only one."""
    hinted = [
        index
        for index in subtree(nodes, best)
        if nodes.hint[index] & (BODY_HINT | ARTICLE_BODY)
        and not taken[index]
        and scores[index] > 0.1 * scores[best]
    ]
    chosen, weight = -1, 0.0
    for index in hinted:
        marked = bool(nodes.hint[index] & ARTICLE_BODY)
        enough = scores[index] > (0.2 if marked else 0.55) * scores[best] and scores[index] > 100
        own = scores[index] * (1.5 if marked else 1.0)
        if enough and own > weight * 1.02:
            chosen, weight = index, own
    if chosen < 0:
        return best
    if nodes.hint[chosen] & ARTICLE_BODY:
        return common_ancestor(nodes, _parts(nodes, scores, taken, best, chosen))
    return chosen if all(_related(nodes, chosen, other) for other in hinted) else best


def _parts(nodes: Nodes, scores: list[float], taken: list[int], best: int, chosen: int) -> list[int]:
    """The elements that are marked as the body like the chosen one, as far as no heading parts them from it: a page
    may cut its article to put advertisements between, and show other articles behind it."""
    alike = [
        index
        for index in subtree(nodes, best)
        if nodes.hint[index] & ARTICLE_BODY
        and nodes.names[index] == nodes.names[chosen]
        and not taken[index]
        and (index == chosen or (scores[index] > 0 and not _related(nodes, index, chosen)))
    ]
    place = alike.index(chosen)
    first = last = place
    while first > 0 and not _headed(nodes, alike[first - 1], alike[first]):
        first -= 1
    while last + 1 < len(alike) and not _headed(nodes, alike[last], alike[last + 1]):
        last += 1
    return alike[first : last + 1]


def _headed(nodes: Nodes, one: int, other: int) -> bool:
    """Whether a heading stands between two nodes."""
    return any(nodes.tag[index] in HEADING_LEVELS for index in range(nodes.end[one], other))


def _related(nodes: Nodes, one: int, other: int) -> bool:
    """Whether one of two nodes holds the other."""
    low, high = min(one, other), max(one, other)
    return high < nodes.end[low]


def common_ancestor(nodes: Nodes, indices: list[int]) -> int:
    """The deepest node that holds all of some nodes."""
    common, last = min(indices), max(indices)
    while last >= nodes.end[common]:
        common = nodes.parent[common]
    return common


def path(nodes: Nodes, index: int, *, steps: int = 3) -> str:
    """A short CSS-like path to a node, for people: `main > div.story`."""
    names: list[str] = []
    while index > 0 and len(names) < steps:
        name = TAG_NAMES.get(nodes.tag[index], "*")
        first = nodes.names[index].split()[:1]
        names.append(".".join([name, *first]))
        index = nodes.parent[index]
    return " > ".join(reversed(names)) or "body"
