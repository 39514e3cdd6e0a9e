"""The headline, as the page shows it and without the site's name.

    1. the layout's title
    2. the h1 that a stated title (JSON-LD, og, twitter, <title>, microdata) agrees with: word for word, else as
       part of the other, else by most of its letters
    3. where the h1 is only the last step of the breadcrumbs: the h2 that is og:title or JSON-LD's headline word for
       word, else og:title, else that h1
    4. og:title instead, where the page calls itself an article in JSON-LD and its h1 is no stated title and a part of
       og:title or less than half of it: then the h1 is a slogan, a section or a part of the headline
    5. where nothing but <title> states one: the h2 that is that title, else the only h1, else the only `entry-title`
    6. without such a heading the title most sources agree on, JSON-LD before og, twitter, microdata and <title>
    7. where nothing states one, the highest heading above the text (see `facts.py`)

A kicker or a subtitle that stands in the heading as an element of its own, and that only some of the sources have,
is left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from itertools import islice, pairwise

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingest.describe.found import Found, Hints, Origin
from ingest.describe.publisher import host_names, site_names
from ingest.structured import Structured, plain, squeeze
from ingest.words import letters

MAX_HEADINGS = 8
MAX_LENGTH = 500
MAX_PARTS = 50  # elements of a heading among which its link is
MAX_STATED = 1_000  # characters of a stated title or heading that are looked at
MAX_CLIMB = 4  # elements around a heading, its own among them, that may be breadcrumbs
CRUMB = "crumb"
MAX_TEXT = 200_000  # characters of a page's text that are searched for a line
MIN_PART = 6  # letters of a title's part that may be the headline
SEPARATOR = re.compile(
    r"\s+(?:[|\-–—·•»«:*⋆›‹/♥]|::|\|\||>>|<<|//)\s+|\s*[｜│]\s*|_(?=[^\x00-\x7f])|(?<=\S)\s*(?:\||»)\s+| @ "
)
SIGN = re.compile(r"[|\-–—·•»«:*⋆›‹/♥<>｜│_@]")  # every separator has one; looking for it takes no time
BARE_SEPARATOR = re.compile(rf"{SEPARATOR.pattern}|(?<=[^\x00-\x7f])-+(?=[^\x00-\x7f])")
HOME = re.compile(
    r"(?:(?:https?:)?//[^/?#]{1,100})?/?(?:[a-z]{2}/?)?(?:index\.\w{1,5})?(?:\?\w{2,6}=[a-z]{2}(?:[-_][A-Za-z]{2})?)?"
)
CLOSING_MARKS = frozenset(",;:.!?…»”’)")


def find_title(
    tree: LexborHTMLParser, structured: Structured, hints: Hints, site: frozenset[str] | None = None
) -> Found[str] | None:
    """The headline without the site's name, at most MAX_LENGTH characters; `site` as `site_names` gives it."""
    names = site_names(structured, hints) if site is None else site
    if text := squeeze(hints.first("title") or ""):
        return Found(strip_site(text, names) or text, "layout")
    headings = _headings(structured.headings[: 4 * MAX_HEADINGS], names)
    stated = list(_stated_titles(structured, names)) or list(_stated_titles(structured, frozenset()))
    aside = {h for h in headings if _stands_aside(h.node)}
    found = _agreed_heading([h for h in headings if h not in aside], stated)
    if found is None and (crumb := _agreed_heading([h for h in headings if h in aside], stated)):
        found = _shown_title(tree, stated, names, letters(crumb.value)) or crumb
    found = found or _most_stated(stated)
    if found and structured.articles:
        found = _shared_title(found, stated) or found
    only_page_title = len(stated) == 1 and not structured.articles and "og:title" not in structured.meta
    if len({h.key for h in headings}) == 1 and (found is None or only_page_title):
        # <title> is often the same on all pages of a site, and an h1 the name of a section
        lesser = _headings(tree.css("h2")[: 4 * MAX_HEADINGS], names) if only_page_title else []
        found = _stated_heading(lesser, stated) or Found(headings[0].text, "page")
    elif only_page_title and len(marked := _headings(tree.css(".entry-title")[:2], names)) == 1:
        found = Found(marked[0].text, "page")
    elif only_page_title and found and found.origin == "meta":
        found = _shown_part(found.value, host_names(structured, hints), tree) or found
    return Found(found.value[:MAX_LENGTH], found.origin) if found else None


def _shown_title(
    tree: LexborHTMLParser, stated: list[_Stated], site: frozenset[str], crumb: str
) -> Found[str] | None:
    """The h2 that og:title or JSON-LD calls the headline, else og:title if it is more than the crumb's words."""
    headings = _headings(tree.css("h2")[: 4 * MAX_HEADINGS], site)
    if found := _stated_heading(headings, _own(stated)):
        return found
    shared = next((s for s in stated if s.name == "og:title"), None)
    differs = shared is not None and crumb not in shared.key and shared.key not in crumb
    return Found(shared.text, shared.origin) if shared and differs else None


def _headings(nodes: Iterable[LexborNode], names: frozenset[str]) -> list[_Heading]:
    """The first of the headings that are not the site's name."""
    headings = [_Heading(node) for node in nodes if not links_home(node)]
    return [h for h in headings if h.key and not is_site(h.key, names)][:MAX_HEADINGS]


def _stands_aside(node: LexborNode) -> bool:
    """Whether a heading is a step of the breadcrumbs, an entry of a menu, or says that it is another title."""
    if node.attributes.get("itemprop") == "alternativeHeadline":
        return True
    place: LexborNode | None = node
    for _ in range(MAX_CLIMB):
        if place is None or place.tag == "body":
            break
        if place.tag in ("nav", "li") or CRUMB in (place.attributes.get("class") or "").lower():
            return True
        place = place.parent
    return False


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


def _shown_part(title: str, hosts: set[str], tree: LexborHTMLParser) -> Found[str] | None:
    """The part of a <title> that the page shows as a line of its own, if no heading shows the whole.

    The longest beginning goes before the longest end: the site's name stands behind more often than before.
    """
    cuts = list(BARE_SEPARATOR.finditer(title))
    parts = [title[: cut.start()] for cut in reversed(cuts)] + [title[cut.end() :] for cut in cuts]
    parts = [part for part in parts if len(key := letters(part)) >= MIN_PART and key not in hosts]
    if not parts or tree.body is None:
        return None
    lines = {squeeze(line) for line in tree.body.text(separator="\n")[:MAX_TEXT].split("\n")}
    shown = next((part for part in parts if part in lines), None)
    whole = letters(title)
    if shown is None or any(letters(node.text()) == whole for node in tree.css("h2,h3")[: 4 * MAX_HEADINGS]):
        return None
    return Found(shown, "page")


def _shared_title(found: Found[str], stated: list[_Stated]) -> Found[str] | None:
    """The page's og:title for a heading that is stated nowhere and much shorter, or a part of what JSON-LD says too."""
    key = letters(found.value)
    shared = next((s for s in stated if s.name == "og:title"), None)
    if shared is None or any(s.key == key for s in stated):
        return None
    agreed = any(s.key == shared.key for s in stated if s.origin == "json-ld")
    is_part = 2 * len(key) < len(shared.key) or (agreed and key in shared.key)
    return Found(shared.text, shared.origin) if is_part else None


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

    @property
    def parted(self) -> bool:
        """Whether an element of its own holds a part of the text, as a kicker or a subtitle does."""
        inner = islice(self.node.traverse(), 1, MAX_PARTS)
        return any(key and key != self.key for key in (letters(node.text()[:MAX_STATED]) for node in inner))


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
    headlines: dict[str, str] = {}  # most sources say the same
    for name, text, origin in candidates:
        if text not in headlines:
            headlines[text] = strip_site(text[:MAX_STATED], names)
        stated = _Stated(name, headlines[text], origin)
        if stated.key and not is_site(stated.key, names):
            yield stated


def strip_site(title: str, names: frozenset[str]) -> str:
    """The title without a part before or after it that is a name of the site.

    >>> strip_site("Rain again - Sports - The Daily Cloud", frozenset({"thedailycloud"}))
    'Rain again - Sports'
    >>> strip_site("The Daily Cloud | Rain again", frozenset({"thedailycloud"}))
    'Rain again'
    """
    cuts = list(SEPARATOR.finditer(title)) if SIGN.search(title) else []
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


def _own(stated: list[_Stated]) -> list[_Stated]:
    """What names the article by itself: JSON-LD and og:title; the others hold shorter and longer forms."""
    return [s for s in stated if s.origin == "json-ld" or s.name == "og:title"]


def _stated_heading(headings: list[_Heading], stated: list[_Stated]) -> Found[str] | None:
    """The first heading that is a stated title, or that is one but for a kicker or a subtitle."""
    others = [s for s in stated if s.origin != "microdata"]  # which may be the heading itself
    for heading in headings:
        if same := next((s for s in others if heading.key == s.key), None):
            return Found(_without_kicker(heading, same, stated), "page")
    for heading in headings:
        for s in others:
            if _is_most_of(s, heading) and _has_edge(heading.key, s.key) and heading.parted:
                return Found(s.text, s.origin)
    for heading in headings:
        if same := next((s for s in stated if heading.key == s.key), None):
            return Found(_without_kicker(heading, same, stated), "page")
    return None


def _agreed_heading(headings: list[_Heading], stated: list[_Stated]) -> Found[str] | None:
    if found := _stated_heading(headings, stated):
        return found
    for meets in (str.startswith, str.endswith):
        for heading in headings:
            if len(heading.key) >= 8 and any(meets(s.key, heading.key) for s in stated):
                return Found(heading.text, "page")
    likeness = {h: max((_likeness(h.key, s.key) for s in stated), default=0.0) for h in headings}
    closest = max(likeness, key=lambda h: likeness[h], default=None)
    return Found(closest.text, "page") if closest and likeness[closest] > 0.35 else None


def _is_most_of(s: _Stated, heading: _Heading) -> bool:
    return len(s.key) >= 8 and 3 * len(s.key) > len(heading.key) > len(s.key)


def _has_edge(whole: str, part: str) -> bool:
    return whole.startswith(part) or whole.endswith(part)


def _without_kicker(heading: _Heading, same: _Stated, stated: list[_Stated]) -> str:
    """The heading, or the stated title that is its end when what stands before that is a kicker."""
    for s in _own(stated):
        if _is_most_of(s, heading) and heading.key.endswith(s.key) and heading.parted:
            return s.text
    if ":" not in heading.text and (
        apart := [s.text for s in stated if s.key == heading.key and ":" in s.text]
    ):
        return apart[0]
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
