"""All fields of a page together, each by its own file; see there for where it looks and in which order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from selectolax.lexbor import LexborHTMLParser

from ingest.article import Facts
from ingest.blocks import RawBlock
from ingest.describe.access import judge_access
from ingest.describe.agency import find_agency
from ingest.describe.authors import find_authors
from ingest.describe.deck import find_deck
from ingest.describe.found import Found, Hints
from ingest.describe.language import find_language
from ingest.describe.published import find_modified, find_published, written_day
from ingest.describe.publisher import find_publisher, site_names
from ingest.describe.section import find_section
from ingest.describe.tags import find_tags
from ingest.describe.title import find_title
from ingest.labels import FILLER, Label
from ingest.structured import Structured, plain

_TITLE_NAMES = ("og:title", "twitter:title", "dc.title", "headline", "title")
_DESCRIPTION_NAMES = ("og:description", "description", "twitter:description", "dc.description")
_TITLE_PARTS = re.compile(r"\s[|–—·»:-]\s")
_MIN_TITLE_PART = 20


def page_titles(structured: Structured) -> tuple[list[str], list[str]]:
    """What the page's head calls its title and its description, all variants, for recognising them in the text."""
    titles = [text for name in _TITLE_NAMES for text in structured.meta.get(name, ())]
    titles += [plain(article.get("headline")) for article in structured.articles[:1]]
    if structured.page_title:
        titles.append(structured.page_title)
    parts = [part for title in titles for part in _TITLE_PARTS.split(title) if len(part) > _MIN_TITLE_PART]
    descriptions = [text for name in _DESCRIPTION_NAMES for text in structured.meta.get(name, ())]
    descriptions += [plain(article.get("description")) for article in structured.articles[:1]]
    return [t for t in (*titles, *parts) if t], [d for d in descriptions if d]


def article_body(structured: Structured) -> str | None:
    """The article's text as JSON-LD gives it, lines kept, or `None`."""
    texts = (article.get("articleBody") for article in structured.articles)
    return next((text for text in texts if isinstance(text, str) and text.strip()), None)


def _heading_above(blocks: Sequence[RawBlock], labels: Sequence[Label | None]) -> Found[str] | None:
    """The highest heading above the text, the last of such; for a page that states no title, a fragment of one."""
    verdicts = list(zip(blocks, labels, strict=True))
    above = takewhile(lambda item: item[1] is not None or item[0].kind == "heading", verdicts)
    headings = [block for block, label in above if block.kind == "heading" and not block.link_chars]
    best = min(reversed(headings), key=lambda block: block.level, default=None)
    return Found(best.text, "page") if best else None


def describe_page(
    tree: LexborHTMLParser,
    structured: Structured,
    hints: Hints,
    blocks: Sequence[RawBlock],
    labels: Sequence[Label | None],
    canonical: Found[str] | None,
    behind: Sequence[str] = (),
) -> Facts:
    """The page's fields. `blocks` and `labels` are the article's scope with its verdicts, `canonical` is known;
    `behind` are the lines under what is kept, whatever took them.
    """
    kept = [block.text for block, label in zip(blocks, labels, strict=True) if label is None]
    body = "\n\n".join(kept)
    language = find_language(structured, hints, body)
    publisher = find_publisher(structured, hints)
    site = site_names(structured, hints)
    title = find_title(tree, structured, hints, site) or _heading_above(blocks, labels)
    deck = find_deck(tree, structured, hints)
    authors = find_authors(tree, structured, hints, site)
    bylines = [b.text for b, label in zip(blocks, labels, strict=True) if label and label.kind == "byline"]
    agency = find_agency(structured, bylines, kept[0] if kept else "", kept[-1] if kept else "")
    published = find_published(tree, structured, hints)
    modified = find_modified(tree, structured, hints)
    own_names = frozenset(name for name in site if len(name) > 2)  # "US" is a topic too
    section = find_section(tree, structured, hints, own_names)
    tags = find_tags(tree, structured, hints, own_names)
    plea = any(label is not None and label.kind == "plea" for label in labels)
    access, truncated, access_origin = judge_access(
        structured, plea_removed=plea, body=body, teaser_end=FILLER in labels, behind=behind
    )
    found: dict[str, Found[object] | None] = {
        "canonical_url": canonical,  # type: ignore[dict-item]
        "language": language,  # type: ignore[dict-item]
        "publisher": publisher,  # type: ignore[dict-item]
        "title": title,  # type: ignore[dict-item]
        "deck": deck,  # type: ignore[dict-item]
        "authors": authors,  # type: ignore[dict-item]
        "agency": agency,  # type: ignore[dict-item]
        "published": published,  # type: ignore[dict-item]
        "modified": modified,  # type: ignore[dict-item]
        "section": section,  # type: ignore[dict-item]
        "tags": tags,  # type: ignore[dict-item]
    }
    origins = {field: str(value.origin) for field, value in found.items() if value is not None}
    if access_origin:
        origins["access"] = access_origin
    moment = published.value if published else None
    return Facts(
        canonical_url=canonical.value if canonical else None,
        publisher=publisher.value if publisher else None,
        language=language.value if language else None,
        title=title.value if title else None,
        deck=deck.value if deck else None,
        authors=authors.value if authors else (),
        agency=agency.value if agency else None,
        published=moment.utc if moment else None,
        published_day=written_day(moment, structured, hints) if moment else None,
        published_raw=moment.raw if moment else None,
        published_has_time=moment.has_time if moment else None,
        published_has_zone=moment.has_zone if moment else None,
        modified=modified.value.utc if modified else None,
        section=section.value if section else None,
        tags=tags.value if tags else (),
        access=access,
        truncated=truncated,
        origins=origins,
    )
