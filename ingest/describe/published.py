"""When a page was first published, and when it was last changed.

layout      what the site's rules point at
json-ld     datePublished of the page's own article
meta        article:published_time, then the other names for publication, see PUBLISHED_META
json-ld     datePublished of other articles and of the page itself
microdata   datePublished
page        a date marked as such beside the title
url         /2024/03/05/; with the time of day where the page shows that day
json-ld, meta, microdata   dateCreated and names that may mean a change or the printed issue, see VAGUE_META
page        any other date the page shows, the likeliest first

The first plausible date wins: from 1990 up to a day after the fetch. What is stated as more than a month after the
day in the page's address is when the site moved; then the address is right.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice

from selectolax.lexbor import LexborHTMLParser

from ingest.describe.dates import Moment, aware, parse_date, read_date
from ingest.describe.found import Found, Hints, Origin
from ingest.describe.months import month_number
from ingest.describe.page_dates import page_dates
from ingest.describe.places import dated_language, home_zone
from ingest.describe.zones import zone_named
from ingest.structured import Structured

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
NEAR = 4  # doubt of a shown date that goes before a vague statement: marked as a date, beside the title
SLACK = timedelta(days=1)  # clocks differ, and so do zones that nobody wrote down
MOVED = timedelta(days=31)
MAX_MICRODATA = 3  # dates in microdata that may tell the day once more; those of teasers follow
QUARTER = timedelta(minutes=15)  # clocks of two zones differ by a multiple of it
FARTHEST = timedelta(hours=12)  # few clocks are farther from Greenwich's

# In order of trust: names for this very fact, then what the trackers and libraries of the trade use, then vague ones.
PUBLISHED_META = """
    article:published_time og:article:published_time article:published og:published_time published_time
    rnews:datepublished datepublished dc.date.issued dcterms.issued dc.date.published parsely-pub-date sailthru.date
    cxenseparse:recs:publishtime cxenseparse:publishtime cxenseparse:epi-fpubli cxenseparse:publish_date
    publish-date publish_date publishdate published-date published_date publisheddate published_at published
    publication_date publication-date publicationdate date_published date.published datetime.published
    pubdate pub_date og:pubdate sw-pubdate prism.publicationdate citation_online_date citation_publication_date
    bt:pubdate date.available ptime og:publish_date originalpublicationdate article_date_original
    article.published article:publication_date article:post_time og:article:time release_date
    shareaholic:article_published_time gentics.publishdate mediator_published_time
"""
VAGUE_META = """
    dcterms.created dc.date.created dc:date.created dc.created date.created datecreated date_created created
    dc.date dcterms.date dc:date date displaydate article.created article:created_time creation_date timestamp
    pdate og:regdate article:create_at dcsext.articlefirstpublished
"""
MODIFIED_META = """
    article:modified_time og:article:modified_time article:modified datemodified og:updated_time
    article:updated_time dcterms.modified dc.date.modified dc:date.modified date.modified date.updated lastmod
    last-modified modified_time updated_time modified revision_date
"""


def find_published(tree: LexborHTMLParser, structured: Structured, hints: Hints) -> Found[Moment] | None:
    """The moment of first publication and where it was found, or `None`."""
    if stated := _first(_stated_published(structured, hints), structured, hints):
        return _before_moving(stated, structured, hints) or stated
    vague = _first(_vaguely_published(structured), structured, hints)
    return _shown(tree, structured, hints, at_most=NEAR if vague else math.inf) or vague


def written_day(published: Moment, structured: Structured, hints: Hints) -> date:
    """The day of publication as the page's readers saw it.

    Where the moment is written in UTC, as machines do, the page may tell the same moment once more in the site's clock,
    or the address a neighbouring day; else the clock of the page's country tells it.
    """
    if not published.has_zone or published.local.utcoffset():
        return published.local.date()
    for raw, _ in (*_meta(structured, PUBLISHED_META), *islice(_microdata(structured), MAX_MICRODATA)):
        other = _read(str(raw), structured, hints) if raw != published.raw else None
        if other and other.has_time and _is_same(other, published):
            return other.local.date()
    address = url_date(hints.url or structured.canonical or "")
    day = _read(address, structured, hints) if address else None
    if day and _reaches(day.utc, published.utc):
        return day.utc.date()
    zone = zone_named(hints.timezone)
    zone = zone or home_zone(hints.url or structured.canonical, hints.language or structured.language)
    return published.utc.astimezone(zone or UTC).date()


def _is_same(other: Moment, moment: Moment) -> bool:
    """Whether another writing, in another clock, can mean the same moment."""
    if other.has_zone:
        return other.utc == moment.utc and bool(other.local.utcoffset())
    ahead = other.local.replace(tzinfo=UTC) - moment.utc
    return bool(ahead) and abs(ahead) <= FARTHEST and ahead % QUARTER < timedelta(minutes=1)


def _reaches(day: datetime, moment: datetime) -> bool:
    """Whether some clock shows the day, given by its start in UTC, at the moment."""
    return -FARTHEST < moment - day < timedelta(days=1) + FARTHEST


def _before_moving(stated: Found[Moment], structured: Structured, hints: Hints) -> Found[Moment] | None:
    """The day in the page's address, if it is so long before what is stated that this is another date."""
    address = url_date(hints.url or structured.canonical or "", parted=True)
    day = _read(address, structured, hints) if address and stated.origin != "layout" else None
    return Found(day, "url") if day and stated.value.utc - day.utc > MOVED else None


def _shown(
    tree: LexborHTMLParser, structured: Structured, hints: Hints, *, at_most: float
) -> Found[Moment] | None:
    """What the page shows, doubted no more than given, and what its address says: the day of both if they agree."""
    address = url_date(hints.url or structured.canonical or "")
    day = _read(address, structured, hints) if address else None
    language, zone = _language(structured, hints), zone_named(hints.timezone)
    for doubt, raw in page_dates(tree, structured):
        if doubt > at_most:
            break
        moment = _plausible(read_date(raw, language, zone, aware(hints.fetched_at)), hints)
        if moment and (day is None or abs(moment.utc - day.utc) < timedelta(days=2)):
            return Found(moment, "page")
    return Found(day, "url") if day else None


def find_modified(tree: LexborHTMLParser, structured: Structured, hints: Hints) -> Found[Moment] | None:
    """The moment of the last change that the page states, or `None`; the look of the page is not asked."""
    return _first(_stated_modified(structured, hints), structured, hints)


def _stated_published(structured: Structured, hints: Hints) -> Iterator[tuple[object, Origin]]:
    yield from ((raw, "layout") for raw in hints.fields.get("published", ()))
    yield from ((item.get("datePublished"), "json-ld") for item in structured.articles[:1])
    yield from _meta(structured, PUBLISHED_META)
    yield from ((item.get("datePublished"), "json-ld") for item in structured.articles[1:])
    yield from ((item.get("datePublished"), "json-ld") for item in structured.others if _is_page(item))
    yield from _microdata(structured)


def _vaguely_published(structured: Structured) -> Iterator[tuple[object, Origin]]:
    """Dates that may be of the creation, of the printed issue or of a change."""
    yield from ((item.get("dateCreated"), "json-ld") for item in structured.articles[:1])
    yield from _meta(structured, VAGUE_META)
    yield from ((raw, "microdata") for raw in structured.microdata.get("dateCreated", ()))


def _stated_modified(structured: Structured, hints: Hints) -> Iterator[tuple[object, Origin]]:
    yield from ((raw, "layout") for raw in hints.fields.get("modified", ()))
    yield from ((item.get("dateModified"), "json-ld") for item in structured.articles[:1])
    yield from _meta(structured, MODIFIED_META)
    yield from ((item.get("dateModified"), "json-ld") for item in structured.others if _is_page(item))
    yield from ((raw, "microdata") for raw in structured.microdata.get("dateModified", ()))


def url_date(url: str, *, parted: bool = False) -> str | None:
    """The day in an address, as `YYYY-MM-DD`; if `parted`, only one whose parts are folders.

    >>> url_date("https://example.org/news/2024/03/05/storm"), url_date("https://example.org/20240305-storm.html")
    ('2024-03-05', '2024-03-05')
    >>> url_date("https://example.org/2024/mar/5/storm"), url_date("https://example.org/20240305", parted=True)
    ('2024-03-05', None)
    >>> url_date("https://example.org/2024/weather/3/5/storm")
    '2024-03-05'
    >>> url_date("https://example.org/2024/03/storm-12") is None
    True
    """
    if match := URL_FOLDERS.search(url):
        month = int(match[2]) if match[2].isdigit() else month_number(match[2], "en")
        if month:
            return f"{match[1]}-{month:02}-{int(match[3]):02}"
    if match := URL_SECTION.search(url):
        return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}"
    match = None if parted else URL_DATE.search(url)
    return f"{match[1]}-{match[3]}-{match[4]}" if match else None


URL_FOLDERS = re.compile(r"/((?:19|20)\d\d)/(0?[1-9]|1[0-2]|[A-Za-z]{3,9})/(0?[1-9]|[12]\d|3[01])(?=/|$)")
URL_SECTION = re.compile(
    r"/((?:19|20)\d\d)/[A-Za-z][A-Za-z_.-]{2,20}/(0?[1-9]|1[0-2])/(0?[1-9]|[12]\d|3[01])(?=/|$)"
)
URL_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)([/_.-]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")


def _meta(structured: Structured, names: str) -> Iterator[tuple[object, Origin]]:
    for name in names.split():
        for raw in structured.meta.get(name, ()):
            yield raw, "meta"


def _microdata(structured: Structured) -> Iterator[tuple[object, Origin]]:
    yield from ((raw, "microdata") for raw in structured.microdata.get("datePublished", ()))


def _is_page(item: dict[str, object]) -> bool:
    """Whether a JSON-LD object stands for the whole page, not for a video or comment on it."""
    return str(item.get("@type")).rpartition("/")[2] in (
        "WebPage",
        "ItemPage",
        "Recipe",
        "Review",
        "PodcastEpisode",
    )


def _first(
    candidates: Iterable[tuple[object, Origin]], structured: Structured, hints: Hints
) -> Found[Moment] | None:
    for raw, origin in candidates:
        if isinstance(raw, list):
            raw = raw[0] if raw else None
        if isinstance(raw, str) and (moment := _read(raw, structured, hints)):
            return Found(moment, origin)
    return None


def _read(raw: str, structured: Structured, hints: Hints) -> Moment | None:
    """The moment in a text if it is plausible for a page."""
    moment = parse_date(
        raw,
        language=_language(structured, hints),
        timezone=hints.timezone,
        fetched_at=hints.fetched_at,
    )
    return _plausible(moment, hints)


def _language(structured: Structured, hints: Hints) -> str | None:
    return dated_language(hints.url or structured.canonical, hints.language or structured.language)


def _plausible(moment: Moment | None, hints: Hints) -> Moment | None:
    if moment is None or moment.utc < EARLIEST:
        return None
    fetched_at = aware(hints.fetched_at)
    return None if fetched_at and moment.utc > fetched_at + SLACK else moment
