"""Who published a page, and what the site is called."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from ingest.describe.found import Hints
from ingest.describe.publisher import find_publisher, site_names
from ingest.structured import read_structured

LD = (
    '<script type="application/ld+json">{"@type": "Article", "publisher": {"name": "The Cloud Ltd"}}</script>'
)


@pytest.mark.parametrize(
    ("html", "hints", "expected"),
    [
        (LD, Hints(publisher="The Cloud"), ("The Cloud", "rules")),
        (LD + '<meta property="og:site_name" content="Cloud">', Hints(), ("The Cloud Ltd", "json-ld")),
        ('<meta property="og:site_name" content="Cloud">', Hints(), ("Cloud", "meta")),
        ('<meta name="application-name" content="https://example.org">', Hints(), None),
        ("", Hints(), None),
    ],
)
def test_publisher(html: str, hints: Hints, expected: tuple[str, str] | None) -> None:
    found = find_publisher(read_structured(LexborHTMLParser(html)), hints)
    assert ((found.value, found.origin) if found else None) == expected


def test_names_of_the_site() -> None:
    structured = read_structured(LexborHTMLParser(LD))
    assert site_names(structured, Hints(url="https://www.the-cloud.co.uk/x")) >= {
        "thecloudltd",
        "thecloud",
        "thecloudcouk",
    }
    assert site_names(structured, Hints(url="http://[bad")) == {"thecloudltd"}


@pytest.mark.parametrize("name", ["@thecloud", "{$site.name}", "{{ site }}"])
def test_what_is_no_name(name: str) -> None:
    page = (
        f'<meta property="og:site_name" content="{name}"><meta name="application-name" content="The Cloud">'
    )
    found = find_publisher(read_structured(LexborHTMLParser(page)), Hints())
    assert found is not None and found.value == "The Cloud"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("The Cloud | News of the sky", "The Cloud"),
        ("News of the sky - The Cloud", "The Cloud"),
        ("Cloud News – the-cloud.example", "Cloud News"),
        ("Sun - and rain", "Sun - and rain"),
    ],
)
def test_a_name_without_its_slogan(name: str, expected: str) -> None:
    page = f'<meta property="og:site_name" content="{name}">'
    structured = read_structured(LexborHTMLParser(page))
    found = find_publisher(structured, Hints(url="https://www.the-cloud.example/a"))
    assert found is not None and found.value == expected
