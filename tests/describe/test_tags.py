"""An article's keywords."""

import json

import pytest
from selectolax.lexbor import LexborHTMLParser

from ingest.describe.found import Hints
from ingest.describe.tags import find_tags
from ingest.structured import read_structured


def tags(html: str, hints: Hints | None = None) -> list[str]:
    tree = LexborHTMLParser(html)
    found = find_tags(tree, read_structured(tree), hints or Hints())
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
