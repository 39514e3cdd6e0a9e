"""What an element says of the text in it, by its tag and its attributes alone.

A tag has one role in the walk of a tree. A tag or the words in an element's class and id may name furniture (a
category of the vocabulary), the body or the deck of an article (a hint), or a part such as a caption.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from ingest.records import BlockKind
from ingest.vocabulary import LONGEST_NAMES, NOTHING, NUMBERS, VOCABULARY, judge

BODY_HINT: Final = 1
"""The class is one that article bodies carry."""
ARTICLE_BODY: Final = 2
"""The element is marked `itemprop="articleBody"`."""
DECK_HINT: Final = 4
"""The class is one that decks carry."""

(INLINE, SKIP, LINK, STRONG, SPAN, OPTION, PICTURE, MEDIA, BREAK, RULE) = range(10)
(BLOCK, PARAGRAPH, HEADING, ITEM, LIST, QUOTE, PRE, TABLE, ROW, CELL, FIGURE, CAPTION) = range(10, 22)
"""A tag's role, in an order that the walk relies on: from SPAN on it is looked at, from BLOCK on it has a node."""
TEXT: Final = 2

_TAGS_OF_ROLE: dict[int, str] = {
    SKIP: "script style template svg iframe head title link meta base source track param embed area applet object "
    "canvas frame frameset noframes noembed progress meter input datalist rt rp col colgroup",
    LINK: "a",
    STRONG: "b strong",
    SPAN: "span small button label select textarea output",
    OPTION: "option optgroup",
    PICTURE: "img image",
    MEDIA: "video audio",
    BREAK: "br",
    RULE: "hr",
    BLOCK: "div section article main body html header footer nav aside address hgroup center details summary form "
    "fieldset legend dialog menu search noscript thead tbody tfoot marquee",
    PARAGRAPH: "p",
    HEADING: "h1 h2 h3 h4 h5 h6",
    ITEM: "li dd dt",
    LIST: "ul ol dl dir",
    QUOTE: "blockquote",
    PRE: "pre listing plaintext xmp",
    TABLE: "table",
    ROW: "tr",
    CELL: "td th",
    FIGURE: "figure",
    CAPTION: "figcaption caption",
}
_TAGS_OF_CATEGORY: dict[str, str] = {
    "navigation": "nav menu",
    "footer": "footer",
    "control": "button label legend select textarea output",
    "form": "form fieldset",
    "aside": "aside",
    "noscript": "noscript",
    "invisible": "dialog",
}
_factory = LexborHTMLParser("")


def tag_id(name: str) -> int:
    """Lexbor's number of an HTML tag."""
    return _factory.create_node(name).tag_id


TAG_LIMIT: Final = 512  # above every HTML tag; a custom element's tag id is an address, far above
ROLES = [INLINE] * TAG_LIMIT
CATEGORIES = [0] * TAG_LIMIT
for _role, _names in _TAGS_OF_ROLE.items():
    for _name in _names.split():
        ROLES[tag_id(_name)] = _role
for _category, _names in _TAGS_OF_CATEGORY.items():
    for _name in _names.split():
        CATEGORIES[tag_id(_name)] = NUMBERS[_category]
TAG_NAMES: dict[int, str] = {tag_id(name): name for names in _TAGS_OF_ROLE.values() for name in names.split()}

HEADING_LEVELS = {tag_id(f"h{level}"): level for level in range(1, 7)}
OL: Final = tag_id("ol")
H1: Final = tag_id("h1")
_ASIDE: Final = tag_id("aside")
DETAILS: Final = NUMBERS["details"]
_ROLE: Final = NUMBERS["role"]
_INVISIBLE: Final = NUMBERS["invisible"]
# What a tag says for sure, whatever the class beside it.
_SURE: Final = frozenset(
    NUMBERS[name]
    for name, category in VOCABULARY.categories.items()
    if name == "noscript" or category.guard == "always"
)
TELLING: Final = frozenset({"itemprop", "style", "hidden", "aria-hidden", "role"})
_STYLED_AWAY = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|clip\s*:\s*rect\(0", re.IGNORECASE)


def judge_element(attributes: Mapping[str, str | None], tag: int) -> tuple[int, int, BlockKind | None, str]:
    """Category, hint, kind of part and names of an element, by its attributes and tag."""
    own = attributes.get("class")
    if own and len(attributes) == 1 and len(own) <= LONGEST_NAMES:
        return _judge_class(own, tag)
    return _judge_attributes(attributes, tag)


@lru_cache(maxsize=1 << 15)  # most elements have a class and nothing else, and pages of a site share them
def _judge_class(names: str, tag: int) -> tuple[int, int, BlockKind | None, str]:
    return _judge_attributes({"class": names}, tag)


def _judge_attributes(
    attributes: Mapping[str, str | None], tag: int
) -> tuple[int, int, BlockKind | None, str]:
    own = attributes.get("class")
    category, body, deck, part = judge(own) if own else NOTHING
    hint = BODY_HINT if body else DECK_HINT if deck else 0
    if len(attributes) > 1 or not own:
        identity = attributes.get("id")
        if identity and not category:
            category, body, _, _ = judge(identity)
            hint = (hint & ~BODY_HINT) if category else (BODY_HINT if body else hint)
        own = own or identity
        if not TELLING.isdisjoint(attributes):
            if "articlebody" in (attributes.get("itemprop") or "").lower():
                return 0, ARTICLE_BODY, None, own or ""
            if is_hidden(attributes):
                category = _INVISIBLE
            if attributes.get("role") in VOCABULARY.roles:
                category = _ROLE
    by_tag = CATEGORIES[tag]
    if by_tag and (by_tag in _SURE or (not category and not (hint and tag == _ASIDE))):
        category = by_tag
    return category, hint, part, own or ""


def is_hidden(attributes: Mapping[str, str | None]) -> bool:
    """Whether an element's own attributes take it out of sight."""
    style = attributes.get("style")
    if style and _STYLED_AWAY.search(style):
        return True
    return "hidden" in attributes or attributes.get("aria-hidden") == "true"
