"""Text pages: every line is in the article's scope; wording, place and shape say which are the article."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from ingest.article import Article, Facts, NoArticle
from ingest.blocks import RawBlock
from ingest.decode import Decoded, Refusal
from ingest.describe.access import judge_access, lines_behind
from ingest.describe.agency import find_agency
from ingest.describe.authors import parse_byline
from ingest.describe.dates import parse_date
from ingest.describe.found import Hints
from ingest.describe.language import find_language
from ingest.describe.places import dated_language
from ingest.describe.publisher import site_names
from ingest.describe.title import SEPARATOR, strip_site
from ingest.describe.url import archived_address, host_of
from ingest.extract.edges import label_filler
from ingest.extract.header import Header, read_header
from ingest.extract.outline import CAPTION_REPEAT, TITLE_LINE, Outline, read_outline
from ingest.extract.pictures import images_of_captions
from ingest.extract.region import label_refrains, label_rest_of_head, label_surroundings
from ingest.labels import FILLER, Label
from ingest.markdown_text import is_markdown, read_markdown
from ingest.normalise import keep_included
from ingest.records import RawPage
from ingest.rules import Rulebook, SiteRules
from ingest.settings import DEFAULT, Settings
from ingest.strip import Picture, is_prose, strip_blocks
from ingest.structured import read_structured
from ingest.text import join_broken, join_drop_caps, mark_hard_wraps, part_glued, read_lines
from ingest.words import count_words, letters

MEDIA_TYPE = "text/plain"
NOTHING = read_structured(LexborHTMLParser(""))
"""The structured data of a page that can have none."""

MAX_HEADING_WORDS = 12

MIN_SIGNATURES = 2
"""So often a page's furniture has the name of its site that also stands in its title."""

_MARKDOWN = re.compile(r"text/markdown\b|.*\.(?:md|markdown)(?:\.gz|\.zst)?$", re.IGNORECASE)
"""Its media type or its file's name."""

_MARKER = re.compile(r"^(?:[•‣▪●◦∙·]|\d{1,2}\.)\s+")


def read_page(
    raw: RawPage, decoded: Decoded, rulebook: Rulebook, settings: Settings = DEFAULT
) -> Article | NoArticle:
    """The lines of a text page with their verdicts, and its facts."""
    header = read_header(decoded.text)
    url = raw.url or header.url
    address = url or archived_address(decoded.text)
    site = rulebook.site_of_host(host_of(address)) if address else rulebook.recognise(decoded.text, None)
    rules = rulebook.rules_for(site)
    known_as = site or (host_of(address) if address else None)
    text = header.text
    markdown = _MARKDOWN.match(raw.media_type or raw.source) or is_markdown(text)
    blocks = read_markdown(text) if markdown else part_glued(read_lines(text))
    if not any(layout.when.media == "text" for layout in rules.layouts):
        whole = join_drop_caps(blocks)
        blocks = join_broken(whole, joined=len(blocks) - len(whole))
    stated = [*header.labels, *[None] * len(blocks)]
    blocks = [*header.blocks, *blocks]
    texts = [block.text for block in blocks]
    if rule := rules.refusal(texts, None):
        return NoArticle(Refusal("not_an_article", f"{rule} says so"), url, known_as)
    stripped = strip_blocks(texts, rules, "text", stated)
    layout = next((layout.id for layout in rules.layouts if layout.when.media == "text"), None)
    first = stripped.labels if layout else _without_first_story(stripped.labels)
    framed = label_surroundings(blocks, first, known=layout is not None)
    outline = read_outline(texts, framed, rules, header.fields)
    authors = parse_byline(outline.byline) if outline.byline else ()
    labels = label_rest_of_head(blocks, label_refrains(blocks, outline.labels), authors)
    filler = label_filler(blocks, [place for place, label in enumerate(labels) if label is None])
    labels = [filler.get(place, label) for place, label in enumerate(labels)]
    kept = [label is None for label in labels]
    blocks = _mark_headings(mark_hard_wraps(blocks, kept), kept)
    facts = _describe(raw, blocks, labels, outline, rules, header)
    images = images_of_captions(_in_order(*stripped.pictures, *_repeated_captions(texts, labels)))
    flags = (*decoded.notes, *(f"guarded:{rule}" for rule in stripped.guarded))
    blocks, labels = keep_included(blocks, labels, settings)
    return Article(
        media_type=MEDIA_TYPE,
        url=url,
        site=known_as,
        blocks=blocks,
        labels=labels,
        cuts=stripped.cuts,
        images=images,
        words_outside=0,
        method="rules" if site else "generic",
        layout=layout,
        flags=flags,
        rules_digest=rules.digest,
        facts=facts,
    )


def _repeated_captions(texts: list[str], labels: list[Label | None]) -> list[Picture]:
    """The second copies of captions; the first may be the one that was cut short."""
    return [
        Picture(place, texts[place], None) for place, label in enumerate(labels) if label == CAPTION_REPEAT
    ]


def _in_order(*pictures: Picture) -> list[Picture]:
    return sorted(pictures, key=lambda picture: picture.place)


def _without_first_story(labels: list[Label | None]) -> list[Label | None]:
    """The labels with none on a first line that was taken for another story's: a page begins with its own title,
    and "Analysis: ..." is how titles and links to stories both begin."""
    first = labels[0] if labels else None
    return [None, *labels[1:]] if first is not None and first.kind == "related" else labels


def _mark_headings(blocks: list[RawBlock], kept: list[bool]) -> list[RawBlock]:
    """The blocks, short lines between prose that end no sentence made headings."""
    result = list(blocks)
    places = [p for p, is_kept in enumerate(kept) if is_kept]
    for before, place, after in zip(places, places[1:], places[2:], strict=False):
        text = blocks[place].text
        if (
            blocks[place].kind == "paragraph"
            and count_words(text) <= MAX_HEADING_WORDS
            and text[-1].isalnum()
            and is_prose(blocks[before].text)
            and is_prose(blocks[after].text)
            and blocks[after].text[:1].upper() == blocks[after].text[:1]
        ):
            result[place] = blocks[place]._replace(kind="heading", level=2)
    return result


def _name_page(
    blocks: list[RawBlock], labels: list[Label | None], outline: Outline, names: frozenset[str]
) -> str | None:
    """The title in the head, else the page's first line, without the site's name."""
    title = outline.title
    if title is None and labels and labels[0] == TITLE_LINE:
        title = blocks[0].text
        last = letters(SEPARATOR.split(title)[-1])
        furniture = [
            letters(block.text) for block, label in zip(blocks[1:], labels[1:], strict=True) if label
        ]
        if last and sum(last in line for line in furniture) >= MIN_SIGNATURES:
            names |= {last}
    return strip_site(_MARKER.sub("", title), names) if title else None


def _describe(
    raw: RawPage,
    blocks: list[RawBlock],
    labels: list[Label | None],
    outline: Outline,
    rules: SiteRules,
    header: Header,
) -> Facts:
    kept = [block.text for place, block in enumerate(blocks) if labels[place] is None]
    body = "\n\n".join(kept)
    hints = Hints(
        url=raw.url or header.url,
        fetched_at=raw.fetched_at,
        publisher=rules.name,
        language=rules.language,
        timezone=rules.timezone,
    )
    language = find_language(NOTHING, hints, body)
    code = language.value if language else None
    published = (
        parse_date(
            outline.published,
            language=dated_language(hints.url, rules.language or code),
            timezone=rules.timezone,
            fetched_at=raw.fetched_at,
        )
        if outline.published
        else None
    )
    authors = parse_byline(outline.byline) if outline.byline else ()
    bylines = [b.text for b, label in zip(blocks, labels, strict=True) if label and label.kind == "byline"]
    agency = find_agency(NOTHING, bylines, kept[0] if kept else "", kept[-1] if kept else "")
    plea = any(label is not None and label.kind == "plea" for label in labels)
    behind = lines_behind(blocks, (place for place, label in enumerate(labels) if label is None))
    access, truncated, access_origin = judge_access(
        NOTHING, plea_removed=plea, body=body, teaser_end=FILLER in labels, behind=behind
    )
    title = _name_page(blocks, labels, outline, site_names(NOTHING, hints))
    origins = {
        "title": "text" if title else None,
        "deck": "text" if outline.deck else None,
        "authors": "text" if authors else None,
        "published": "text" if published else None,
        "section": "text" if outline.section else None,
        "tags": "text" if header.tags else None,
        "language": language.origin if language else None,
        "publisher": "rules" if rules.name else None,
        "agency": agency.origin if agency else None,
        "access": access_origin,
    }
    return Facts(
        canonical_url=None,
        publisher=rules.name,
        language=code,
        title=title,
        deck=outline.deck,
        authors=authors,
        agency=agency.value if agency else None,
        published=published.utc if published else None,
        published_day=published.local.date() if published else None,
        published_raw=published.raw if published else None,
        published_has_time=published.has_time if published else None,
        published_has_zone=published.has_zone if published else None,
        section=outline.section,
        tags=header.tags,
        access=access,
        truncated=truncated,
        origins={field: origin for field, origin in origins.items() if origin},
    )
