"""Who wrote it: persons; newsrooms, agencies and companies only where no person is named.

1. the layout's authors
2. persons in the article's JSON-LD (author, creator); an account's name ("annlee") only where 4 shows no full one
3. persons in meta tags (author, article:author, parsely-author, sailthru.author, byl, Dublin Core, cXense)
4. persons in the page's bylines: rel=author, itemprop=author, byline and author classes near the headline
5. persons in twitter:data1, where its label is not the reading time; links to pages of editors and journalists; a
   line of text that begins like a byline
6. groups, in the order of 2, 4, 3; an agency in a meta tag before 4 and 5
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingest.describe.byline import Byline, is_label, parse_byline, read_byline
from ingest.describe.found import Found, Hints, Origin
from ingest.describe.names import AGENCIES, AND
from ingest.describe.publisher import site_names
from ingest.structured import Structured, as_list, squeeze, strings, types_of
from ingest.words import letters

__all__ = ["find_authors", "parse_byline"]

META = (
    "author",
    "article:author",
    "parsely-author",
    "sailthru.author",
    "byl",
    "dc.creator",
    "dcterms.creator",
    "cxenseparse:author",
)
# Ends of "author", "Autor", "auteur", "byline", however they begin: matching without regard to case takes longer.
BYLINES = (
    'h1,[rel~="author"],[itemprop~="author"],[class*="uthor"],[class*="utor"],[class*="uteur"],[class*="yline"],'
    'a[href*="/aut"]'
)
STAFF_PAGES = 'h1,a[href*="/editor"],a[href*="/journalist"],a[href*="/contributor"]'
BYLINE = re.compile(r"auth?or(?!i[sz]|it[iy])|auteur|byline", re.IGNORECASE)
AUTHOR_PAGE = re.compile(
    r"/(?:aut(?:h?or|eur)[a-z]{0,3}|(?:editor|journalist|contributor)[a-z]?)/[^/]{3}", re.IGNORECASE
)
FOREIGN = re.compile(
    r"\bcomment(?:s|list|-|_|\b)|kommentar(?:e|liste|-)|related|recommend|teaser|sidebar|promo|popular|most-?read|disqus|media-?(?:box|info)"
)
SKIPPED = frozenset(
    {"h1", "body", "html", "meta", "form", "input", "button", "img", "link", "script", "style"}
)
CONNECTOR = re.compile(rf"(?<!\w)(?:{AND}|y|e)(?!\w)\s*$|[,&+/]\s*$")
CONTINUES = re.compile(rf"(?:{AND}|y|e)(?!\w)|[,&+/]")
OPENING = re.compile(
    r"\x00\s*(?=[ABDOPTVWbpvАТמב作記记執撰])(?:[Bb]y|BY|[Vv]on|VON|[Pp]ar|PAR|[Pp]or|POR|Di|Door|Av|Af|Oleh|Text[eo]?(?=\s*[:：\x00]|\s(?:by|di|par|por|von)\s)|Autor(?:in|en|es|a|i)?|"
    r"Auteure?s?|Authors?|Written by|Автор|Текст|מאת|بقلم|作者|記者|记者|執筆|撰文)(?:\s*[:：]|[\s\x00])"
)
WAY = re.compile(r"^(?:von|from)\s.*\s(?:zum|zur|bis|nach|to)\s", re.IGNORECASE)  # "Von Bonn zum Meer"
MAX_LINE = 100  # characters of a line of text that is taken for a byline
MAX_PAGE = 400_000
MAX_NODES = 60
MAX_BYLINE = 200  # characters of an element that is taken for a byline
MAX_CLIMB = 12
MAX_INITIALS = 3  # letters of a name all in capitals that is only somebody's initials
MAX_MARKS = 500  # characters of an element's class and id


def find_authors(
    tree: LexborHTMLParser, structured: Structured, hints: Hints, site: frozenset[str] | None = None
) -> Found[tuple[str, ...]] | None:
    """The authors as the page names them, without labels, roles, places, doubles; `site` as `site_names` gives it."""
    site = site_names(structured, hints) if site is None else site
    if given := hints.fields.get("authors"):
        byline = _merge(read_byline(text, site=site) for text in given)
        if names := byline.persons or byline.groups:
            return Found(names, "layout")
    stated, written = _from_json_ld(structured, site), _from_meta(structured, site)
    agencies = tuple(name for name in written.groups if _is_agency(name))
    shown = Byline()
    if not written.persons and not any(_is_full(name) for name in stated.persons):
        farthest = 0 if stated.persons or stated.groups or agencies else 1
        known = frozenset(filter(_is_agency, (*stated.groups, *agencies)))
        shown = _from_page(tree, structured, site, farthest, agencies=known)
        if stated.persons and any(_is_full(name) for name in shown.persons):
            stated = Byline()  # an account's name, such as "annlee", gives way to the one shown
    found: list[tuple[tuple[str, ...], Origin]] = [
        (stated.persons, "json-ld"),
        (written.persons, "meta"),
        (shown.persons, "page"),
        (stated.groups, "json-ld"),
        (agencies, "meta"),
        (shown.groups, "page"),
    ]
    for names, origin in found:
        if names:
            return Found(names, origin)
    if names := _from_twitter(structured, site).persons:
        return Found(names, "meta")
    if names := _from_lone_person(structured, site).persons:
        return Found(names, "json-ld")
    staff = _from_page(tree, structured, site, farthest=1, places=STAFF_PAGES)
    if names := staff.persons or _from_text(tree, site).persons:
        return Found(names, "page")
    return Found(written.groups, "meta") if written.groups else None


def _is_agency(name: str) -> bool:
    return name.casefold() in AGENCIES


def _merge(bylines: Iterator[Byline]) -> Byline:
    """All persons and groups of several bylines, each once however it is written."""
    persons: dict[str, str] = {}
    groups: dict[str, str] = {}
    for byline in bylines:
        for name in byline.persons:
            persons.setdefault(letters(name), name)
        for name in byline.groups:
            groups.setdefault(letters(name), name)
    return Byline(tuple(persons.values()), tuple(groups.values()))


def _from_json_ld(structured: Structured, site: frozenset[str]) -> Byline:
    for item in structured.articles[:2]:
        authors = _merge(_agents(item.get("author"), site))
        creators = _merge(_agents(item.get("creator"), site))
        byline = creators if set(creators.persons) > set(authors.persons) else authors
        if byline.persons or byline.groups:
            return byline
    return Byline()


def _agents(value: object, site: frozenset[str]) -> Iterator[Byline]:
    """One byline for each author of a JSON-LD value: string, person, organisation, or a list of these."""
    for agent in as_list(value):
        if isinstance(agent, dict) and any(kind.endswith("Organization") for kind in types_of(agent)):
            yield Byline((), tuple(strings(agent)))
        else:
            for text in strings(agent):
                yield read_byline(text, site=site)


def _from_meta(structured: Structured, site: frozenset[str]) -> Byline:
    groups: list[str] = []
    for name in META:
        values = structured.meta.get(name, ())
        byline = _merge(read_byline(text, site=site) for text in values)
        if any(" " in person or not person.isascii() for person in byline.persons):
            return byline
        groups += byline.groups or byline.persons
    return Byline((), tuple(dict.fromkeys(groups)))


def _from_twitter(structured: Structured, site: frozenset[str]) -> Byline:
    for text in structured.meta.get("twitter:data1", ())[:1]:
        if not re.search(r"\d", text):
            return read_byline(text, site=site)
    return Byline()


def _from_page(
    tree: LexborHTMLParser,
    structured: Structured,
    site: frozenset[str],
    farthest: int,
    places: str = BYLINES,
    agencies: frozenset[str] = frozenset(),
) -> Byline:
    """The byline nearest after the headline, else the last one before it. One that names only an agency that the page's
    head names, too, is the article's, whoever stands after it."""
    headline = next((node for node in structured.headings if node.first_child is not None), None)
    here = (
        headline.mem_id if headline is not None else 0
    )  # nodes compare by their markup: identities are cheap
    nodes = [node for node in tree.css(places) if node.mem_id == here or _is_byline(node)]
    start = next((i for i, node in enumerate(nodes) if node.mem_id == here), 0)
    home = frozenset(_path(headline)) if headline is not None else frozenset()
    groups: tuple[str, ...] = ()
    for part in (nodes[start : start + MAX_NODES], nodes[:start][-MAX_NODES:]):
        distances = [(_distance(node, home), node) for node in part if node.mem_id != here]
        own = [node for wanted in range(farthest + 1) for distance, node in distances if distance == wanted]
        initials = Byline()
        for i, node in enumerate(own):
            byline = _read_node(node, site)
            if any(len(name) > MAX_INITIALS or not name.isupper() for name in byline.persons):
                return _merge(iter([byline, *_read_siblings(node, own[i + 1 : i + 12], site)]))
            if not byline.persons and not agencies.isdisjoint(byline.groups):
                return byline
            initials = initials if initials.persons else byline
            groups = groups or byline.groups
        if initials.persons:
            return initials
    return Byline((), groups)


def _is_byline(node: LexborNode) -> bool:
    attributes = node.attributes
    marks = [attributes.get(name) or "" for name in ("class", "rel", "itemprop")]
    if node.tag in SKIPPED:
        return False
    return (
        BYLINE.search(" ".join(marks)) is not None
        or AUTHOR_PAGE.search(attributes.get("href") or "") is not None
    )


def _path(node: LexborNode, levels: int = 4 * MAX_CLIMB) -> Iterator[int]:
    """The identities of the nodes above this one, nearest first."""
    place = node.parent
    for _ in range(levels):
        if place is None:
            return
        yield place.mem_id
        place = place.parent


def _from_lone_person(structured: Structured, site: frozenset[str]) -> Byline:
    """The only person in the page's JSON-LD, where nothing says what that person did."""
    persons = [item for item in structured.others if "Person" in types_of(item)]
    return _merge(_agents(persons[0], site)) if len(persons) == 1 else Byline()


def _from_text(tree: LexborHTMLParser, site: frozenset[str]) -> Byline:
    """The first line of text that is a label and full names ("By Ann Lee"), whatever its markup."""
    text = "\0" + tree.body.text(separator="\0")[:MAX_PAGE] if tree.body is not None else ""
    for match in OPENING.finditer(text):
        pieces = [
            piece for part in text[match.start() :][: 5 * MAX_LINE].split("\0") if (piece := squeeze(part))
        ]
        line = _join(pieces[:8]).split(" | ")[0]
        found = read_byline(line, site=site) if len(line) <= MAX_LINE and not WAY.search(line) else Byline()
        if found.persons and all(_is_full(name) for name in found.persons):
            return found
    return Byline()


def _read_node(node: LexborNode, site: frozenset[str]) -> Byline:
    """The names in a byline's element: its text as one line, else each of its texts for itself."""
    pieces = [text for piece in node.text(separator="\0").split("\0") if (text := squeeze(piece))]
    lines = _join(pieces), " ".join(pieces)
    found = Byline()
    for line in lines if len(lines[0]) <= MAX_BYLINE else ():
        found = read_byline(line, site=site)
        if found.groups or any(" " in name or not name.isascii() for name in found.persons):
            break
    if found.persons and (listed := _read_list(node, pieces, site)).persons:
        return listed
    if _is_author(node):
        return found
    return Byline(tuple(name for name in found.persons if _is_full(name)), found.groups)


def _read_list(node: LexborNode, pieces: list[str], site: frozenset[str]) -> Byline:
    """The names in a byline's element that holds nothing but entries of a list or links, each a full name."""
    names = [piece for piece in pieces if not is_label(piece)]
    if len(names) < 2 or len(node.css("li") or node.css("a")) != len(names):
        return Byline()
    byline = _merge(read_byline(name, site=site) for name in names)
    alone = all(_is_full(name) for name in byline.persons) and set(byline.persons) == set(names)
    return byline if alone else Byline()


def _join(pieces: list[str]) -> str:
    """The texts of an element's nodes, bars between them except around labels and words like "and"."""
    line = ""
    open_end = True
    for piece in pieces:
        line += (" " if open_end or CONTINUES.match(piece) else " | ") + piece
        open_end = is_label(piece) or bool(CONNECTOR.search(piece[-8:]))
    return line


def _is_full(name: str) -> bool:
    return (" " in name and not name.islower()) or not name.isascii()


def _read_siblings(first: LexborNode, nodes: list[LexborNode], site: frozenset[str]) -> Iterator[Byline]:
    """The bylines of the elements that stand beside the first one and look like it."""
    near = set(_path(first, 2))
    for node in nodes:
        if node.tag == first.tag and not near.isdisjoint(_path(node, 2)):
            yield _read_node(node, site)


def _is_author(node: LexborNode) -> bool:
    attributes = node.attributes
    marks = f"{attributes.get('rel')} {attributes.get('itemprop')} {attributes.get('href')} {attributes.get('class')}"
    return bool(re.search(r"\bauthor\b|/author|/autor|\bfn\b|\bauthor[-_]?name|user", marks))


def _distance(node: LexborNode, home: frozenset[int]) -> int:
    """How far a node is from the article: 0 beside the headline (`home`), 1 in an aside, 2 in comments or teasers.

    Footers and menus are as far as comments, but 1 what they state as the author of the article around them.
    """
    place: LexborNode | None = node
    distance = 0
    for _ in range(MAX_CLIMB):
        if place is None or place.mem_id in home or (distance and place.tag in ("article", "main")):
            break
        attributes = place.attributes
        marks = f"{attributes.get('class')} {attributes.get('id')}"[:MAX_MARKS]
        if _is_foreign(marks) or place.tag == "figure":
            return 2
        if place.tag in ("footer", "nav"):
            if not _is_stated(node):
                return 2
            distance = 1
        distance = max(distance, place.tag == "aside")
        place = place.parent
    return distance


def _is_stated(node: LexborNode) -> bool:
    """Whether the page's markup says that this is the author: rel=author, itemprop=author."""
    attributes = node.attributes
    return "author" in f"{attributes.get('rel')} {attributes.get('itemprop')}".split()


@lru_cache(maxsize=8192)  # the bylines of a page share their surroundings
def _is_foreign(marks: str) -> bool:
    return FOREIGN.search(marks.lower()) is not None
