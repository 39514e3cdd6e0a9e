"""The extractors that can be measured: this project with and without site rules, and its peers.

`EXTRACTORS` is the table. An entry imports its library only when asked to, so a peer that is not
installed is an ImportError of that entry and of nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import Any

import msgspec
from trafilatura.utils import decode_file

from benchmarks.scoring import Prediction
from ingest.records import RawPage, Record, Reject

Extract = Callable[[RawPage], Prediction]


class Extractor(msgspec.Struct, frozen=True):
    """How to get the function, and for which media types it is meant."""

    load: Callable[[], Extract]
    media_types: tuple[str, ...] = ("text/html",)


# --- this project


def prediction_of(result: Record | Reject) -> Prediction:
    """A record as the scorer sees the stored one: `published` holds the moment and the day of the two columns.

    A truth that is a moment is compared with the moment, a truth that is a day with the day. A reject is an empty
    prediction.
    """
    if isinstance(result, Reject):
        return Prediction()
    return Prediction(
        body=result.body,
        title=result.title,
        authors=result.authors,
        published=_iso(result.published, result.published_day),
        description=result.deck,
    )


def _iso(moment: datetime | None, day: date | None = None) -> str | None:
    """The moment as the nearest clock shows it, by whole hours from UTC, in which it is that day."""
    if moment is None or day is None:
        return moment.isoformat() if moment else None
    clocks = (
        moment.astimezone(timezone(timedelta(hours=hours))) for hours in sorted(range(-14, 15), key=abs)
    )
    return next((clock for clock in clocks if clock.date() == day), moment).isoformat()


def load_ingest(*, sites: bool = True) -> Extract:
    """With the bundled rules; without `sites`, with the common packs alone."""
    from ingest.pipeline import clean_page
    from ingest.rules import Rulebook, load_rules

    rulebook = load_rules()
    if not sites:
        rulebook = Rulebook({}, rulebook.packs, rulebook.files)
    return lambda page: prediction_of(clean_page(page, rulebook))


def load_ingest_generic() -> Extract:
    return load_ingest(sites=False)


# --- trafilatura


def load_trafilatura(*, fast: bool = False) -> Extract:
    from trafilatura import extract

    return lambda page: Prediction(
        body=extract(page.data, url=page.url, fast=fast, include_comments=False) or ""
    )


def load_trafilatura_fast() -> Extract:
    return load_trafilatura(fast=True)


def load_trafilatura_metadata() -> Extract:
    from trafilatura import bare_extraction

    def extract(page: RawPage) -> Prediction:
        found: Any = bare_extraction(page.data, url=page.url, with_metadata=True, include_comments=False)
        if found is None:
            return Prediction()
        return Prediction(
            body=found.text or "",
            title=found.title,
            authors=(found.author,) if found.author else (),
            published=found.date,
            description=found.description,
        )

    return extract


# --- other extractors of pages


def decode(page: RawPage) -> str:
    """The page as text, for libraries that want no bytes."""
    return str(decode_file(page.data))


BLOCK_TAGS = (
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "blockquote",
    "pre",
    "tr",
    "div",
    "br",
    "figcaption",
)


def load_readability() -> Extract:
    from lxml.html import fromstring
    from readability import Document

    def extract(page: RawPage) -> Prediction:
        document = Document(decode(page), url=page.url)
        content = fromstring(document.summary(html_partial=True))
        for element in content.iter(*BLOCK_TAGS):
            element.tail = "\n" + (element.tail or "")
        return Prediction(body=content.text_content(), title=document.short_title())

    return extract


def load_resiliparse() -> Extract:
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import detect_encoding
    from resiliparse.parse.html import HTMLTree

    def extract(page: RawPage) -> Prediction:
        tree = HTMLTree.parse_from_bytes(page.data, detect_encoding(page.data))
        return Prediction(body=extract_plain_text(tree, main_content=True, alt_texts=False), title=tree.title)

    return extract


def load_newspaper() -> Extract:
    from newspaper import Article

    def extract(page: RawPage) -> Prediction:
        article = Article(page.url or "http://localhost/", fetch_images=False)
        article.download(input_html=decode(page))
        article.parse()
        return Prediction(
            body=article.text,
            title=article.title,
            authors=tuple(article.authors),
            published=_iso(article.publish_date),
            description=article.meta_description,
        )

    return extract


def load_goose() -> Extract:
    from goose3 import Goose

    goose = Goose({"enable_image_fetching": False})

    def extract(page: RawPage) -> Prediction:
        article = goose.extract(raw_html=decode(page))
        return Prediction(
            body=article.cleaned_text,
            title=article.title,
            authors=tuple(article.authors),
            published=_iso(article.publish_datetime_utc),
            description=article.meta_description,
        )

    return extract


def load_htmldate() -> Extract:
    from htmldate import find_date

    return lambda page: Prediction(published=find_date(page.data, url=page.url, original_date=True))


# --- what a page of text is without any extractor


def load_whole_text() -> Extract:
    return lambda page: Prediction(body=decode(page))


def load_line_filter() -> Extract:
    """Keeps lines that end in punctuation and have five words, as C4 does."""
    ends = tuple(".!?\"'”’»…")

    def extract(page: RawPage) -> Prediction:
        lines = decode(page).splitlines()
        return Prediction(
            body="\n".join(line for line in lines if line.rstrip().endswith(ends) and len(line.split()) >= 5)
        )

    return extract


OWN = ("ingest", "ingest-generic")
BOTH = ("text/html", "text/plain")
TEXT = ("text/plain",)

EXTRACTORS: dict[str, Extractor] = {
    "ingest": Extractor(load_ingest, BOTH),
    "ingest-generic": Extractor(load_ingest_generic, BOTH),
    "trafilatura": Extractor(load_trafilatura),
    "trafilatura-fast": Extractor(load_trafilatura_fast),
    "trafilatura-metadata": Extractor(load_trafilatura_metadata),
    "readability-lxml": Extractor(load_readability),
    "resiliparse": Extractor(load_resiliparse),
    "newspaper4k": Extractor(load_newspaper),
    "goose3": Extractor(load_goose),
    "htmldate": Extractor(load_htmldate),
    "whole-text": Extractor(load_whole_text, TEXT),
    "line-filter": Extractor(load_line_filter, TEXT),
}
"""Name -> extractor; the project's own come first."""
