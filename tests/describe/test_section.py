"""The section an article stands in."""

import json

import pytest
from selectolax.lexbor import LexborHTMLParser

from ingest.describe.found import Hints
from ingest.describe.section import find_section
from ingest.structured import read_structured


def section(html: str, hints: Hints | None = None) -> str | None:
    tree = LexborHTMLParser(html)
    found = find_section(tree, read_structured(tree), hints or Hints())
    return found.value if found else None


def article(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "Article", "articleSection": value})}</script>'


CRUMBS = {
    "@type": "BreadcrumbList",
    "itemListElement": [{"name": "Home"}, {"item": {"name": "Weather"}}, {"name": "Rain is back"}],
}


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (article("Weather"), "Weather"),
        (article(["Weather", "Local"]), "Weather"),
        (article("Weather,Local"), "Weather"),
        (article("Arts &amp; Weather"), "Arts & Weather"),
        ('<meta property="article:section" content="Weather">', "Weather"),
        ('<a rel="category tag" href="/w">Weather</a>', "Weather"),
        (f'<script type="application/ld+json">{json.dumps(CRUMBS)}</script>', "Weather"),
        (
            "<ul class=breadcrumbs><li><a href=/>Start</a><li><a href=/w>Weather</a><li>Rain is back</ul>",
            "Weather",
        ),
        (
            '<nav class="top Breadcrumbs"><a href=/x>Home</a> / <a href=/h>Home</a> / <a href=/w>Weather</a></nav>',
            "Weather",
        ),
        ("<div class=breadcrumb><a href=/t>Tides</a><a href=/w>Weather</a></div>", None),
        ("<div class=breadcrumb></div>", None),
        (f"<body class=with-breadcrumbs><a href=/>Home</a>{'<a href=/t>Tides</a>' * 9}", None),
        ('<meta property="article:section" content="https://example.org/weather">', None),
        ('<meta property="article:section" content="42">', None),
        ("", None),
    ],
)
def test_section(html: str, expected: str | None) -> None:
    assert section(html) == expected


def test_layout_comes_first() -> None:
    assert section(article("Other"), Hints(fields={"section": ("Weather",)})) == "Weather"


@pytest.mark.parametrize(
    "name", ["Uncategorized", "All", "Allgemein", "Sin categoría", "未分類", "Front page"]
)
def test_what_systems_put_where_nothing_was_chosen_is_no_section(name: str) -> None:
    assert section(article(name)) is None
    assert section(article(name) + '<meta property="article:section" content="Weather">') == "Weather"


def test_neither_the_site_nor_the_title_is_a_section() -> None:
    tree = LexborHTMLParser(
        article("The Cloud")
        + '<meta property="og:title" content="Rain is back"><meta property="article:section" content="Rain is back">'
    )
    structured, names = read_structured(tree), frozenset({"thecloud"})
    assert find_section(tree, structured, Hints(), names) is None
