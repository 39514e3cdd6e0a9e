"""What a page says about itself in machine-readable form: JSON-LD, meta tags, microdata, head elements.

one selector list over the page
  -> JSON-LD scripts   decoded (repaired where that is certain), flattened, references filled in
  -> meta, microdata   name -> values in page order
  -> Structured        articles first those that are about this page
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingest.words import clean_text, letters

MAX_SCRIPT = 2_000_000  # characters of one JSON-LD script; larger ones are data feeds
MAX_OBJECTS = 500  # JSON-LD objects of a page
MAX_ITEMS = 500  # microdata elements of a page
MAX_VALUES = 40  # values kept for one meta or microdata name
MAX_TEXT = 2_000  # characters kept of one microdata text

ARTICLE_TYPES = frozenset(
    {"Report", "LiveBlogPosting", "BlogPosting", "SocialMediaPosting", "DiscussionForumPosting"}
)
MICRODATA = frozenset(
    {
        "alternativeHeadline",
        "articleSection",
        "author",
        "creator",
        "dateCreated",
        "dateModified",
        "datePublished",
        "description",
        "headline",
        "inLanguage",
        "isAccessibleForFree",
        "keywords",
        "name",
        "publisher",
    }
)
NESTED = ("@graph", "mainEntity", "mainEntityOfPage")  # where objects of the page's own rank are found
REFERRED = ("author", "creator", "publisher", "image", "isPartOf", "mainEntityOfPage", "primaryImageOfPage")
SELECTOR = (
    'meta,title,link[rel~="canonical" i],script[type*="ld+json" i],[itemprop],'
    'h1,a[rel~="tag"],a[rel~="category"]'
)


class Structured(msgspec.Struct, frozen=True):
    """The page's own statements, strings as written unless said otherwise.

    `articles` are the article-like JSON-LD objects, those about this page before those about others, and
    `others` every other JSON-LD object. Both include the members of `@graph` and nested main entities;
    references by `@id` to other objects of the page are replaced by the object. `meta` maps the lower-cased
    name, property, itemprop or http-equiv to its contents (unescaped, stripped, not empty) in page order,
    `microdata` an itemprop to its content, date or text. `headings` are the h1 elements, `links` those
    marked rel=tag or rel=category: found in the same pass, since a pass over a page costs more than what it
    looks for.
    """

    articles: tuple[dict[str, Any], ...] = ()
    others: tuple[dict[str, Any], ...] = ()
    meta: dict[str, tuple[str, ...]] = {}
    microdata: dict[str, tuple[str, ...]] = {}
    canonical: str | None = None
    language: str | None = None
    page_title: str | None = None
    headings: tuple[LexborNode, ...] = ()
    links: tuple[LexborNode, ...] = ()


def read_structured(tree: LexborHTMLParser) -> Structured:
    """Everything a page states about itself; never raises. What can not be read is left out."""
    meta: dict[str, list[str]] = {}
    microdata: dict[str, list[str]] = {}
    scripts: list[str] = []
    headings: list[LexborNode] = []
    links: list[LexborNode] = []
    canonical = page_title = None
    items = 0
    for node in tree.css(SELECTOR):
        tag, attributes = node.tag, node.attributes
        if tag == "script":
            scripts.append(node.text())
            continue
        if tag == "meta":
            _read_meta(attributes, meta)
        elif tag == "link" and canonical is None:
            canonical = (attributes.get("href") or "").strip() or None
        elif tag == "title" and page_title is None and _in_head(node):
            page_title = squeeze(node.text()) or None
        elif tag == "h1":
            headings.append(node)
        elif tag == "a" and not {"tag", "category"}.isdisjoint((attributes.get("rel") or "").split()):
            links.append(node)
        if "itemprop" in attributes and (items := items + 1) <= MAX_ITEMS:
            _read_itemprop(node, attributes, microdata)
    frozen_meta = {name: tuple(values) for name, values in meta.items()}
    articles, others = _read_json_ld(scripts, canonical, frozen_meta, page_title)
    return Structured(
        articles=articles,
        others=others,
        meta=frozen_meta,
        microdata={name: tuple(values) for name, values in microdata.items()},
        canonical=canonical,
        language=_read_language(tree),
        page_title=page_title,
        headings=tuple(headings),
        links=tuple(links),
    )


def squeeze(text: str) -> str:
    """The text in NFC on one line, its white space single spaces, without soft hyphens and zero-width characters."""
    return " ".join(clean_text(text).split())


def plain(value: object) -> str:
    """A JSON-LD or meta string as a reader sees it: no entities, no tags, one line; `""` if no string."""
    if not isinstance(value, str):
        return ""
    text = value
    if "&" in text:
        text = html.unescape(html.unescape(text))  # content management systems escape twice
    if "<" in text:
        text = TAG.sub(" ", text)
    return squeeze(text)


def strings(value: object) -> Iterator[str]:
    """The plain strings of a JSON-LD value: a string, an object with a name, or a list of these."""
    for item in value if isinstance(value, list) else (value,):
        if isinstance(item, dict):
            item = item.get("name") or item.get("@value")
            yield from (text for part in as_list(item) if (text := plain(part)))
        elif text := plain(item):
            yield text


def as_list(value: object) -> list[Any]:
    """The value as a list: itself, `[value]`, or empty for `None`."""
    return value if isinstance(value, list) else [] if value is None else [value]


def types_of(item: dict[str, Any]) -> tuple[str, ...]:
    """The schema.org types of a JSON-LD object without their prefix."""
    return tuple(
        t.rpartition("/")[2].rpartition(":")[2] for t in as_list(item.get("@type")) if isinstance(t, str)
    )


def first_meta(structured: Structured, *names: str) -> str | None:
    """The first content of the first of these meta names that is on the page."""
    return next((structured.meta[name][0] for name in names if name in structured.meta), None)


TAG = re.compile(r"<[/a-zA-Z!][^<>]{0,2000}>")
OPENING = re.compile(r"(?:(?://|/\*)?[ \t]{0,9}<!\[CDATA\[(?:[ \t]{0,9}\*/)?|<!--)\s*")
CLOSING = re.compile(r"(?:(?://|/\*)?[ \t]{0,9}\]\]>(?:[ \t]{0,9}\*/)?|(?://)?[ \t]{0,9}-->)$")
SEPARATOR = re.compile(r"[\s,;]*")
LOOSE = re.compile(r'"(?:[^"\\]|\\.)*"?|,(?=\s*[}\]])|(?<=[\[,])\s*,', re.DOTALL)
BAD_ESCAPE = re.compile(r'\\(?:(["\\/bfnrt]|u[0-9a-fA-F]{4})|(.))', re.DOTALL)


def _in_head(node: LexborNode) -> bool:
    parent = node.parent
    return parent is None or parent.tag != "svg"


def _read_language(tree: LexborHTMLParser) -> str | None:
    root = tree.root
    if root is None:
        return None
    attributes = root.attributes
    return (attributes.get("lang") or attributes.get("xml:lang") or "").strip() or None


def _add(values: dict[str, list[str]], name: str, text: str) -> None:
    known = values.setdefault(name, [])
    if len(known) < MAX_VALUES and text not in known:
        known.append(text)


def _read_meta(attributes: dict[str, str | None], meta: dict[str, list[str]]) -> None:
    content = (attributes.get("content") or attributes.get("value") or "").strip()  # `value` is a common slip
    if not content:
        return
    if "&" in content:
        content = html.unescape(content).strip()
    for key in ("name", "property", "itemprop", "http-equiv"):
        if name := attributes.get(key):
            _add(meta, name.strip().lower(), content)


def _read_itemprop(
    node: LexborNode, attributes: dict[str, str | None], microdata: dict[str, list[str]]
) -> None:
    names = [name for name in (attributes["itemprop"] or "").split() if name in MICRODATA]
    if not names:
        return
    text = attributes.get("content") or attributes.get("datetime")
    if not text and ("itemscope" in attributes or "itemtype" in attributes):
        name = node.css_first("[itemprop~=name]")
        text = (name.attributes.get("content") or name.text(separator=" ")) if name is not None else text
    text = squeeze(text or node.text(separator=" "))[:MAX_TEXT]
    for name_ in names if text else ():
        _add(microdata, name_, text)


def _read_json_ld(
    scripts: Iterable[str], canonical: str | None, meta: dict[str, tuple[str, ...]], page_title: str | None
) -> tuple[tuple[dict[str, Any], ...], tuple[dict[str, Any], ...]]:
    objects = list(_flatten(value for script in scripts for value in decode_json(script)))
    if not objects:
        return (), ()
    _fill_references(objects)
    articles = [item for item in objects if _is_article(item)]
    if len(articles) > 1:
        addresses = {_address(a) for a in (canonical, *meta.get("og:url", ())) if a}
        titles = {letters(t) for t in (page_title, *meta.get("og:title", ())) if t}
        articles.sort(key=lambda item: -_ownness(item, addresses, titles))
    return tuple(articles), tuple(item for item in objects if not _is_article(item))


def decode_json(script: str) -> list[Any]:
    """The JSON values of a script, repaired where the meaning is certain; empty if it can not be read.

    >>> decode_json('<!-- {"a": [1, 2,],} -->')
    [{'a': [1, 2]}]
    >>> decode_json('{"a": 1} {"b": 2}')
    [{'a': 1}, {'b': 2}]
    >>> decode_json('{"a": ')
    []
    """
    if len(script) > MAX_SCRIPT:
        return []
    try:
        return [msgspec.json.decode(script)]
    except (ValueError, RecursionError):
        pass
    text = _unwrap(script)
    if text.startswith(("{&", "[{&")):
        text = html.unescape(text)
    for attempt in (text, LOOSE.sub(_tidy, text)):
        if values := _decode_leniently(attempt):
            return values
    return []


def _unwrap(script: str) -> str:
    """The script without the HTML comment or CDATA marks some templates put around it."""
    text = script.strip()
    for _ in range(2):
        text = OPENING.sub("", text, count=1) if OPENING.match(text) else text
        text = text[:-60] + CLOSING.sub("", text[-60:]).rstrip()
    return text.rstrip(";")


def _tidy(match: re.Match[str]) -> str:
    """Strings with their escapes made valid; commas that separate nothing dropped."""
    found = match[0]
    return BAD_ESCAPE.sub(lambda m: m[0] if m[1] else m[2], found) if found[0] == '"' else ""


def _decode_leniently(text: str) -> list[Any]:
    """One or more JSON values in a row, control characters allowed in strings; else empty."""
    decoder = json.JSONDecoder(strict=False)
    values, position = [], 0
    try:
        while position < len(text):
            value, position = decoder.raw_decode(text, position)
            values.append(value)
            if separator := SEPARATOR.match(text, position):
                position = separator.end()
    except (ValueError, RecursionError):
        return []
    return values


def _flatten(values: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """The objects of the page's own rank in document order, at most MAX_OBJECTS."""
    stack = list(values)[::-1]
    count = 0
    while stack and count < MAX_OBJECTS:
        value = stack.pop()
        if isinstance(value, list):
            stack.extend(value[::-1])
        elif isinstance(value, dict):
            if len(value) > 1 and "@type" in value:
                count += 1
                yield value
            for key in reversed(NESTED):
                if isinstance(value.get(key), (dict, list)):
                    stack.append(value[key])


def _fill_references(objects: list[dict[str, Any]]) -> None:
    """Put the named object where another one only gives its `@id`."""
    known: dict[str, dict[str, Any]] = {}
    for item in objects:
        if isinstance(key := item.get("@id"), str):
            known.setdefault(key, item)
    for item in objects if known else ():
        for key in REFERRED:
            if key in item:
                item[key] = _resolve(item[key], item, known)


def _resolve(value: Any, owner: dict[str, Any], known: dict[str, dict[str, Any]]) -> Any:
    if isinstance(value, list):
        return [_resolve(part, owner, known) if isinstance(part, dict) else part for part in value]
    if isinstance(value, dict) and isinstance(key := value.get("@id"), str) and "name" not in value:
        target = known.get(key)
        return value if target is None or target is owner else {**value, **target}
    return value


def says_article(structured: Structured) -> bool:
    """Whether the page says of itself that it is an article."""
    return bool(structured.articles) or "article" in structured.meta.get("og:type", ())


def _is_article(item: dict[str, Any]) -> bool:
    return any(name.endswith("Article") or name in ARTICLE_TYPES for name in types_of(item))


def _ownness(item: dict[str, Any], addresses: set[str], titles: set[str]) -> int:
    """How surely an article object is about this page: its address counts most, then its headline."""
    entity = item.get("mainEntityOfPage")
    entity = entity.get("@id") or entity.get("url") if isinstance(entity, dict) else entity
    own = {_address(a) for a in (item.get("url"), item.get("@id"), entity) if isinstance(a, str)}
    headline = letters(plain(item.get("headline") or item.get("name")))
    same_title = bool(headline) and any(headline in title or title in headline for title in titles if title)
    return 2 * bool(own & addresses) + same_title


def _address(url: str) -> str:
    """An address without what does not tell pages apart: scheme, fragment, query, final slash."""
    return (
        re.split(r"[?#]", url.strip().partition("://")[2] or url.strip(), maxsplit=1)[0].rstrip("/").lower()
    )
