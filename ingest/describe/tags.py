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

BEST_META = ("article:tag", "og:article:tag", "news_keywords")
OTHER_META = ("keywords", "sailthru.tags", "parsely-tags", "dc.subject")
LABELLED = re.compile(
    r"[^\W\d_][\w .-]{1,30}: "
)  # "Category: Travel": two of these are the site's bookkeeping
MAX_TAGS = 50
MAX_LENGTH = 80
# Not words but marks of the site's own machinery: "id:123", "type_article", "exclude-from-home-page", "/a/b", hashes.
INTERNAL = re.compile(
    r"^(?:\W*\d+\W*|\S*[_=]\S*|\S+:\S*|[a-z0-9]+(?:-[a-z0-9]+){3,}|\S*/\S+/\S*|[0-9a-f]{12,}|[0-9a-f]+(?:-[0-9a-f]+){4})$|://"
)


def find_tags(tree: LexborHTMLParser, structured: Structured, hints: Hints) -> Found[tuple[str, ...]] | None:
    """The keywords of the first source that has any, each once, at most MAX_TAGS, without site-internal marks."""
    for texts, origin in _sources(structured, hints):
        if tags := _clean(texts):
            return Found(tags, origin)
    return None


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
