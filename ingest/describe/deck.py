"""The deck: the summary a page shows under its headline, else the one it states for readers elsewhere.

1. the layout's deck
2. a text shown after the headline: one marked as deck (class, id: standfirst, lede, Vorspann, ...), or one that
   holds the stated description; else one marked by a word that other things have too (summary, teaser, description)
3. the stated description: og:description, meta description, JSON-LD, twitter:description
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingest.describe.found import Found, Hints, Origin
from ingest.describe.title import headline_node, spaced_text
from ingest.structured import Structured, first_meta, plain, squeeze
from ingest.words import letters

MIN_LENGTH = 25  # characters; shorter texts are kickers and labels
MIN_STATED = 10
MAX_LENGTH = 1_000
MAX_LEVELS = 6  # how far up from the headline
MAX_NODES = 100  # how many elements after it
MAX_STEPS = 2_000  # nodes of any kind looked at for these
MAX_MARKS = 500  # characters of an element's class and id
MAX_BEHIND = 5  # elements behind one that may be the deck in which a likelier one is looked for
MAX_PARAGRAPHS = 2  # unmarked paragraphs after which the deck is over
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
MARK = re.compile(
    r"(?<![a-z])(?:sub(?:-|_)?(?:title|tit|head|heading|headline|dek|deck)s?|dec?k|stand-?first|led[e]|lead|leadtext|"
    r"leadin|leading-?text|lead-?text|intro|introduction|preface|abstract|synopsis|einleitung|vorspann|anriss|anreisser|"
    r"chapeau|chapo|sottotitolo|sommario|entradilla|bajada|copete|sumario|epigrafe|"
    r"linha-?fina|ingress|manchet|undertitel|underrubrik|perex|zajawka|sapo|drop-?line)(?![a-z])"
)
WEAK_MARK = re.compile(  # of other things too
    r"(?<![a-z])(?:sub(?:-|_)?lines?|excerpt|summary|teaser|resumen|resume|spot|"
    r"ozet|blurb|first-?paragraph|short-?text|desc|descp|description)(?![a-z])"
)
STRONG, WEAK, OUTSIDE = 2, 1, -1
NOT_DECK = re.compile(
    r"(?<![a-z])(?:image|img|media|video|caption|credit|author|byline|meta|date|time|tags?|share|social|nav|menu|button|btn|"
    r"breadcrumbs?|comments?|related|recommend\w*|more|newsletter|ad|ads|advert\w*|gallery|audio|player|toc|list|links|"
    r"paywall|plus|price|offer|subscri\w+|sign-?up|login|follow|profile|bio|sponsor\w*)"
    r"(?![a-z])"
)
# nothing in there is of the page
OVERLAY = re.compile(r"(?<![a-z])(?:modal|pop-?up|overlay|tooltip)(?![a-z])")
NOISE = re.compile(
    r"^\W*\d{1,2}[./]?\s?\w{1,10}[./]?\s?(?:19|20)\d\d\b.{0,40}$|©|\d{1,2}[:.]\d{2}(?: (?:Uhr|h|[ap]\.?m\.?))?$|[{}<>]",
    re.IGNORECASE,
)
BLOCKS = frozenset({"p", "div", "br", "ul", "li", "section", "article", "h2", "h3", "h4", "header", "figure"})
PLAIN = frozenset({"p", "h2", "h3", "h4", "div", "strong"})
INNER = "p,h2,h3,h4,div,span,strong"
SKIPPED = frozenset(
    {
        "script",
        "style",
        "noscript",
        "figure",
        "figcaption",
        "nav",
        "aside",
        "form",
        "ul",
        "ol",
        "time",
        "svg",
        "template",
    }
)


def find_deck(tree: LexborHTMLParser, structured: Structured, hints: Hints) -> Found[str] | None:
    """The deck on one line, at most MAX_LENGTH characters."""
    if text := hints.first("deck"):
        return Found(squeeze(text)[:MAX_LENGTH], "layout")
    stated = list(_stated(structured))
    headline = headline_node(structured)
    if headline is not None and (shown := _shown_deck(headline, [letters(text) for text, _ in stated])):
        return Found(shown, "page")
    return next((Found(text, origin) for text, origin in stated), None)


def _stated(structured: Structured) -> Iterator[tuple[str, Origin]]:
    article = structured.articles[0] if structured.articles else {}
    candidates: list[tuple[str | None, Origin]] = [
        (first_meta(structured, "og:description"), "meta"),
        (first_meta(structured, "description"), "meta"),
        (article.get("description"), "json-ld"),
        (first_meta(structured, "twitter:description"), "meta"),
    ]
    for text, origin in candidates:
        if len(text := plain(text)) >= MIN_STATED:
            yield text[:MAX_LENGTH], origin


def _shown_deck(headline: LexborNode, stated: list[str]) -> str | None:
    title = letters(headline.text()[:MAX_LENGTH])
    weak: str | None = None  # what may be the deck, but gives way to what surely is
    weak_held = False
    paragraphs = behind = 0
    for node, mark in _following(headline):
        behind += weak is not None
        if behind > MAX_BEHIND:
            break
        if not mark and (node.tag not in PLAIN or (node.tag == "div" and has_blocks(node))):
            continue
        text = _text(node)
        key = letters(text)
        if not MIN_LENGTH <= len(text) <= MAX_LENGTH or key in title or NOISE.search(text):
            continue
        held = any(_holds(key, statement) for statement in stated)
        if mark == STRONG or (held and not mark and weak is None):
            return _innermost(node, stated) or text
        if mark and (weak is None or (held and not weak_held)) and (held or not paragraphs):
            weak, weak_held = _innermost(node, stated) or text, held
        paragraphs += node.tag == "p"
        if paragraphs > MAX_PARAGRAPHS:
            break
    return weak


def _innermost(node: LexborNode, stated: list[str]) -> str | None:
    """The text of the smallest element in the node that holds a stated description."""
    if not _has_elements(node):
        return None
    texts = (_text(inner) for inner in node.css(INNER)[:20])
    holding = [text for text in texts if any(_holds(letters(text), statement) for statement in stated)]
    return min(holding, key=len, default=None)


def _following(headline: LexborNode) -> Iterator[tuple[LexborNode, int]]:
    """The elements after the headline and their marks, inner before outer surroundings, at most MAX_NODES."""
    count = steps = 0
    place: LexborNode | None = headline
    for _ in range(MAX_LEVELS):
        if place is None or place.tag == "body":
            return
        stack = [place.next] if place.next is not None else []
        while stack and steps < MAX_STEPS:
            steps += 1
            node = stack.pop()
            if node.next is not None:
                stack.append(node.next)
            if not node.is_element_node or node.tag in SKIPPED:
                continue
            count += 1
            if count > MAX_NODES:
                return
            mark = _mark(node)
            if mark == OUTSIDE:
                continue
            yield node, mark
            if node.first_child is not None:
                stack.append(node.first_child)
        place = place.parent


def _mark(node: LexborNode) -> int:
    """How surely an element calls itself the deck: STRONG, WEAK or 0; OUTSIDE for what lies over the page."""
    attributes = node.attributes
    stated = WEAK if attributes.get("itemprop") in ("description", "alternativeHeadline", "abstract") else 0
    marks = [attributes[name] or "" for name in ("class", "id", "data-testid") if name in attributes]
    strength = _strength(" ".join(marks)[:MAX_MARKS]) if marks else 0
    return strength if strength == OUTSIDE else max(stated, strength)


@lru_cache(maxsize=8192)  # the pages of a site share their class names
def _strength(marks: str) -> int:
    marks = CAMEL.sub("-", marks).lower()
    if OVERLAY.search(marks):
        return OUTSIDE
    if NOT_DECK.search(marks):
        return 0
    return STRONG if MARK.search(marks) else WEAK if WEAK_MARK.search(marks) else 0


def _has_elements(node: LexborNode) -> bool:
    return next(node.iter(), None) is not None


def has_blocks(node: LexborNode) -> bool:
    return any(child.tag in BLOCKS for child in node.iter())


def _holds(key: str, statement: str) -> bool:
    """Whether a text is the stated description with little around it."""
    return len(statement) >= MIN_LENGTH // 2 and statement in key and 2 * len(statement) > len(key)


def _text(node: LexborNode) -> str:
    joined = node.text(separator="")
    if len(joined) > 4 * MAX_LENGTH:
        return ""
    return spaced_text(node) if has_blocks(node) else squeeze(joined)
