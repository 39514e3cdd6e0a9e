"""An article's keywords."""

import json

import pytest
from selectolax.lexbor import LexborHTMLParser

from ingest.describe.found import Hints
from ingest.describe.tags import find_tags
from ingest.structured import read_structured


def tags(html: str, hints: Hints | None = None, site: frozenset[str] = frozenset()) -> list[str]:
    tree = LexborHTMLParser(html)
    found = find_tags(tree, read_structured(tree), hints or Hints(), site)
    return list(found.value) if found else []


def article(value: object) -> str:
    return (
        f'<script type="application/ld+json">{json.dumps({"@type": "Article", "keywords": value})}</script>'
    )


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (article(["Rain", "rain", "Hills"]), ["Rain", "Hills"]),
        (article("Rain, Hills,"), ["Rain", "Hills"]),
        (article([{"@type": "DefinedTerm", "name": "Rain"}]), ["Rain"]),
        (article(["Rain", "id:42", "type_article", "123", "hide-from-front-page", "example.com"]), ["Rain"]),
        (article(["Rain", "@clouds", "source:tagname:The Cloud Source"]), ["Rain"]),
        (article(["Rain", "Category: Weather", "Topic: Hills"]), ["Rain"]),
        ('<meta property="article:tag" content="Rain"><meta property="article:tag" content="Hills, high">'
         '<meta property="article:tag" content="Sky">', ["Rain", "Hills, high", "Sky"]),
        ('<meta name="keywords" content="Rain; Hills">', ["Rain", "Hills"]),
        ('<a rel="tag" href="/r">#Rain</a><a rel="category tag" href="/w">Weather</a>', ["Rain"]),
        ("", []),
    ],
)  # fmt: skip
def test_tags(html: str, expected: list[str]) -> None:
    assert tags(html) == expected


def test_layout_comes_first() -> None:
    assert tags(article("Other"), Hints(fields={"tags": ("Rain", "Hills")})) == ["Rain", "Hills"]


CLOUD = frozenset({"thecloud"})


def test_neither_the_site_nor_the_title_is_a_tag() -> None:
    page = '<meta property="og:title" content="Rain is back">' + article(
        ["Rain is back", "Hills", "The Cloud"]
    )
    assert tags(page, site=CLOUD) == ["Hills"]


def test_words_of_the_address_are_no_tags() -> None:
    hints = Hints(url="https://example.org/weather/rain-back-over-hills-1234.html")
    assert tags(article(["rain", "back", "over", "hills"]), hints) == []
    assert tags(article(["rain", "back", "over", "Hills"]), hints) == ["rain", "back", "over", "Hills"]
    assert tags(article(["rain", "hills"]), hints) == ["rain", "hills"]


def test_keywords_of_the_whole_site_are_no_tags() -> None:
    words = '<meta name="keywords" content="The Cloud, Weather, News, Sport, Maps">'
    assert tags('<meta property="og:title" content="Rain is back">' + words, site=CLOUD) == []
    assert tags('<meta property="og:title" content="Weather turns">' + words, site=CLOUD) == [
        "Weather",
        "News",
        "Sport",
        "Maps",
    ]
