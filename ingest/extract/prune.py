"""Which nodes their class, id, role or tag gives away as furniture, guarded by the text they would take along."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Final

from ingest.blocks import SHORTEST_TEXT, Nodes, make_a_text
from ingest.elements import tag_id
from ingest.extract.measure import Measures
from ingest.labels import Label
from ingest.vocabulary import NUMBERS, VOCABULARY, Guard

LABELS: Final[tuple[Label | None, ...]] = (
    None,
    *(
        Label(f"generic/{name}-class" if category.words else f"generic/{name}", category.kind)
        for name, category in VOCABULARY.categories.items()
    ),
)
"""The label of what each category takes away: `generic/share-class`, `generic/footer`."""
_H1: Final = tag_id("h1")
_CONTROL: Final = NUMBERS["control"]
_INVISIBLE: Final = NUMBERS["invisible"]  # the first category that tags and attributes tell
_P: Final = tag_id("p")
_TEXT_SHARE: Final = 0.3  # of what stands outside all furniture
_GUARDS: Final[tuple[Guard | None, ...]] = (None, *(item.guard for item in VOCABULARY.categories.values()))
_NEVER_TEXTS: Final = frozenset(  # biographies, terms and comments are texts as well, and not the article's
    NUMBERS[name]
    for name, category in VOCABULARY.categories.items()
    if category.words and category.guard in ("strong", "weak") and name not in ("author", "legal")
)


def prune(nodes: Nodes, sums: Measures, *, known: Collection[int] = (), relaxed: bool = False) -> list[int]:
    """The category that takes each node away, its own or an ancestor's; 0 for nodes that stay.

    Nothing around the page's h1 goes, or around the nodes `known` to be of the article. A category goes only if it
    takes a modest share of the page's article text, counted over all its nodes of the same class, and a word only if
    what it takes is no such text itself; `relaxed` believes tags and attributes only.
    """
    parents = nodes.parent
    total = sums.good[0] or 1.0
    around_title = holds_title(nodes, known)
    shares, outside = _shares(nodes, sums, around_title)
    taken = [0] * len(parents)
    for index in range(1, len(parents)):
        if not sums.text[index]:
            continue
        category = nodes.category[index]
        if taken[parents[index]]:
            taken[index] = taken[parents[index]]
        elif category and (not around_title[index] or category == _INVISIBLE):
            share = shares[category, nodes.names[index]] if not around_title[index] else sums.good[index]
            if _goes(category, share, outside, total, relaxed) and not (
                category in _NEVER_TEXTS
                and _holds_text(nodes, sums, index, max(SHORTEST_TEXT, _TEXT_SHARE * outside))
            ):
                taken[index] = category
    return taken


def holds_title(nodes: Nodes, known: Collection[int] = ()) -> list[bool]:
    """Whether each node is, or holds, an h1 or one of the nodes `known`."""
    holds = [tag == _H1 for tag in nodes.tag]
    for index in known:
        holds[index] = True
    for index in range(len(holds) - 1, 0, -1):
        if holds[index]:
            holds[nodes.parent[index]] = True
    return holds


def _shares(
    nodes: Nodes, sums: Measures, around_title: list[bool]
) -> tuple[dict[tuple[int, str], float], float]:
    """Article text by category and class, over outermost nodes; and what stands outside them all."""
    shares: dict[tuple[int, str], float] = defaultdict(float)
    outside = sums.good[0]
    within = [False] * len(nodes.parent)
    for index in range(1, len(within)):
        if not sums.good[index]:
            continue
        if within[nodes.parent[index]]:
            within[index] = True
        elif nodes.category[index] and not around_title[index]:
            within[index] = True
            outside -= sums.good[index]
        if nodes.category[index]:
            key = nodes.category[index], nodes.names[index]
            shares[key] = (
                shares[key] + sums.good[index] if nodes.names[index] else max(shares[key], sums.good[index])
            )
    return shares, outside


def _goes(category: int, share: float, outside: float, total: float, relaxed: bool) -> bool:
    guard = _GUARDS[category]
    if guard == "always":
        return not relaxed or category == _CONTROL or share < 0.5 * total
    if share < 0.3 * total and (not relaxed or category >= _INVISIBLE or guard == "firm"):
        return True
    if guard == "firm":
        return outside >= 200
    if guard == "strong":
        return outside >= 200 and outside >= 0.15 * total
    return not relaxed and outside >= 1200 and share < 0.6 * total


def _holds_text(nodes: Nodes, sums: Measures, index: int, least: float) -> bool:
    """Whether paragraphs without links, side by side, make up a text of that worth: teasers never do, nor buttons."""
    if sums.good[index] < least:
        return False
    worth: dict[int, list[float]] = defaultdict(list)
    for node in range(index, nodes.end[index]):
        if nodes.tag[node] == _P and sums.good[node] > 60 and sums.linked[node] < 0.1 * sums.text[node]:
            worth[nodes.parent[node]].append(sums.good[node])
    return any(make_a_text(good, least) for good in worth.values())
