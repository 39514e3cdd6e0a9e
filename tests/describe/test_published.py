"""When a page was published: what it states, in order of trust, then what it shows."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime

import pytest
from selectolax.lexbor import LexborHTMLParser

from ingest.describe.dates import Moment
from ingest.describe.found import Found, Hints
from ingest.describe.published import find_modified, find_published, url_date, written_day
from ingest.structured import read_structured

ARTICLE = '<script type="application/ld+json">%s</script>'
ADDRESS = "https://paper.example/town/bridge"


def find(html: str, **hints: object) -> Found[Moment] | None:
    tree = LexborHTMLParser(html)
    return find_published(tree, read_structured(tree), Hints(**{"url": ADDRESS, **hints}))  # type: ignore[arg-type]


def day(html: str, **hints: object) -> str | None:
    """`day origin` of what was found."""
    found = find(html, **hints)
    return f"{found.value.utc:%m-%d} {found.origin}" if found else None


def article(**fields: object) -> str:
    return ARTICLE % json.dumps({"@type": "NewsArticle", "headline": "Bridge reopens", **fields})


SOURCES = [
    ("layout", ""),
    ("json-ld", article(datePublished="2024-03-02T10:00:00Z")),
    ("meta", '<meta property="article:published_time" content="2024-03-03T10:00:00Z">'),
    ("meta", '<meta name="parsely-pub-date" content="2024-03-04T10:00:00Z">'),
    ("json-ld", ARTICLE % '{"@type": "WebPage", "datePublished": "2024-03-05T10:00:00Z"}'),
    ("microdata", '<p><span itemprop="datePublished" content="2024-03-06T10:00:00Z"></span>'),
    ("page", '<h1>Bridge reopens</h1><time datetime="2024-03-07T10:00:00Z">7 March</time>'),
    ("meta", '<meta name="date" content="2024-03-08T10:00:00Z">'),
]


@pytest.mark.parametrize("first", range(len(SOURCES)))
def test_the_order_of_trust(first: int) -> None:
    html = "".join(markup for _, markup in reversed(SOURCES[first:]))
    fields = {"published": ("1 March 2024",)} if first == 0 else {}
    assert day(html, fields=fields) == f"03-0{first + 1} {SOURCES[first][0]}"


def test_a_broken_or_implausible_statement_gives_way_to_the_next() -> None:
    html = article(datePublished="0000-00-00") + '<meta name="date" content="2024-03-05">'
    assert day(html) == "03-05 meta"
    assert (
        day(article(datePublished="1970-01-01T00:00:00Z") + '<meta name="date" content="2024-03-05">')
        == "03-05 meta"
    )
    late = article(datePublished="2031-01-01") + '<meta name="date" content="2024-03-05">'
    assert day(late, fetched_at=datetime(2024, 3, 6, tzinfo=UTC)) == "03-05 meta"
    assert day(late, fetched_at=datetime(2024, 3, 6)) == "03-05 meta"


def test_a_listed_value_counts_as_its_first() -> None:
    assert day(article(datePublished=["2024-03-05T10:00:00Z", "2024-03-06"])) == "03-05 json-ld"
    assert day(article(datePublished={"@value": "x"})) is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://paper.example/2024/03/05/bridge", "2024-03-05"),
        ("https://paper.example/news/2024-03-05-bridge.html", "2024-03-05"),
        ("https://paper.example/a20240305.html", "2024-03-05"),
        ("https://paper.example/2024/3/5/bridge", "2024-03-05"),
        ("https://paper.example/2024/mar/05/bridge", "2024-03-05"),
        ("https://paper.example/2024/march/5", "2024-03-05"),
        ("https://paper.example/2024/page/5", None),
        ("https://paper.example/2024/3/5-questions", None),
        ("https://paper.example/2024/3/bridge", None),
        ("https://paper.example/2024/13/05/", None),
        ("https://paper.example/120240305", None),
        ("", None),
    ],
)
def test_dates_in_addresses(url: str, expected: str | None) -> None:
    assert url_date(url) == expected


def test_a_site_that_moved_states_the_day_of_its_move() -> None:
    stated = article(datePublished="2024-03-05T10:00:00Z")
    assert day(stated, url="https://paper.example/2017/7/12/bridge") == "07-12 url"
    assert day(stated, url="https://paper.example/2024/02/25/bridge") == "03-05 json-ld"
    assert day(stated, url="https://paper.example/20170712") == "03-05 json-ld"
    moved = "https://paper.example/2017/07/12/bridge"
    assert day(stated, url=moved, fields={"published": ("5 March 2024",)}) == "03-05 layout"


@pytest.mark.parametrize(
    ("html", "url", "expected"),
    [
        (article(datePublished="2024-03-05T23:30:00Z"), ADDRESS, "2024-03-05"),
        (article(datePublished="2024-03-05T23:30:00-05:00"), ADDRESS, "2024-03-05"),
        (
            article(datePublished="2024-03-06T01:30:00Z"),
            "https://paper.example/2024/03/05/bridge",
            "2024-03-05",
        ),
        (
            article(datePublished="2024-03-06T14:30:00Z"),
            "https://paper.example/2024/03/05/bridge",
            "2024-03-06",
        ),
        (
            article(datePublished="2024-03-05T11:46:00Z"),
            "https://paper.example/2024/03/06/bridge",
            "2024-03-05",
        ),
        (
            article(datePublished="2024-03-06T01:30:00+01:00"),
            "https://paper.example/2024/03/05/a",
            "2024-03-06",
        ),
        (
            article(datePublished="2024-03-06T06:35:29Z")
            + '<meta name="sailthru.date" content="2024-03-05 22:35:29">',
            ADDRESS,
            "2024-03-05",
        ),
        (
            article(datePublished="2024-03-06T06:35:29Z")
            + '<meta name="sailthru.date" content="2024-03-05 21:13:00">',
            ADDRESS,
            "2024-03-06",
        ),
        (
            article(datePublished="2024-03-06T06:35:29Z")
            + '<meta name="pubdate" content="2024-03-05T22:35:29-08:00">',
            ADDRESS,
            "2024-03-05",
        ),
        (
            article(datePublished="2024-03-06T02:35:29Z")
            + '<time itemprop="datePublished" datetime="2024-03-05T21:35:29-05:00">March 5</time>',
            ADDRESS,
            "2024-03-05",
        ),
        (article(datePublished="2024-03-04T23:00:00Z"), "https://zeitung-am-fluss.de/a", "2024-03-05"),
        (article(datePublished="2024-03-05T00:30:00Z"), "https://diario.com.ar/a", "2024-03-04"),
        (article(datePublished="2024-03-04T23:00:00Z"), "https://diario.com.ar/2024/03/05/a", "2024-03-05"),
        ("<h1>Bridge reopens</h1><p>5 March 2024, 23:30</p>", ADDRESS, "2024-03-05"),
    ],
)
def test_the_day_as_the_readers_saw_it(html: str, url: str, expected: str) -> None:
    tree = LexborHTMLParser(html)
    structured, hints = read_structured(tree), Hints(url=url)
    found = find_published(tree, structured, hints)
    assert found is not None
    assert written_day(found.value, structured, hints).isoformat() == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://paper.co.uk/a", "03-04 page"),
        ("https://paper.com.au/a", "03-04 page"),
        ("https://paper.com/a", "04-03 page"),
        ("https://paper.com.ph/a", "04-03 page"),
    ],
)
def test_in_which_order_english_pages_write_a_day(url: str, expected: str) -> None:
    page = '<html lang="en-US"><h1>Bridge reopens</h1><p class=date>04/03/2024</p>'
    assert day(page, url=url) == expected


def test_a_statement_of_the_head_is_not_shown() -> None:
    updated = '<head><meta property="og:updated_time" content="2024-03-07T10:00:00+01:00"></head>'
    found = find(f"{updated}<h1>Bridge reopens</h1><p>Issued on 5 March 2024</p>")
    assert found is not None and found.value.utc.date().isoformat() == "2024-03-05"


def test_the_page_gives_the_time_of_the_day_in_the_address() -> None:
    url = "https://paper.example/2024/03/05/bridge"
    shown = "<h1>Bridge reopens</h1><p>5 March 2024, 10:30</p>"
    found = find(shown, url=url)
    assert found is not None and found.origin == "page" and found.value.has_time
    assert day("<h1>Bridge reopens</h1><p>7 July 2019</p>", url=url) == "03-05 url"


@pytest.mark.parametrize(
    "html",
    [
        "<header>{old}</header><h1>{title}</h1><p class=meta>By Ann Lee | March 5, 2024</p><p>It opened.</p>",
        "<h1>{title}</h1><div class=byline><span>Ann Lee</span> <small>05.03.2024, 10:22 Uhr</small></div>",
        "<p>5 March 2024</p><h1>{title}</h1><p>It opened.</p>",
        "<h1>{title}</h1><p>It opened.</p><p>It closed.</p><p>Published on March 5, 2024</p>{cards}",
        "<h1>{title}</h1><abbr class=published title='2024-03-05T09:00:00+01:00'>yesterday</abbr>{cards}",
        "<h1>{title}</h1><time datetime='2024-03-05T09:00Z'>3 hours ago</time>{cards}",
        "<h1>{title}</h1><p>Updated: March 7, 2024</p><p>First published March 5, 2024</p>",
        "<h1>{title}</h1><p class=date>Updated March 7, 2024, Published March 5, 2024</p>",
        "<h1>{title}</h1><div><b>Last updated 7 March 2024, first published 5 March 2024</b></div>",
        "<h1>{title}</h1><p class=date>Written: 2024-03-05 15:03 / Updated: 2024-03-07 15:30</p>",
        "<h1>{title}</h1><div class=comment><time datetime='2024-03-09'></time></div><p>5 mars 2024</p>",
        "<h1>{title}</h1><p>It opened.</p><b>Published on:</b><p>05.03.2024</p><p>Event:</p><p>07.03.2024</p>",
        "<h1>Paper of the Town</h1><h2>{title}</h2><div class=postdate>5 March 2024</div>{cards}",
        "<h1>{title}</h1><p>It opened.</p><script>x={{'publishedAt': '2024-03-05T09:00:00Z'}}</script>",
        '<script type="application/ld+json">{{"@type": "NewsArticle", "datePublished": "2024-03-05", </script>{cards}',
    ],
)
def test_the_look_of_the_page(html: str) -> None:
    cards = "<aside class=related><h3>Other</h3><time datetime=2022-01-01>1 January 2022</time></aside>"
    page = "<title>Bridge reopens to all traffic - Paper</title><body>" + html
    assert day(page.format(title="Bridge reopens to all traffic", cards=cards, old="")) == "03-05 page"


@pytest.mark.parametrize(
    "html",
    [
        "<h1>Bridge reopens</h1><p>It opened.</p>",
        "<h1>Bridge reopens</h1><p>© 2024 Paper of the Town</p>",
        "<h1>Bridge reopens</h1><p>Call 030 123 456 or come to room 2024.</p>",
        "<h1>Bridge reopens</h1><style>/* fix 25/03/2022 */</style>",
        "<h1>Bridge reopens</h1><p>It opened on March 5, 2024 after a long argument between the town and the state "
        "about who should pay for it, which the state lost.</p>",
        "",
    ],
)
def test_nothing_is_found_where_nothing_is(html: str) -> None:
    assert find(html) is None


def test_the_last_change() -> None:
    tree = LexborHTMLParser(
        article(dateModified="2024-03-06T10:00:00+01:00", datePublished="2024-03-05")
        + '<meta property="article:modified_time" content="2024-03-07">'
    )
    found = find_modified(tree, read_structured(tree), Hints())
    assert found is not None
    assert (found.value.utc, found.origin) == (datetime(2024, 3, 6, 9, tzinfo=UTC), "json-ld")
    empty = LexborHTMLParser("<p>Updated March 5, 2024")
    assert find_modified(empty, read_structured(empty), Hints()) is None


def test_a_hostile_page_takes_no_time() -> None:
    nested = "<div class=date>" * 3_000 + "1/1/" * 3_000
    flat = "<h1>5 March</h1><time>2024</time>" * 20_000
    start = time.process_time()
    for html in (nested, flat, "<script>'datePublished':" * 50_000, "2024 1 " * 50_000):
        find(html)
    assert time.process_time() - start < 5
