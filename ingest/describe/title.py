"""The headline, as the page shows it and without the site's name.

    1. the layout's title
    2. the h1 that a stated title (JSON-LD, og, twitter, <title>, microdata) agrees with: word for word, else as
       part of the other, else by most of its letters
    3. og:title instead, where the page calls itself an article in JSON-LD and its h1 says something else, or the
       article's headline there is og:title: then the h1 is often a slogan, a section or a part of the headline
    4. without such an h1 the title most sources agree on, JSON-LD before og, twitter, microdata and <title>

A kicker ("Topic: Headline") or a subtitle that only some of the sources have is left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from itertools import islice, pairwise

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingest.describe.found import Found, Hints, Origin
from ingest.describe.publisher import site_names
from ingest.structured import Structured, plain, squeeze
from ingest.words import letters

MAX_HEADINGS = 8
MAX_LENGTH = 500
MAX_PARTS = 50  # elements of a heading among which its link is
MAX_STATED = 1_000  # characters of a stated title or heading that are looked at
SEPARATOR = re.compile(
    r"\s+(?:[|\-–—·•»«:*⋆›‹/♥]|::|\|\||>>|<<|//)\s+|\s*[｜│]\s*|_(?=[^\x00-\x7f])|(?<=\S)\s*(?:\||»)\s+| @ "
)
HOME = re.compile(
    r"(?:(?:https?:)?//[^/?#]{1,100})?/?(?:[a-z]{2}/?)?(?:index\.\w{1,5})?(?:\?\w{2,6}=[a-z]{2}(?:[-_][A-Za-z]{2})?)?"
)
CLOSING_MARKS = frozenset(",;:.!?…»”’)")


def find_title(tree: LexborHTMLParser, structured: Structured, hints: Hints) -> Found[str] | None:
    """The headline without the site's name, at most MAX_LENGTH characters."""
    if text := hints.first("title"):
        return Found(squeeze(text), "layout")
    names = site_names(structured, hints)
    headings = [_Heading(node) for node in structured.headings[: 4 * MAX_HEADINGS] if not links_home(node)]
    headings = [h for h in headings if h.key and not is_site(h.key, names)][:MAX_HEADINGS]
    stated = list(_stated_titles(structured, names)) or list(_stated_titles(structured, frozenset()))
    found = _agreed_heading(headings, stated) or _most_stated(stated)
    if found and structured.articles:
        found = _shared_title(found, stated) or found
    only_page_title = len(stated) == 1 and not structured.articles and "og:title" not in structured.meta
    if len({h.key for h in headings}) == 1 and (found is None or only_page_title):
        found = Found(headings[0].text, "page")  # <title> is often the same on all pages of a site
    return Found(found.value[:MAX_LENGTH], found.origin) if found else None


def spaced_text(node: LexborNode) -> str:
    """The texts of an element's nodes with spaces between them, but none before a comma or point."""
    line = ""
    for piece in node.text(separator="\0")[: 4 * MAX_STATED].split("\0"):
        if text := squeeze(piece):
            line += text if not line or text[0] in CLOSING_MARKS else " " + text
    return line


def links_home(node: LexborNode) -> bool:
    """Whether a heading is a link to the site's first page: then it is the site's name."""
    parent = node.parent
    around = (parent,) if parent is not None else ()
    for element in (*around, *islice(node.traverse(), MAX_PARTS)):  # a query takes ten times as long
        if element.tag == "a" and (address := (element.attributes.get("href") or "").strip()):
            return HOME.fullmatch(address) is not None
    return False


def headline_node(structured: Structured) -> LexborNode | None:
    """The h1 that the page's stated titles name, else its first h1 with text."""
    headings = [node for node in structured.headings[:MAX_HEADINGS] if not links_home(node)]
    nodes = [(node, letters(node.text()[:MAX_STATED])) for node in headings]
    titles = [
        letters(text) for name in ("og:title", "twitter:title") for text in structured.meta.get(name, ())[:1]
    ]
    titles += [letters(plain(article.get("headline"))) for article in structured.articles[:1]]
    titles = [title[:MAX_STATED] for title in (*titles, letters(structured.page_title or ""))]
    for node, key in nodes:
        if len(key) >= 8 and any(title and (key in title or title in key) for title in titles):
            return node
    return next((node for node, key in nodes if key), None)


def _shared_title(found: Found[str], stated: list[_Stated]) -> Found[str] | None:
    """The page's og:title, if JSON-LD says the same, or neither it nor the title found is a part of the other."""
    shared = next((s for s in stated if s.name == "og:title"), None)
    headline = next((s for s in stated if s.origin == "json-ld"), None)
    if shared is None:
        return None
    key = letters(found.value)
    if headline is not None and headline.key == shared.key:
        differs = key != shared.key
    else:
        differs = found.origin == "page" and key not in shared.key and shared.key not in key
    return Found(shared.text, shared.origin) if differs else None


class _Stated:
    """A title the page states in its data, by the name it has there."""

    def __init__(self, name: str, text: str, origin: Origin) -> None:
        self.name, self.text, self.origin, self.key = name, text, origin, letters(text)


class _Heading:
    """A heading on the page, its parts apart and run together."""

    def __init__(self, node: LexborNode) -> None:
        self.node = node
        self.joined = squeeze(node.text(separator="")[: 2 * MAX_STATED])[:MAX_STATED]
        self.key = letters(self.joined)

    @property
    def text(self) -> str:
        return spaced_text(self.node)


def _stated_titles(structured: Structured, names: frozenset[str]) -> Iterable[_Stated]:
    candidates: list[tuple[str, str, Origin]] = []
    for article in structured.articles[:1]:
        headline = plain(article.get("headline")) or plain(article.get("name"))
        candidates.append(("headline", headline, "json-ld"))
    for name in ("og:title", "twitter:title"):
        candidates += [(name, plain(text), "meta") for text in structured.meta.get(name, ())[:1]]
    for text in structured.microdata.get("headline", ())[:1]:
        candidates.append(("headline", plain(text), "microdata"))
    candidates.append(("title", plain(structured.page_title), "meta"))
    for name, text, origin in candidates:
        stated = _Stated(name, strip_site(text[:MAX_STATED], names), origin)
        if stated.key and not is_site(stated.key, names):
            yield stated


def strip_site(title: str, names: frozenset[str]) -> str:
    """The title without a part before or after it that is a name of the site.

    >>> strip_site("Rain again - Sports - The Daily Cloud", frozenset({"thedailycloud"}))
    'Rain again - Sports'
    >>> strip_site("The Daily Cloud | Rain again", frozenset({"thedailycloud"}))
    'Rain again'
    """
    cuts = list(SEPARATOR.finditer(title))
    parts = [(cut, len(title), cut is not cuts[-1]) for cut in cuts]
    parts += [(cut, after.start(), False) for cut, after in pairwise(cuts) if cut.end() < after.start()]
    for cut, end, exact in parts:
        if is_site(letters(title[cut.end() : end]), names, exact=exact):
            head = title[: cut.start()]
            return head.split(" | ")[0] if "|" in cut[0] else head
    for cut in reversed(cuts):
        if is_site(letters(title[: cut.start()]), names):
            return title[cut.end() :].lstrip("»›>|/–—- ")
    return title


def is_site(key: str, names: frozenset[str], *, exact: bool = False) -> bool:
    """Whether these letters are a name of the site or, if not `exact`, one with little around it."""
    if not key or key in names:
        return True
    return not exact and any(_is_variant(key, name) or _is_variant(name, key) for name in names)


def _is_variant(long: str, short: str) -> bool:
    return len(short) > 4 and _has_edge(long, short) and len(long.replace(short, "")) <= len(short)


def _agreed_heading(headings: list[_Heading], stated: list[_Stated]) -> Found[str] | None:
    for heading in headings:
        if same := next((s for s in stated if heading.key == s.key), None):
            return Found(_without_kicker(heading, same, stated), "page")
    for heading in headings:
        for s in stated:
            if (
                len(s.key) >= 8
                and 3 * len(s.key) > len(heading.key) > len(s.key)
                and _has_edge(heading.key, s.key)
            ):
                return Found(s.text, s.origin)
    for meets in (str.startswith, str.endswith):
        for heading in headings:
            if len(heading.key) >= 8 and any(meets(s.key, heading.key) for s in stated):
                return Found(heading.text, "page")
    likeness = {h: max((_likeness(h.key, s.key) for s in stated), default=0.0) for h in headings}
    closest = max(likeness, key=lambda h: likeness[h], default=None)
    return Found(closest.text, "page") if closest and likeness[closest] > 0.35 else None


def _has_edge(whole: str, part: str) -> bool:
    return whole.startswith(part) or whole.endswith(part)


def _without_kicker(heading: _Heading, same: _Stated, stated: list[_Stated]) -> str:
    """The heading, or the stated title that is its end when what stands before that is a kicker."""
    for s in stated:
        if 3 * len(s.key) > len(heading.key) > len(s.key) >= 8 and heading.key.endswith(s.key):
            return s.text
    return heading.text if heading.text == heading.joined else same.text


def _likeness(a: str, b: str) -> float:
    """The share of common letter triples in the shorter text's, at least half the longer one's."""
    triples = [{text[i : i + 3] for i in range(len(text) - 2)} for text in (a, b)]
    size = max(min(map(len, triples)), max(map(len, triples)) // 2)
    return len(triples[0] & triples[1]) / size if size else 0.0


def _most_stated(stated: list[_Stated]) -> Found[str] | None:
    if not stated:
        return None
    votes = Counter(s.key for s in stated)
    best = max(stated, key=lambda s: votes[s.key])
    if best.text.endswith(("…", "...")):
        stem = best.key
        best = next((s for s in stated if s.key.startswith(stem) and len(s.key) > len(stem)), best)
    return Found(best.text, best.origin)
