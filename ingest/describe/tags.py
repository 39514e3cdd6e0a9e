"""The article's keywords as shown to readers or search engines.

layout, JSON-LD keywords, article:tag, news_keywords, links marked rel=tag, keywords and other meta, microdata
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from selectolax.lexbor import LexborHTMLParser

from ingest.describe.byline import is_site_address
from ingest.describe.found import Found, Hints, Origin
from ingest.structured import Structured, as_list, plain, squeeze
from ingest.words import letters

BEST_META = ("article:tag", "og:article:tag", "news_keywords")
OTHER_META = ("keywords", "sailthru.tags", "parsely-tags", "dc.subject")
LABELLED = re.compile(
    r"[^\W\d_][\w .-]{1,30}: "
)  # "Category: Travel": two of these are the site's bookkeeping
MAX_TAGS = 50
MAX_LENGTH = 80
MIN_WORDS = 4  # words of an address that can be no tags of their own
MAX_OWN = 3  # keywords beside the site's name that may be the article's whatever they say
# Not words but marks of the site's own machinery: "id:123", "type_article", "exclude-from-home-page", "/a/b", hashes.
INTERNAL = re.compile(
    r"^(?:\W*\d+\W*|@\S+|\w+:\w+:.*|\S*[_=]\S*|\S+:\S*|[a-z0-9]+(?:-[a-z0-9]+){3,}|\S*/\S+/\S*|[0-9a-f]{12,}|[0-9a-f]+(?:-[0-9a-f]+){4})$|://"
)


def find_tags(
    tree: LexborHTMLParser, structured: Structured, hints: Hints, site: frozenset[str] = frozenset()
) -> Found[tuple[str, ...]] | None:
    """The keywords of the first source that has any, each once, at most MAX_TAGS, without site-internal marks.

    Without the names of the site, whose letters `site` holds, and the page's title. Passed over: words that are only
    the address cut up, and lists that begin with the site's name and have nothing of the title: the same everywhere.
    """
    titles = {letters(title) for title in (*structured.meta.get("og:title", ()), structured.page_title or "")}
    for texts, origin in _sources(structured, hints):
        tags = _clean(texts)
        own = tuple(tag for tag in tags if letters(tag) not in site | titles)
        stated = origin in ("json-ld", "meta")
        if not own or (stated and _is_address(own, hints.url or structured.canonical or "")):
            continue
        if (
            stated
            and tags[0] != own[0]
            and len(own) > MAX_OWN
            and not any(_is_in(tag, titles, site) for tag in own)
        ):
            continue
        return Found(own, origin)
    return None


def _is_in(tag: str, titles: set[str], site: frozenset[str]) -> bool:
    """Whether a tag is in a title, but not in the site's name."""
    key = letters(tag)
    return any(key in title for title in titles) and not any(key in name for name in site)


def _is_address(tags: tuple[str, ...], address: str) -> bool:
    """Whether the tags are the words of the page's address, one by one."""
    if len(tags) < MIN_WORDS or any(" " in tag or not tag.islower() for tag in tags):
        return False
    words = set(re.split(r"[^a-z0-9]+", address.casefold()))
    return all(tag in words for tag in tags)


def _sources(structured: Structured, hints: Hints) -> Iterator[tuple[Iterable[str], Origin]]:
    yield hints.fields.get("tags", ()), "layout"
    for article in structured.articles[:1]:
        yield (_text(value) for value in as_list(article.get("keywords"))), "json-ld"
    for name in BEST_META:
        yield structured.meta.get(name, ()), "meta"
    yield _linked(structured), "page"
    for name in OTHER_META:
        yield structured.meta.get(name, ()), "meta"
    yield structured.microdata.get("keywords", ()), "microdata"


def _linked(structured: Structured) -> Iterator[str]:
    """The texts of tag links; a link that is a category too is a section."""
    for link in structured.links[: 2 * MAX_TAGS]:
        if "category" not in (link.attributes["rel"] or "").split():
            yield link.text()


def _text(value: object) -> str:
    return plain(value.get("name") or value.get("@value")) if isinstance(value, dict) else plain(value)


def _clean(texts: Iterable[str]) -> tuple[str, ...]:
    """One list from lists and comma-separated texts, in order."""
    given = [plain(text) for text in texts]
    parts = [part for text in given for part in re.split(r"[,;，、]", text)] if len(given) <= 2 else given
    tags: dict[str, str] = {}
    for part in parts:
        tag = squeeze(part).strip(" #\"'")
        if 1 < len(tag) <= MAX_LENGTH and not INTERNAL.search(tag) and not is_site_address(tag.casefold()):
            tags.setdefault(tag.casefold(), tag)
    labelled = {key for key in tags if LABELLED.match(key)}
    if len(labelled) > 1:
        tags = {key: tag for key, tag in tags.items() if key not in labelled}
    return tuple(tags.values())[:MAX_TAGS]
