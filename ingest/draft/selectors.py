"""CSS selectors a person would write for an element: what it is called for, not how it happens to look this week."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from ingest.vocabulary import judge

MAX_NAMES = 12
"""Class names of one element that are looked at."""

TEST_ATTRIBUTES = (
    *("data-testid", "data-test-id", "data-test", "data-qa", "data-component", "data-module", "data-part"),
    *("data-type", "data-role", "data-name", "data-area-type", "data-element"),
)
_WORDS = re.compile(r"[A-Za-z]+(?:(?:-{1,2}|_{1,3})[A-Za-z]+)*")
_VALUE = re.compile(r"[A-Za-z][A-Za-z_:/.-]{2,50}")
_MODULE = re.compile(r"([A-Za-z]+(?:[-_][A-Za-z]+)*__?)[A-Za-z0-9_-]{5,8}")
_HASH = re.compile(r"_(?=[A-Za-z]*[A-Z])[A-Za-z]{5}$")
_TOOLS = re.compile(
    r"(?:css|sc|jsx|jss|dcr|emotion|svelte|tw|chakra|mui|style|styled|col|row|wp-image|text|font|flex|grid|bg|border"
    r"|rounded|items|justify|gap|space|sm|md|lg|xl|hover|is|has|js|no)[-_]",
    re.IGNORECASE,
)
_OF_ONE_PAGE = re.compile(r"(?:category|tag|author|section|topic|term|status|lang|post|page|id|postid)-")
_CONSONANTS = re.compile(r"[bcdfghjklmnpqrstvwxz]{6}", re.IGNORECASE)
_HUMPS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_PLAIN_WORDS = (
    "clearfix row col container wrapper wrap inner outer content main text body active open visible hidden left right "
    "center first last block section item list flex grid box full wide default module component group holder js "
    "loaded fade show page site root app layout div span undefined none null info title contain"
)
_PLAIN = frozenset(_PLAIN_WORDS.split())
_VAGUE = ("url", "name", "item", "image", "text")
_SEMANTIC = ("article", "main", "header", "figcaption", "time", "address", "h1", "aside", "footer", "nav")


class Selector(NamedTuple):
    """A selector and how much it is to be trusted: 0 says what the element is, 6 might mean anything."""

    css: str
    rank: int


def is_stable(name: str) -> bool:
    """Whether a person wrote a class name or id, so that it will be there next year: `article-body`, not `css-1x2y`."""
    if not 3 <= len(name) <= 48 or not _WORDS.fullmatch(name) or _TOOLS.match(name):
        return False
    if _CONSONANTS.search(name) or _HASH.search(name):
        return False
    for part in re.split(r"[-_]+", name):
        humps = _HUMPS.findall(part)
        if sum(len(hump) < 3 for hump in humps) >= 2:  # kPvQZn
            return False
    return True


def selectors_of(node: LexborNode) -> Iterator[Selector]:
    """The selectors of an element by itself, the most telling first."""
    attributes = node.attributes
    tag = node.tag or ""
    itemprop = attributes.get("itemprop") or ""
    if re.fullmatch(r"[A-Za-z]{3,40}", itemprop):
        yield Selector(f'[itemprop="{itemprop}"]', 6 if itemprop in _VAGUE else 0)
    for name in TEST_ATTRIBUTES:
        value = attributes.get(name)
        if value and _VALUE.fullmatch(value) and is_stable(re.sub(r"[:/.]", "-", value)):
            yield Selector(f'[{name}="{value}"]', 1)
    if attributes.get("role") in ("main", "article"):
        yield Selector(f'[role="{attributes["role"]}"]', 2)
    if (rel := attributes.get("rel")) in ("author", "tag"):
        yield Selector(f'[rel="{rel}"]', 1)
    if tag in _SEMANTIC:
        yield Selector(tag, 5 if tag == "main" else 3)
    identity = attributes.get("id")
    if identity and is_stable(identity):
        yield Selector(f"#{identity}", _rank(identity))
    for name in (attributes.get("class") or "").split()[:MAX_NAMES]:
        if is_stable(name):
            yield Selector(f".{name}", _rank(name))
        elif (module := _MODULE.fullmatch(name)) and not _TOOLS.match(name) and len(module[1]) >= 8:
            yield Selector(f'[class*="{module[1]}"]', 4)


def _rank(name: str) -> int:
    if name.lower() in _PLAIN:
        return 6
    verdict = judge(name)
    if verdict.body:
        return 2
    if verdict.part or verdict.category or verdict.deck:
        return 3
    return 6 if _OF_ONE_PAGE.match(name) else 4


def with_parent(selector: Selector, node: LexborNode, levels: int = 4) -> Iterator[Selector]:
    """The selector below a telling name of an element around the node, so many levels up: `article .text`."""
    above, steps = node.parent, 0
    while above is not None and above.tag not in ("body", "html") and steps < levels:
        best = min(selectors_of(above), key=lambda s: (s.rank, len(s.css)), default=None)
        if best and best.rank < 6 and best.css != selector.css:
            yield Selector(f"{best.css} {selector.css}", max(min(selector.rank, 5), best.rank))
            return
        above, steps = above.parent, steps + 1


def word_of(css: str) -> str:
    """A rule id's word for a selector: `share-bar` of `aside .share-bar`."""
    last = css.rsplit(" ", 1)[-1]
    if re.fullmatch("h[1-6]", last):
        return "heading"
    words = re.findall(r"[A-Za-z]+", last.split("=", 1)[-1])
    spread = [hump.lower() for word in words for hump in (_HUMPS.findall(word) or [word])]
    return "-".join(spread)[:40].strip("-") or "element"
